"""Translations: the same content in other words, and each text told apart when its source changes."""

import pytest

from pme.content.blocks import page_blocks
from pme.content.problems import Findings
from pme.content.publish import canonical, sha256_of
from pme.content.shapes import MatchingItem, Module, Quiz, Scenario, ShortTextItem
from pme.content.translation import State, match, read_translation, source_of
from pme.content.translation_edit import Change, with_changes, without_lost
from tests.content.in_french import translate, translated
from tests.content.small_library import COURSE, MODULE, PAGE, QUIZ, SCENARIO, SECOND, Shelf

EVERY = (COURSE, MODULE, PAGE, SECOND, QUIZ, SCENARIO)
PARAGRAPH = "You ask for [[consent]] before you act [@GUIDE-2020 §2; @NOTES-2021]."


def content(shelf: Shelf, slug: str, kind: type) -> object:
    report = shelf.check()
    assert not report.errors, report.text
    found = [e.content for e in report.require().entries if e.slug == slug and isinstance(e.content, kind)]
    return found[0]


def says(shelf: Shelf) -> list[tuple[str, str]]:
    return [(p.file, p.says) for p in shelf.check().problems]


@pytest.fixture
def french_shelf(shelf: Shelf) -> Shelf:
    """The small library, all of it in French too."""
    for path in EVERY:
        translate(shelf, path)
    return shelf


def test_everything_can_be_had_in_another_language(french_shelf: Shelf):
    report = french_shelf.check()
    assert not report.problems, report.text
    for entry in report.require().entries:
        if entry.kind != "glossary":
            assert entry.content.languages == ("en", "fr")  # type: ignore[union-attr]
            assert entry.content.in_language("fr").behind == ()  # type: ignore[union-attr]
    module = content(french_shelf, "listening", Module)
    assert isinstance(module, Module)
    french = module.in_language("fr")
    assert (french.title, french.language, french.source_language) == ("Fr. Listening", "fr", "en")
    assert "Fr. Listening is work" in french.intro_html
    page, source = french.pages[0], module.pages[0]
    assert page.title == "Fr. First steps"
    assert [h.anchor for h in page.headings] == [h.anchor for h in source.headings]
    assert all(f'id="{h.anchor}">Fr. ' in page.html for h in page.headings)
    assert 'alt="Fr.' in page.html or ">Fr. Three boxes in a row" in page.html
    assert page.citations == source.citations


def test_ids_keys_and_ways_are_those_of_the_source(french_shelf: Shelf):
    quiz, scenario = content(french_shelf, "listening-check", Quiz), content(french_shelf, "gate", Scenario)
    assert isinstance(quiz, Quiz)
    assert isinstance(scenario, Scenario)
    assert _without_texts(quiz.in_language("fr")) == _without_texts(quiz)
    assert _without_texts(scenario.in_language("fr")) == _without_texts(scenario)
    matching = quiz.in_language("fr").item("who")
    assert isinstance(matching, MatchingItem)
    assert 'lang="fr"' in matching.pairs[0].right_html


def _without_texts(shape: object) -> object:
    """A piece of content without anything that readers read."""
    texts = {
        *(
            "title",
            "summary",
            "text",
            "prompt",
            "label",
            "you_are",
            "mission",
            "resources",
            "themes",
            "level",
        ),
        *("equivalent", "structure", "prompts", "language", "source_language", "behind", "translations"),
    }

    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if k not in texts and not k.endswith("_html")}
        return [bare(each) for each in value] if isinstance(value, list) else value

    return bare(shape.model_dump(mode="json"))  # type: ignore[attr-defined]


def test_content_without_translations_is_the_version_it_was(shelf: Shelf):
    module = content(shelf, "listening", Module)
    assert isinstance(module, Module)
    compiled = canonical(module)
    assert not any(name in compiled for name in ("translations", "source_language", "behind"))
    assert Module.model_validate_json(compiled) == module


def test_a_version_with_translations_survives_its_round_trip(french_shelf: Shelf):
    for entry in french_shelf.check().require().entries:
        compiled = canonical(entry.content)
        again = type(entry.content).model_validate_json(compiled)
        assert sha256_of(canonical(again)) == sha256_of(compiled)


def test_a_change_of_a_source_block_marks_exactly_that_block(french_shelf: Shelf):
    french_shelf.change(PAGE, "Go on to [the next page]", "Walk on to [the next page]")
    french_shelf.change(SCENARIO, "prompt: And now?", "prompt: And what now?")
    target, found = PAGE.replace(".md", ".fr.md"), says(french_shelf)
    assert [file for file, _ in found] == [target, SCENARIO.replace(".yaml", ".fr.yaml")]
    assert [said.partition(":")[0] for _, said in found] == ["paragraph 8", "nodes.d2.prompt"]
    module, scenario = content(french_shelf, "listening", Module), content(french_shelf, "gate", Scenario)
    assert isinstance(module, Module)
    assert isinstance(scenario, Scenario)
    page = module.in_language("fr").pages[0]
    assert module.in_language("fr").behind == ("pages.first-steps",)
    assert '<div lang="en" dir="ltr"><p>Walk on to <a' in page.html
    assert page.html.count("<div lang=") == 1
    node = scenario.in_language("fr").nodes["d2"]
    assert scenario.in_language("fr").behind == ("nodes.d2",)
    assert node == scenario.nodes["d2"], "half a decision in another language would be another decision"
    assert scenario.in_language("fr").nodes["d1"] != scenario.nodes["d1"]


def test_wrapping_a_paragraph_anew_makes_nothing_stale(french_shelf: Shelf):
    french_shelf.change(PAGE, "You ask for [[consent]] before", "You ask for [[consent]]\nbefore")
    assert says(french_shelf) == []


def test_a_missing_text_shows_the_source_and_is_a_warning(shelf: Shelf):
    target = translate(shelf, QUIZ, but=("items.second.options.b.text",))
    report = shelf.check()
    assert [(p.file, p.severity.value) for p in report.problems] == [(target, "warning")]
    assert "One text is not translated: the source is shown (items.second.options.b.text)." in report.text
    quiz = content(shelf, "listening-check", Quiz)
    assert isinstance(quiz, Quiz)
    assert quiz.in_language("fr").item("second") == quiz.item("second")
    assert quiz.in_language("fr").behind == ("items.second",)


def test_a_text_without_its_mark_is_not_shown(shelf: Shelf):
    text = translated(PAGE, shelf.text(PAGE))
    plain = "\n".join(line for line in text.split("\n") if not line.startswith("{source:"))
    shelf.write(PAGE.replace(".md", ".fr.md"), plain)
    report = shelf.check()
    assert not report.errors
    assert "8 texts are without the mark of its source" in report.text
    module = content(shelf, "listening", Module)
    assert isinstance(module, Module)
    assert module.languages == ("en",)


LOCAL = "modules/listening/30-local.md"
MISMATCHES = [
    (PAGE, "[@GUIDE-2020 §2; @NOTES-2021]", "[@GUIDE-2020 §2]", "lacks “NOTES-2021”"),
    (
        PAGE,
        "[@GUIDE-2020 §2; @NOTES-2021]",
        "[@GUIDE-2020 §3; @NOTES-2021]",
        "has “GUIDE-2020 §3” in addition",
    ),
    (PAGE, "media/steps.svg", "media/stairs.svg", "The figures differ"),
    (PAGE, "[[consent]]", "consent", "The glossary terms differ"),
    (PAGE, "page:listening/next-steps", "page:listening/first-steps", "The links differ"),
    (PAGE, "!!! important", "!!! note", "The boxes differ"),
    (PAGE, "### Fr. In short", "## Fr. In short", "The headings differ"),
    (PAGE, "| Listen | It calms |", "| Listen | It | calms |", "The table rows differ"),
    (PAGE, "Fr. You ask", "{name} Fr. You ask", "The placeholders differ"),
    (SECOND, "what you saw.[^1]", "what you saw.", "The footnotes differ"),
    (LOCAL, "who-takes-over", "who-comes", "The boxes differ"),
    (MODULE, "outcomes.LO2.text", "outcomes.LO9.text", "its text stands at “outcomes.LO2.text” there"),
    (QUIZ, "items.first.options.c.text", "items.first.options.z.text", "is not in the source"),
    (SCENARIO, "nodes.d1.choices.a.text", "nodes.d1.choices.z.text", "is not in the source"),
    (
        SCENARIO,
        "Fr. What happened?",
        "Fr. What happened?\n      And then?",
        "has 3 lines and its source has 2",
    ),
    (QUIZ, "schema: pme-translation/1", "schema: pme-quiz/1", "has to be one of: pme-translation/1"),
    (QUIZ, "Fr. What comes **first**?", "Fr. What [@GUIDE-2020]", "which only pages know"),
]


@pytest.mark.parametrize(("path", "old", "new", "part"), MISMATCHES)
def test_what_has_to_be_the_same_is(path: str, old: str, new: str, part: str, shelf: Shelf):
    if path == LOCAL:
        box = '!!! local referral who-takes-over "Local: who takes over"\n    Write who.\n'
        shelf.write(LOCAL, f"# Local\n\n{box}")
    target = translate(shelf, path)
    shelf.change(target, old, new)
    errors = shelf.check().errors
    assert errors, "nothing was refused"
    assert {error.file for error in errors} == {target}
    assert any(part in error.says for error in errors), errors
    wanted = shelf.line_of(target, new.split("\n", maxsplit=1)[0])
    assert min(abs(error.line - wanted) for error in errors) <= 6, "the line is that of the text"


def test_a_paragraph_too_many_is_refused(shelf: Shelf):
    target = translate(shelf, SECOND)
    shelf.write(target, shelf.text(target) + "\nOne more.\n")
    assert any("The source has 3 paragraphs; this one is too many" in e.says for e in shelf.check().errors)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("modules/listening/10-first-steps.xx.md", "not a language of the platform"),
        ("modules/listening/10-first-steps.en.md", "is written in “en” itself"),
    ],
)
def test_a_translation_that_cannot_be_is_refused(path: str, part: str, shelf: Shelf):
    shelf.write(path, "# Titre\n")
    assert [(e.file, part in e.says) for e in shelf.check().errors] == [(path, True)]


def test_a_translation_of_a_file_that_is_gone_stops_nobody(french_shelf: Shelf):
    french_shelf.remove(SECOND)
    french_shelf.change(PAGE, "page:listening/next-steps", "page:listening/first-steps")
    french_shelf.write(PAGE.replace(".md", ".fr.md"), translated(PAGE, french_shelf.text(PAGE)))
    report = french_shelf.check()
    assert not report.errors, report.text
    assert f"There is no {SECOND} that this translates, so nobody sees it." in report.text


def test_what_the_source_took_away_is_a_warning(french_shelf: Shelf):
    french_shelf.change(PAGE, PARAGRAPH + "\n\n", "")
    found = says(french_shelf)
    assert [said for _, said in found] == [
        "The source of this paragraph no longer exists; nobody sees it any more. Remove it."
    ]
    target = PAGE.replace(".md", ".fr.md")
    source = source_of("page", french_shelf.text(PAGE))
    french_shelf.write(target, without_lost("page", french_shelf.text(target), source))
    assert says(french_shelf) == []


def test_answers_that_are_typed_count_alike_in_every_language(shelf: Shelf):
    item = (
        "  - {id: word, type: short-text, outcome: LO1, difficulty: easy, stem: What do you ask for?, "
        "accepted: [consent], feedback: {right: Yes., wrong: No.}, refs: [GUIDE-2020]}\n"
    )
    shelf.write(QUIZ, shelf.text(QUIZ) + item)
    target = translate(shelf, QUIZ)
    shelf.change(target, "Fr. consent", "le consentement")
    quiz = content(shelf, "listening-check", Quiz)
    assert isinstance(quiz, Quiz)
    english, french = quiz.item("word"), quiz.in_language("fr").item("word")
    assert isinstance(english, ShortTextItem)
    assert isinstance(french, ShortTextItem)
    assert english.accepted == ("consent", "le consentement")
    assert french.accepted == ("le consentement", "consent")


def test_one_text_is_edited_and_every_other_byte_stays():
    source = source_of("page", "# Title\n\nOne.\n\nTwo.\n")
    text = with_changes("page", "", source, {b.place: Change(f"fr {b.place}") for b in source.blocks})
    own = text.replace("fr 2\n", "fr 2\n\n\n")
    edited = with_changes("page", own, source, {"3": Change("trois")})
    assert edited == own.replace("fr 3", "trois")
    assert with_changes("page", own, source, {"2": Change("")}).count("{source:") == 2


def test_still_right_moves_only_the_mark():
    before, after = (
        source_of("scenario", f"title: {t}\nrole: {{mission: Stay.}}\n") for t in ("A gate", "The gate")
    )
    text = with_changes("scenario", "", before, {"title": Change("Une porte")})
    text = text.replace("texts:", "texts:  # begun by hand")
    stale = match(after, read_translation("scenario", text, Findings("")))
    assert stale.stands[0].state is State.STALE
    again = with_changes("scenario", text, after, {"title": Change()})
    assert match(after, read_translation("scenario", again, Findings(""))).stands[0].is_current
    assert again == text.replace(before.blocks[0].digest, after.blocks[0].digest)


def test_moved_paragraphs_take_their_translation_along():
    text = "# T\n\nOne.\n\nTwo.\n\nThree.\n"
    source = source_of("page", text)
    written = with_changes("page", "", source, {b.place: Change(f"fr {b.text}") for b in source.blocks})
    moved = source_of("page", "# T\n\nThree.\n\nOne, changed.\n\nTwo.\n")
    matched = match(moved, read_translation("page", written, Findings("")))
    found = [(s.block.text, s.state.value, s.written.text if s.written else "") for s in matched.stands]
    assert found[1] == ("Three.", "current", "fr Three.")
    assert found[3] == ("Two.", "current", "fr Two.")


def test_lists_boxes_and_tables_are_one_block_each():
    text = "# T\n\n- a\n\n- b\n\n!!! note\n    x\n\n    y\n\n{check: one}\n\n```\nz\n\nz\n```\n\nTable: t\n\n| a |\n"
    assert [b.text.split("\n")[0] for b in page_blocks(text)] == ["# T", "- a", "!!! note", "```", "Table: t"]


def test_a_changed_paragraph_is_found_where_it_stood():
    text = "# T\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n"
    written = with_changes("page", "", source_of("page", text), {"4": Change("trois")})
    for after, place in (
        (text.replace("Three", "Three or more"), "4"),
        (text.replace("# T\n\n", "# T\n\nNew.\n\n").replace("Three", "Three or more"), "4"),
    ):
        matched = match(source_of("page", after), read_translation("page", written, Findings("")))
        assert [s.block.place for s in matched.stands if s.state is State.STALE] == [place]
    written = with_changes("page", written, source_of("page", text), {"1": Change("# t"), "2": Change("un")})
    after = text.replace("One.", "New.\n\nOne.").replace("Three", "Three or more")
    matched = match(source_of("page", after), read_translation("page", written, Findings("")))
    assert [s.block.text for s in matched.stands if s.state is State.STALE] == ["Three or more."]
