"""Courses and modules by forms, in the browser without JavaScript: from a template to what students see."""

import pytest

from pme.authoring.item_forms import YES
from pme.content import catalogue
from pme.db import Database
from tests.authoring.question_forms import text_of, value
from tests.authoring.reviewing import let_review
from tests.authoring.test_changes import put_file
from tests.authoring.test_drafting import begin, change
from tests.authoring.test_questions import HOSTILE
from tests.conftest import Visits
from tests.content.small_library import COURSE, MODULE, Shelf
from tests.support.client import Page, Visit

pytestmark = pytest.mark.alike
SAVE = "Save in the draft"
INTRO = "{write: Say in a few sentences what students do in this module, and how long it takes.}"
NEW = {
    "title": "Watch and tell",
    "summary": "What to see on guard, and whom to tell.",
    "level": "All ranks",
    "hours": "1.5",
    "language": "en",
    "modules": "",
    "slug": "",
}


def write_page(visit: Visit, draft: str, path: str, text: str) -> None:
    """Write a page anew in its editor."""
    saved = visit.get(f"{draft}/page/{path}").press("Save", content=text)
    assert saved.status == 200


def lines_changed(before: str, after: str) -> list[str]:
    """The lines that stand in one text only."""
    return sorted({*before.splitlines()} ^ {*after.splitlines()})


def test_a_new_course_from_a_template_is_published_in_one_sitting(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    page = (
        clarke.get("/author").follow("Begin a new course").press("Begin the course", **NEW, template="short")
    )
    assert page.title == "Watch and tell"
    draft = page.path.partition("/course/")[0]
    assert "Still to be written: Say what a holder of the certificate can do." in page.words
    checked = clarke.get(draft).press("Check everything")
    assert "errors stop this draft" in checked.words
    told = "Still to be written: Give this module a title."
    assert told in checked.words
    refused = clarke.post(f"{draft}/publish")
    assert "Nothing was published" in refused.words

    course, module = "modules/watch-and-tell.course.yaml", "modules/watch-and-tell-1/module.md"
    page = clarke.get(f"{draft}/course/{course}").press("Save CO1", text="See what changes, and report it.")
    assert "CO1 is saved." in page.words
    page = clarke.get(f"{draft}/module/{module}")
    page = page.press("Save LO1", text="Report what you see.", verb="report", serves="CO1")
    page = page.press(SAVE, title="On guard", summary="What a guard sees.")
    assert page.title == "On guard"
    assert "Still to be written" not in page.words
    change(clarke, draft, module, INTRO, "You read three pages.")
    for number, name in enumerate(("why-it-matters", "what-to-do", "at-your-level"), start=1):
        write_page(
            clarke, draft, f"modules/watch-and-tell-1/{number}0-{name}.md", f"# Page {number}\n\nLook up.\n"
        )
    quiz = "quizzes/watch-and-tell-1-check.quiz.yaml"
    page = clarke.get(f"{draft}/questions/{quiz}")
    assert "This quiz asks nothing yet." in page.words
    page = page.press(SAVE, title="On guard", summary="A few questions.")
    page.follow("True or false").press(
        SAVE, stem="A guard writes down the hour.", outcome="LO1", difficulty="easy", answer="true",
        **{"feedback.true": "Right.", "feedback.false": "It helps.", "refs.0.key": "GUIDE-2020"},
    )  # fmt: skip
    done = clarke.get(draft).follow("Publish").press("Publish")
    assert "Students see it from now on" in done.words
    with database.session() as session:
        now = catalogue.current(session)
    built = now.course("watch-and-tell")
    assert built is not None
    assert (built.content.modules, built.content.hours) == (("watch-and-tell-1",), 1.5)
    of = now.module("watch-and-tell-1")
    assert of is not None
    assert [page.outcomes for page in of.content.pages] == [("LO1",)] * 3
    assert "Assessed by fewer than 3" in clarke.get("/author/outcomes/watch-and-tell").words


def test_a_course_of_three_modules_says_every_place_that_is_to_be_filled_in(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/contents").follow("New course")
    page = page.press("Begin the course", **NEW | {"modules": "See\nNote\nTell"}, template="standard")
    assert [link for link in ("See", "Note", "Tell") if link in page.words] == ["See", "Note", "Tell"]
    text = text_of(clarke, draft, "quizzes/tell-case.scenario.yaml")
    assert "{write: the best way to act}" in text
    checked = clarke.get(draft).press("Check everything").words
    assert "lorem" not in checked.casefold()
    allowed = ("Still to be written", "no source is cited", "This quiz asks nothing yet")
    errors = clarke.get(draft).tree.xpath("//main//li[.//*[contains(., 'error') or contains(., 'Error')]]")
    for error in errors:
        words = " ".join(error.xpath("string()").split())
        assert any(each in words for each in allowed), words


def test_a_new_module_comes_to_the_end_of_its_course(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    before = text_of(clarke, draft, COURSE)
    page = clarke.get(f"{draft}/course/{COURSE}").follow("Begin a new module in this course")
    assert value(page, "level") == "All ranks"
    page = page.press("Begin the module", title="Offering help", summary="How to offer.", template="page")
    assert page.title == "Offering help"
    assert "In the course: Core" in page.words
    after = text_of(clarke, draft, COURSE)
    assert lines_changed(before, after) == ["modules: [listening, offering-help]", "modules: [listening]"]
    twice = clarke.get(f"{draft}/new-module").press(
        "Begin the module", title="Offering help", summary="Again.", level="All", template="page"
    )
    assert twice.status == 409
    assert "This name is already in use" in twice.words


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("title", " ", "Give it a title."),
        ("hours", "four", "Write a number of hours"),
        ("slug", "../../etc", "lower-case letters, digits and hyphens"),
        ("title", "Хартія", "none can be made from this title"),
        ("modules", "\n".join(f"M {n}" for n in range(13)), "at most 12 modules"),
        ("modules", "Same\nSame", "another title"),
        ("title", "Core", "already"),
        ("title", "x\x00y", "characters that cannot be kept"),
    ],
)
def test_a_course_that_cannot_be_begun_is_refused_beside_its_field(
    published: Shelf, visit: Visits, field: str, typed: str, says: str
):
    clarke = visit("clarke")
    page = clarke.get("/author/new-course").press(
        "Begin the course", **NEW | {field: typed}, template="short"
    )
    assert page.status in (409, 422)
    assert says in page.words
    assert value(page, "summary").strip() == NEW["summary"]
    assert "Watch and tell" not in clarke.get("/author").words


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_stay_words(published: Shelf, visit: Visits, hostile: str):
    clarke = visit("clarke")
    draft = begin(clarke)
    course, module = f"{draft}/course/{COURSE}", f"{draft}/module/{MODULE}"
    page = clarke.get(course).press(SAVE, title=hostile, summary=hostile, **{"certificate.title": hostile})
    assert value(page, "title") == hostile
    assert not page.tree.xpath("//main//script")
    clarke.get(module).press(SAVE, title=hostile, **{"content_note.text": hostile})
    clarke.get(module).press("Save LO1", text=hostile, verb=hostile)
    assert hostile in clarke.get(module).tree.xpath("string(//main)")
    csv = clarke.fetch(f"{draft}/outcomes-of/core.csv").get_data(as_text=True)
    assert "\n=" not in csv
    assert ",=" not in csv
    clarke.get(f"{draft}/outcomes-of/core")
    assert "49" not in clarke.get(course).title


def test_a_form_changes_its_lines_only(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, COURSE, "hours: 1.5", "# counted by hand\nhours: 1.5   # as of May")
    before = text_of(clarke, draft, COURSE)
    page = clarke.get(f"{draft}/course/{COURSE}")
    page.press(SAVE)
    assert text_of(clarke, draft, COURSE) == before
    page.press(SAVE, hours="2")
    after = text_of(clarke, draft, COURSE)
    assert lines_changed(before, after) == ["hours: 1.5   # as of May", "hours: 2   # as of May"]
    was = text_of(clarke, draft, MODULE)
    clarke.get(f"{draft}/module/{MODULE}").press(SAVE)
    assert text_of(clarke, draft, MODULE) == was
    clarke.get(f"{draft}/module/{MODULE}").press(SAVE, reviewer="Major Baker")
    now = text_of(clarke, draft, MODULE)
    assert lines_changed(was, now) == ["reviewer: Major Baker", "reviewer: none yet"]


def test_two_people_at_one_course_see_what_the_other_saved(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    first, second = (one.get(f"{draft}/course/{COURSE}") for one in (clarke, davis))
    first.press(SAVE, title="Listening well")
    late = second.press(SAVE, level="Officers")
    assert late.status == 409
    assert "As it was saved by somebody else" in late.words
    assert "Listening well" in late.words
    assert value(late, "level") == "Officers"
    fine = davis.get(f"{draft}/course/{COURSE}")
    clarke.get(f"{draft}/course/{COURSE}").press("Add the outcome", text="Refer.")
    assert fine.press(SAVE, summary="Another summary.").status == 200
    late = davis.get(f"{draft}/course/{COURSE}")
    kept = late.press(SAVE, title="Listening well", level="Officers")
    assert "Saved in the draft" in kept.words
    assert "level: Officers" in text_of(clarke, draft, COURSE)


def test_modules_that_build_on_each_other_in_a_circle_are_refused(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    clarke.get(f"{draft}/new-module").press(
        "Begin the module", title="Offering", summary="How.", level="All", template="page", course="core"
    )
    on = {"prerequisites.listening": YES}
    page = clarke.get(f"{draft}/module/modules/offering/module.md").press(SAVE, **on)
    assert "Saved in the draft" in page.words
    before = text_of(clarke, draft, MODULE)
    refused = clarke.get(f"{draft}/module/{MODULE}").press(SAVE, **{"prerequisites.offering": YES})
    assert refused.status == 422
    assert "“Listening” requires “Offering”, which requires “Listening”: nobody could begin." in refused.words
    assert text_of(clarke, draft, MODULE) == before
    change(clarke, draft, MODULE, "completion:", "prerequisites: [offering]\ncompletion:")
    assert "nobody could begin" in clarke.get(draft).press("Check everything").words
    assert "nobody could begin" in clarke.get(f"{draft}/module/{MODULE}").words


def test_outcomes_are_added_moved_and_deleted_with_what_names_them(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/module/{MODULE}").press(
        "Add the outcome", text="Hand over.", verb="hand over", serves="CO1"
    )
    assert "LO3 Hand over. Serves CO1" in page.words
    page = clarke.get(f"{draft}/course/{COURSE}").press("Add the outcome", text="Refer a person.")
    assert "  CO2: Refer a person." in text_of(clarke, draft, COURSE)
    empty = clarke.get(f"{draft}/course/{COURSE}").press("Add the outcome", text=" ")
    assert empty.status == 422
    assert "Say what the student can do, beginning with a verb" in empty.words
    module = clarke.get(f"{draft}/module/{MODULE}")
    moved = module.press("Move down: LO1")
    assert moved.words.index("LO2 Offer help") < moved.words.index("LO1 Listen without")
    nowhere = clarke.post(f"{draft}/outcome/LO1/move/{MODULE}", seen="2", to="9")
    assert "Choose a place from 1 to 3." in nowhere.words
    french = "modules/listening/module.fr.md"
    put_file(
        database, draft, french, b"---\nschema: pme-translation/1\ntexts:\n  outcomes.LO1.text: {}\n---\n"
    )
    gone = clarke.get(f"{draft}/module/{MODULE}").press("Delete: LO1")
    assert f"The translation {french} has its words in another language" in gone.words
    assert "The quiz listening-check has 3 questions (first, signs, consent) for it" in gone.words
    assert "The scenario gate exercises it, at d1, d3" in gone.words
    assert "LO1 is deleted" in gone.words
    assert "LO1:" not in text_of(clarke, draft, MODULE)
    gone = clarke.get(f"{draft}/course/{COURSE}").press("Delete: CO1")
    assert "LO2 of the module “Listening” serves it" in gone.words
    assert "Outcome CO1 is back" in gone.press("Undo").words
    old = clarke.get(f"{draft}/course/{COURSE}")
    clarke.get(f"{draft}/course/{COURSE}").press("Save CO2", text="Refer somebody.")
    assert old.press("Save CO1", text="Listen well.").status == 200
    late = old.press("Save CO2", text="Refer a survivor.")
    assert late.status == 409
    assert "It says now: Refer somebody." in late.words
    assert late.tree.xpath("string(//textarea[@id='outcome-CO2-text'])").strip() == "Refer a survivor."
    assert "Refer a survivor." in late.press("Save CO2").words
    stale = clarke.post(f"{draft}/outcome/CO1/delete/{COURSE}", seen="0")
    assert "Somebody else has changed this file meanwhile" in stale.words


def test_a_module_leaves_a_course_and_comes_back(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/course/{COURSE}").press("Take out: Listening")
    assert "No other module of this course serves CO1" in page.words
    assert "students cannot reach it any more" in page.words
    assert "No module yet" in page.words
    assert "“modules” is empty" in page.words
    back = page.press("Add the module", module="listening")
    assert "“Listening” is in the course now" in back.words
    assert "modules: [listening]" in text_of(clarke, draft, COURSE)


def test_completion_rules_reach_what_students_see(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    only = {"completion.rule": "some", "completion.which.first-steps": YES}
    page = clarke.get(f"{draft}/module/{MODULE}").press(SAVE, **only)
    assert "Saved in the draft" in page.words
    clarke.get(f"{draft}/teaching/{MODULE}").press(SAVE, **{"teaches.first-steps": ["LO1", "LO2"]})
    clarke.get(f"{draft}/new-module").press(
        "Begin the module", title="More", summary="More.", level="All", template="page", course="core"
    )
    more = "modules/more/module.md"
    clarke.get(f"{draft}/module/{more}").press("Save LO1", text="Read on.", verb="read", serves="CO1")
    change(clarke, draft, more, INTRO, "Read.")
    write_page(clarke, draft, "modules/more/10-why-it-matters.md", "# More\n\nText.\n")
    clarke.get(f"{draft}/course/{COURSE}").press(
        SAVE, **{"completion.rule": "some", "completion.which.listening": YES}
    )
    clarke.get(draft).follow("Publish").press("Publish")
    with database.session() as session:
        now = catalogue.current(session)
    module, course = now.module("listening"), now.course("core")
    assert module is not None
    assert course is not None
    assert module.content.completion.pages == ("first-steps",)
    assert module.content.pages[0].outcomes == ("LO1", "LO2")
    assert course.content.optional == {"more"}


def test_a_reviewer_reads_and_changes_nothing(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    let_review(database, "baker")
    baker = visit("baker")
    for where in (f"course/{COURSE}", f"module/{MODULE}", f"teaching/{MODULE}", "outcomes-of/core"):
        page = baker.get(f"{draft}/{where}")
        assert page.status == 200
    assert baker.send(f"{draft}/course/{COURSE}", title="Mine", seen="0").status_code == 403
    assert baker.post("/author/new-course", **NEW, template="short").status in (403, 404)


def test_a_text_that_is_no_yaml_is_mended_as_text(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, MODULE, "summary: How", "summary: [How")
    page: Page = clarke.get(f"{draft}/module/{MODULE}")
    assert "not readable YAML" in page.words
    assert page.path.startswith(f"{draft}/file/")
    assert clarke.get(f"{draft}/course/{COURSE}").status == 200
    assert "This module has no outcomes yet" in clarke.get(f"{draft}/outcomes-of/core").words


def test_a_form_makes_a_course_a_tour_and_says_that_it_gives_no_certificate(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    before = text_of(clarke, draft, COURSE)
    page = clarke.get(f"{draft}/course/{COURSE}")
    assert page.tree.xpath("//input[@name='counts'][@checked]/@value") == ["yes"]
    page = page.press(SAVE, counts="no")
    assert lines_changed(before, text_of(clarke, draft, COURSE)) == ["counts: no"]
    assert "leave “certificate” out" in page.words
    assert "How it will look on the certificate" not in page.words
    page = page.press(SAVE, **{"certificate.title": "", "certificate.statement": ""})
    assert "leave “certificate” out" not in page.words
    assert "certificate" not in text_of(clarke, draft, COURSE)
    page = page.press(SAVE, counts="yes")
    assert "counts" not in text_of(clarke, draft, COURSE)
    assert "“certificate” is missing" in page.words
