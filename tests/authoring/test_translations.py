"""Translating in the browser: text by text beside the source, told what changed there, overwriting nobody."""

from typing import cast

import pytest

from pme.authoring.models import Draft
from pme.authoring.service import save_file
from pme.authoring.translating import label_of, newly_stale
from pme.content import catalogue
from pme.content.files import Tree
from pme.db import Database
from tests.authoring.reviewing import reviewer
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.in_french import translated
from tests.content.small_library import FILES, PAGE, QUIZ, SCENARIO, SECOND, Shelf
from tests.support.cast import START
from tests.support.client import Page, Visit

pytestmark = pytest.mark.alike

FRENCH_PAGE = PAGE.replace(".md", ".fr.md")
CONSENT = "Vous demandez un [[consent|accord]] avant d'agir [@GUIDE-2020 §2; @NOTES-2021]."


def view(visit: Visit, draft: str, path: str = PAGE) -> Page:
    return visit.get(f"{draft}/translation/fr/{path}")


def put(database: Database, draft: str, path: str, text: str) -> None:
    with database.writing() as session:
        found = session.get_one(Draft, int(draft.rpartition("/")[2]))
        kept = save_file(session, found, path, text.encode(), seen=0, by_id=found.author_id, at=START)
        assert kept.revision == 1


def written(visit: Visit, draft: str, path: str = FRENCH_PAGE) -> str:
    page = visit.get(f"{draft}/file/{path}")
    assert page.tree is not None
    return cast("str", page.tree.xpath("string(//textarea)")).removeprefix("\n").replace("\r\n", "\n")


def states(page: Page) -> list[str]:
    assert page.tree is not None
    return [" ".join(each.split()) for each in page.tree.xpath("//li/h2/span/text()")]


def test_a_page_is_translated_text_by_text_and_students_read_it(
    published: Shelf, visit: Visits, database: Database
):
    clarke = visit("clarke")
    draft = begin(clarke)
    overview = clarke.get(draft).follow("Languages: what is translated, and what has changed since")
    assert "First steps Not begun 0 of 8 8" in overview.words
    page = overview.follow("First steps")
    assert states(page) == ["Not translated"] * 8
    saved = page.press("Save", **{"text-1": "# Premiers pas", "text-2": CONSENT})
    assert saved.path == f"{draft}/translation/fr/{PAGE}"
    assert states(saved) == ["Up to date"] * 2 + ["Not translated"] * 6
    assert "2 of 8 texts up to date" in saved.words
    text = written(clarke, draft)
    assert text.startswith("{source: ")
    assert text.count("{source:") == 2
    assert "Vous demandez un" in clarke.get(f"{draft}/changes/{FRENCH_PAGE}").words
    assert "First steps Begun 2 of 8 6" in clarke.get(f"{draft}/languages").words
    clarke.get(f"{draft}/publish").press("Publish")
    with database.session() as session:
        module = catalogue.current(session).module("listening")
    assert module is not None
    french = module.content.in_language("fr")
    assert french.pages[0].title == "Premiers pas"
    assert "Vous demandez un" in french.pages[0].html
    assert '<div lang="en" dir="ltr">' in french.pages[0].html


def test_a_change_of_the_source_is_shown_in_words_and_confirmed(
    published: Shelf, visit: Visits, database: Database
):
    clarke = visit("clarke")
    draft = begin(clarke)
    put(database, draft, FRENCH_PAGE, translated(PAGE, FILES[PAGE]))
    clarke.get(f"{draft}/publish").press("Publish")
    draft = begin(clarke, "Mend it")
    change(clarke, draft, PAGE, "You ask for", "You always ask for")
    plan = clarke.get(f"{draft}/publish")
    assert f"{FRENCH_PAGE} (fr): 1 text" in plan.words
    page = view(clarke, draft)
    assert states(page) == ["Up to date", "The source has changed", *["Up to date"] * 6]
    assert page.tree is not None
    assert page.tree.xpath("//ins[contains(., 'always')]")
    assert "1 changed since" in clarke.get(f"{draft}/languages").words
    before = written(clarke, draft)
    confirmed = page.press("Save: this is still right: Paragraph 2")
    assert states(confirmed) == ["Up to date"] * 8
    after = written(clarke, draft)
    assert [a == b for a, b in zip(before.split("\n"), after.split("\n"), strict=True)].count(False) == 1
    assert "Translations that become out of date" not in clarke.get(f"{draft}/publish").words


def test_two_translators_never_overwrite_each_other(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    older = view(davis, draft)
    view(clarke, draft).press("Save", **{"text-1": "# Premiers pas"})
    late = older.press("Save", **{"text-1": "# Un début", "text-3": "## Que faire"})
    assert late.status == 409
    assert "Somebody else has saved this file" in late.words
    assert late.tree is not None
    assert "## Que faire" in late.tree.xpath("string(//textarea[@name='text-3'])")
    assert "# Premiers pas" in written(clarke, draft)


def test_a_text_translated_from_an_older_source_is_stale_not_current(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    open_before = view(clarke, draft)
    change(clarke, draft, PAGE, "You ask for", "You never ask for")
    saved = open_before.press("Save", **{"text-2": CONSENT})
    assert states(saved)[1] == "The source has changed"


def test_what_would_break_the_file_is_refused_beside_its_field(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = view(clarke, draft)
    for bad in ("Un.\n\nDeux.", "{source: 123456789abc}\nUn."):
        refused = page.press("Save", **{"text-1": "# Titre", "text-2": bad})
        assert refused.status == 422
        assert "more than one paragraph" in refused.words
        assert "# Titre" in refused.text
    told = page.press("Save", **{"text-2": "Sans source."})
    assert "The citations differ from the source: it lacks" in told.words


def test_questions_and_situations_are_translated_in_their_files(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = view(clarke, draft, QUIZ)
    assert "Question first, answer a, feedback" in page.words
    page.press("Save", **{"text-items.first.stem": "Quoi d'abord : **écouter** ?"})
    text = written(clarke, draft, QUIZ.replace(".yaml", ".fr.yaml"))
    assert "items.first.stem:\n    source: " in text
    scene = view(clarke, draft, SCENARIO)
    assert "Situation d2, variant 1, text" in scene.words
    saved = scene.press("Save", **{"text-debrief.structure": "Quoi ?\nEt après ?"})
    assert saved.status == 200
    changes = clarke.get(f"{draft}/changes/{QUIZ.replace('.yaml', '.fr.yaml')}")
    assert "écouter" in changes.words
    assert "debrief.structure" in written(clarke, draft, SCENARIO.replace(".yaml", ".fr.yaml"))


def test_what_the_source_took_away_is_taken_out_in_one_act(
    published: Shelf, visit: Visits, database: Database
):
    clarke = visit("clarke")
    draft = begin(clarke)
    put(database, draft, FRENCH_PAGE, translated(PAGE, FILES[PAGE]))
    change(clarke, draft, PAGE, "## What to do\n\n", "")
    page = view(clarke, draft)
    assert "Texts whose source no longer exists" in page.words
    assert "Fr. What to do" in page.words
    gone = page.press("Save, and remove these")
    assert "Texts whose source no longer exists" not in gone.words
    assert "Fr. What to do" not in written(clarke, draft)


def test_a_reviewer_reads_and_nobody_elsewhere_sees_anything(
    published: Shelf, visit: Visits, database: Database
):
    clarke, baker = visit("clarke"), reviewer(database, visit)
    draft = begin(clarke)
    page = view(baker, draft)
    assert page.status == 200
    assert page.tree is not None
    assert page.tree.xpath("//main//textarea[not(@readonly)]") == []
    assert "Save" not in [b.text for b in page.tree.xpath("//main//button")]
    here = f"{draft}/translation/fr/{PAGE}"
    assert baker.send(here, seen="0").status_code == 403
    hayes = visit("hayes")
    assert hayes.fetch(here).status_code == hayes.fetch(f"{draft}/languages").status_code == 404
    assert hayes.send(here, seen="0").status_code == 404


@pytest.mark.parametrize(
    "where",
    [
        f"en/{PAGE}",
        f"xx/{PAGE}",
        "fr/modules/listening/90-none.md",
        f"fr/{FRENCH_PAGE}",
        "fr/modules/sources.yaml",
        "fr/modules/listening/media/steps.svg",
        "fr/../../etc/passwd",
    ],
)
def test_what_cannot_be_translated_is_not_there(where: str, published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    assert clarke.fetch(f"{draft}/translation/{where}").status_code == 404


def test_nothing_that_is_typed_runs(published: Shelf, visit: Visits, database: Database):
    clarke = visit("clarke")
    draft = begin(clarke)
    bad = "Vous <script>alert(1)</script> [[consent]] \ue002 [@GUIDE-2020 §2; @NOTES-2021]."
    view(clarke, draft).press("Save", **{"text-1": "# T</textarea><b>", "text-2": bad})
    page = view(clarke, draft)
    assert "<script>alert" not in page.text
    assert "</textarea><b>" not in page.text
    clarke.get(f"{draft}/publish").press("Publish")
    with database.session() as session:
        module = catalogue.current(session).module("listening")
    assert module is not None
    html = module.content.in_language("fr").pages[0].html
    assert "script" not in html
    assert "\ue002" not in html


def test_places_have_names_in_plain_words():
    assert label_of("nodes.tower.choices.a.feedback") == "Situation tower, choice a, feedback"
    assert label_of("items.q1.rubric.clear.levels.0.text") == "Question q1, criterion clear, level 1, text"
    assert label_of("7") == "Paragraph 7"
    assert label_of("content_note.equivalent") == "Content note, equivalent"


def test_only_what_becomes_stale_is_told_before_publishing():
    french = {FRENCH_PAGE: translated(PAGE, FILES[PAGE]).encode()}
    files = {path: text.encode() for path, text in FILES.items()}
    before = Tree(files | french)
    changed = files | {PAGE: FILES[PAGE].replace("You ask", "They ask").encode()}
    assert [(p.path, p.language, p.stale) for p in newly_stale(before, Tree(changed | french))] == [
        (FRENCH_PAGE, "fr", 1)
    ]
    again = translated(PAGE, FILES[PAGE].replace("You ask", "They ask"))
    assert newly_stale(before, Tree(changed | {FRENCH_PAGE: again.encode()})) == []
    assert newly_stale(before, Tree(files | french | {SECOND: b"# Next\n"})) == []
