"""The story of an author behind the album: every page of authoring, once in each state that changes its look."""

import tempfile
from pathlib import Path

from pme.content.render import Renderer
from pme.db import Database
from tests.authoring.question_forms import form_at
from tests.authoring.reviewing import let_review
from tests.authoring.superseding import supersede
from tests.authoring.test_bringing import bring
from tests.authoring.test_drafting import begin, change
from tests.authoring.test_ethics_answers import answer
from tests.authoring.test_media import send
from tests.authoring.test_outside import link_of
from tests.authoring.test_preview import UNDER
from tests.authoring.test_review import ask
from tests.browser.album import Album
from tests.content.small_library import COURSE, MODULE, PAGE, QUIZ, SCENARIO, SECOND, Shelf
from tests.overlay.conftest import BOX
from tests.overlay.test_local_texts import PLACE
from tests.support import media_files as make
from tests.support.client import Visit
from tests.support.panels import publish_files
from tests.support.word_files import word, zipped

QUESTIONS = (
    "questions/",
    "question/1/form/",
    "question/1/preview/",
    "new-question/numeric/",
)
PAGES = ("page/", "inserts/", "new-source/", "new-term/", "compare/", "changes/")
STORY = (
    "scenario/",
    "scenario-settings/",
    "scenario-part/nodes/d1/form/",
    "scenario-part/nodes/d1/rename/",
    "scenario-part/nodes/resolve/form/",
)
SHOWN = "![Two people talk](media/film.mp4)\n\n![Night](media/a-street.jpg)\n\n![The form](media/form.pdf)\n"
HISTORY = "/author/history/compare"


def played(album: Album, database: Database) -> None:
    """A draft from its first word to its publication; what is published before comes from files."""
    with tempfile.TemporaryDirectory() as folder, Renderer() as renderer, database.writing() as session:
        publish_files(session, Shelf(Path(folder), renderer))
    clarke, davis, evans = (Visit(album.app, name) for name in ("clarke", "davis", "evans"))
    album.take(clarke.get("/author").press("Begin", title=" "), "no name")
    draft = begin(clarke)
    every = [draft, f"{draft}/contents", f"{draft}/publish", f"{draft}/review", f"{draft}/new-questions"]
    album.walk(clarke, ["/author", *every, f"{draft}/file/{SCENARIO}"], "nothing in it")
    change(clarke, draft, PAGE, "before you act", "before you ever act")
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    older = davis.get(f"{draft}/file/{PAGE}")
    change(clarke, draft, PAGE, "before you ever act", "before you act at all")
    album.take(older.press("Save in the draft", content="# Mine\n\nOther words.\n"), "saved by somebody else")
    album.walk(clarke, [f"{draft}/{page}{PAGE}" for page in PAGES], "changed")
    album.walk(clarke, [f"{draft}/{page}{QUIZ}" for page in QUESTIONS], "changed")
    album.take(form_at(clarke, draft, 1).press("Remove: Option 2"), "an option removed")
    album.walk(clarke, [f"{draft}/{page}{SCENARIO}" for page in STORY], "as it is published")
    album.walk(clarke, [f"{draft}/new-scenario"], "nothing entered")
    album.take(clarke.get(f"{draft}/new-scenario").press("Begin it", source="NONE"), "refused")
    album.walk(clarke, [*every, f"{draft}/modules/listening/new-page"], "changed")
    in_french(album, clarke, draft)
    with_media(album, clarke, draft)
    previewed(album, clarke, draft)
    other = begin(davis, "Other words")
    change(davis, other, PAGE, "before you act", "before you speak")
    change(clarke, draft, PAGE, "## What to do", f"{BOX}\n## What to do")
    let_review(database, "baker")
    ask(clarke, draft)
    album.walk(Visit(album.app, "baker"), [f"{draft}/review", f"{draft}/changes/{QUIZ}"], "in review")
    album.walk(clarke, [draft], "in review")
    Visit(album.app, "baker").get(f"{draft}/review").press("Approve")
    clarke.get(f"{draft}/publish").press("Publish")
    album.walk(
        clarke,
        [draft, "/author/history", f"{HISTORY}?older=1", f"{HISTORY}?older=1&path={QUIZ}"],
        "published",
    )
    album.walk(davis, [other, f"{other}/page/{PAGE}", f"{other}/compare/{PAGE}"], "behind what is published")
    album.take(davis.get(other).press("Discard the draft"), "one discarded")
    album.walk(davis, [other], "discarded")
    album.walk(evans, ["/academy/approvals"], "nothing set")
    filled_in(album, clarke)
    build_course(album, clarke)
    traced(album, clarke)


def traced(album: Album, clarke: Visit) -> None:
    """A source that is superseded, what it touches and opens, and warnings that are answered."""
    draft = begin(clarke, "A source is withdrawn")
    number = draft.rpartition("/")[2]
    change(clarke, draft, SECOND, "what you saw.", "that she claims it. In 2019, 12,000 people fled.")
    album.take(clarke.get(f"{draft}/ethics").follow("Answer it with a reason"), "open")
    answer(clarke, draft)
    form = clarke.get(f"{draft}/source/NOTES-2021")
    album.take(form, "as published")
    album.take(form.press("Save in the draft", status="superseded"), "no reason")
    album.take(
        form.press("Save in the draft", status="superseded", superseded_because="Withdrawn."), "touched"
    )
    supersede(clarke, draft, "NOTES-2021", superseded_by="GUIDE-2020")
    album.walk(
        clarke,
        [
            f"{draft}/ethics",
            f"/author/sources?draft={number}",
            f"/author/sources/NOTES-2021?draft={number}",
            f"/author/spot/{PAGE}?line=3",
            f"/author/reviews-due/next/{MODULE}",
        ],
        "in a draft",
    )
    clarke.get(f"{draft}/publish").press("Publish")
    due = clarke.get("/author/reviews-due?days=365&what=task")
    boxes = due.tree.xpath("//td[@class='pick']//input/@value")
    album.take(due.press("Close them", due=boxes), "nothing said of what was done")
    closed = album.take(due.press("Close them", due=boxes, outcome="Read again."), "closed together")
    album.take(closed.press("Undo"), "open again")
    task = clarke.get("/author/reviews-due?days=365").follow("First steps")
    album.take(task, "open")
    task.press("Close the task", outcome="The guide is cited now.")
    album.walk(
        clarke, ["/author/reviews-due?days=365", "/author/sources/NOTES-2021", task.path], "superseded"
    )


def previewed(album: Album, clarke: Visit, draft: str) -> None:
    """The draft as a student sees it, and as somebody without an account does."""
    preview = f"/preview/draft-{draft.rpartition('/')[2]}"
    under = f"{preview}/{UNDER}"
    album.take(clarke.get(f"{under}/quiz/listening-check").press("Begin"), "previewed")
    album.take(clarke.get(f"{under}/scenario/gate").press("Begin the scenario"), "previewed")
    album.walk(
        clarke,
        [f"{preview}/learn/core", f"{under}/", f"{under}/whole-module", f"{under}/scenario/gate"],
        "previewed",
    )
    album.walk(clarke, [f"{under}/quiz/listening-check/check"], "previewed")
    clarke.post(f"{under}/quiz/listening-check/finish")
    for _ in range(3):
        clarke.get(f"{under}/scenario/gate/now").submit_decision("1")
    album.walk(clarke, [f"{preview}/", f"{under}/first-steps", f"{under}/quiz/listening-check"], "previewed")
    album.walk(
        clarke, [f"{under}/quiz/listening-check/result", f"{under}/scenario/gate/debrief"], "previewed"
    )
    page = clarke.get(f"{draft}/outside").press("Create the link", name="Kim", days="7")
    album.walk(clarke, [f"{draft}/outside"], "with a link")
    album.take(page, "made")
    kim = Visit(album.app)
    album.take(kim.get(link_of(page)), "to somebody outside")
    comment = kim.get(link_of(page)).press("Look at the draft").follow("Comment on this page")
    album.take(comment.press("Send the comment", text="Too fast."), "said by somebody outside")
    album.walk(clarke, [f"{draft}/review"], "commented from outside")


def filled_in(album: Album, clarke: Visit) -> None:
    """A local place before and after the academy has filled it in."""
    album.walk(clarke, ["/local", "/local/core", "/teach/core", PLACE], "to be completed")
    album.take(clarke.get(PLACE).press("Save", state="filled", text="# No"), "wrong")
    clarke.get(PLACE).press("Save", state="filled", text="Call 555 0100.")
    album.walk(clarke, ["/local/core"], "completed")
    album.walk(clarke, [PLACE], "completed")
    album.walk(clarke, [f"/preview/published/{UNDER}/first-steps"], "with a local text")


def with_media(album: Album, clarke: Visit, draft: str) -> None:
    """Pictures and recordings of a module, and what is brought in from outside."""
    library, own = f"{draft}/modules/listening/media", f"{draft}/medium/modules/listening/media"
    album.walk(clarke, [library, "/author/bring"], "as it is published")
    album.take(send(clarke, draft, make.film(), "film.mp4"), "without words")
    send(clarke, draft, make.film(), "film.mp4", transcript="Listen first.\n\nThen act.")
    send(clarke, draft, make.photograph(), "A street.jpg")
    send(clarke, draft, make.document(), "form.pdf")
    send(clarke, draft, make.song(), "song.mp3", in_page="y")
    change(clarke, draft, PAGE, "## What to do", f"{SHOWN}\n## What to do")
    album.walk(clarke, [library, f"{own}/film.mp4", f"{own}/a-street.jpg", f"{own}/song.mp3"], "with media")
    album.walk(clarke, [f"{own}/form.pdf", f"{draft}/page/{PAGE}?shown=1"], "with media")
    album.take(bring(clarke, b"PK", "bad.zip"), "refused")
    album.take(bring(clarke, word(), "Handing over.docx"), "of a document")
    files: dict[str, str | bytes] = {
        "modules/listening/30-more.md": "# More\n",
        PAGE: "# First steps\n",
        "modules/x.exe": b"MZ",
    }
    album.take(bring(clarke, zipped(files), "course.zip"), "of a course")


def in_french(album: Album, clarke: Visit, draft: str) -> None:
    """A page translated: not begun, begun on a source that has changed since, and refused."""
    french = f"{draft}/translation/fr/{PAGE}"
    album.walk(clarke, [f"{draft}/languages", french], "not begun")
    older = clarke.get(french)
    change(clarke, draft, PAGE, "You ask for", "You do ask for")
    older.press("Save", **{"text-1": "# Premiers pas", "text-2": "Sans source."})
    album.take(clarke.get(french).press("Save", **{"text-3": "Un.\n\nDeux."}), "two paragraphs in one")
    album.walk(clarke, [f"{draft}/languages", french], "begun, and the source has changed")


def build_course(album: Album, clarke: Visit) -> None:
    """A course begun from a template, with everything still to be written, and what is published beside it."""
    page = clarke.get("/author/new-course")
    album.take(page.press("Begin the course", title=" ", template="short"), "nothing typed")
    page = page.press(
        "Begin the course", title="Watch", summary="W.", level="All", hours="1", template="short"
    )
    draft = page.path.partition("/course/")[0]
    module, slug = "modules/watch-1/module.md", "watch-1/pages/what-to-do"
    begun = [
        page.path,
        f"{draft}/module/{module}",
        f"{draft}/teaching/{module}",
        f"{draft}/outcomes-of/watch",
    ]
    begun += [f"{draft}/modules/{slug}/rename", f"{draft}/new-course", f"{draft}/new-module"]
    album.walk(clarke, begun, "begun from a template")
    full = [f"{draft}/course/{COURSE}", f"{draft}/module/{MODULE}", "/author/new-course", "/author/outcomes"]
    album.walk(clarke, [*full, "/author/outcomes/core"], "as published")
    without = clarke.get(f"{draft}/course/{COURSE}").press("Take out: Listening")
    album.take(without, "a module taken out")
    clarke.get(f"{draft}/module/{module}").press("Delete: LO1")
    album.walk(clarke, [draft], "parts deleted")
