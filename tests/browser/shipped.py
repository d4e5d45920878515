"""The content as it is shipped, published into a database of its own, with the demo's cast in an academy."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from pme import create_app, demo, schema
from pme.config import Settings
from pme.content.catalogue import Catalogue, current
from pme.content.publish import publish
from pme.db import Database
from tests.browser.album import Album
from tests.support.client import Page, Visit
from tests.support.shipped_content import checked

COURSE = "/learn/human-security-core"
KINDS = frozenset({"radio", "checkbox", "text", "matching", "ordering", "rating"})
PLAYED = ("human-security-at-nato", "first-response")
"""The modules whose quizzes and scenarios are taken, beside reading the pages of all."""
BEGINS = ("Begin", "Take it again", "Go on with your attempt")
"""What the button says that leads to the questions."""
MORE_ATTEMPTS = 4
"""How often a quiz is begun again to meet the kinds of question that were not drawn before."""
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Shipped:
    """An installation with the shipped content: Baker has taken the course, Adams has not begun."""

    app: Flask
    database: Database
    catalogue: Catalogue
    passwords: dict[str, str]

    def modules_of_the_course(self) -> tuple[str, ...]:
        """The modules of the course that the tour takes, in order."""
        course = self.catalogue.course(COURSE.rpartition("/")[2])
        assert course is not None
        return course.content.modules

    def visit(self, name: str) -> Visit:
        """One of the demo's cast, signed in."""
        visit = Visit(self.app)
        visit.name = name
        email = next(email for email in self.passwords if email.startswith(name))
        page = visit.get("/sign-in").submit(email=email, password=self.passwords[email])
        assert page.path != "/sign-in", page.words
        return visit


def installed(folder: Path) -> Shipped:
    """Publish modules/ and quizzes/ into a fresh database in this folder, and create the demo."""
    settings = Settings.from_environment(
        {
            "PME_INSTANCE_DIR": str(folder),
            "PME_SECRET_KEY": "for-the-tests-only-" + "k" * 32,
            "PME_ARGON2_KIB": "8",
            "PME_ARGON2_PASSES": "1",
        }
    )
    database = Database(settings.database_url)
    schema.upgrade(database)
    report = checked()
    assert report.library is not None, report.text
    with database.writing() as session:
        publish(session, report.library, by_id=None, at=AT, note="")
    sign_ins = demo.create_once(database, settings, at=AT)
    with database.session() as session:
        catalogue = current(session)
    passwords = {sign_in.email: sign_in.password for sign_in in sign_ins}
    return Shipped(create_app(settings), database, catalogue, passwords)


def toured(shipped: Shipped, *, every_language: bool = False) -> Album:
    """The album of a tour through everything that a student reads, answers and decides."""
    album = Album(shipped.app, every_language=every_language, every_link=True)
    adams, baker, clarke = (shipped.visit(name) for name in ("adams", "baker", "clarke"))
    album.walk(Visit(shipped.app), ["/"], "first visit")
    album.walk(adams, ["/learn", COURSE], "before anything")
    kinds: set[str] = set()
    played: list[str] = []
    for slug in shipped.modules_of_the_course():
        module = shipped.catalogue.modules_by_slug[slug].content
        address = f"{COURSE}/{slug}"
        pages = (page.slug for page in module.pages)
        album.walk(adams, [f"{address}/{page}" for page in ("", *pages, "whole-module")], "to read")
        if slug not in PLAYED:
            continue
        played += module.completion.scenarios
        for quiz in module.completion.quizzes:
            take_quiz(album, adams, f"{address}/quiz/{quiz}", kinds, is_first=True)
            for _ in range(MORE_ATTEMPTS):  # each attempt draws other questions
                if not kinds >= KINDS:
                    take_quiz(album, adams, f"{address}/quiz/{quiz}", kinds, is_first=False)
        for scenario in module.completion.scenarios:
            play(album, adams, f"{address}/scenario/{scenario}")
    assert kinds >= KINDS
    album.walk(adams, ["/learn", COURSE], "in the middle")
    album.walk(baker, ["/learn", COURSE, "/certificates"], "complete")
    album.walk(clarke, ["/teach", "/teach/human-security-core"], "teaching")
    for student in range(1, 3):
        page = album.take(clarke.get(f"/teach/human-security-core/students/{student}"), "teaching")
        assert page.tree is not None
        attempts = page.tree.xpath("//a[starts-with(@href, '/teach/attempts/')]/@href")
        album.walk(clarke, attempts, "teaching")
    pictures = [f"/teach/human-security-core/scenarios/{slug}" for slug in played]
    album.walk(clarke, pictures, "teaching")
    evans = shipped.visit("evans")
    album.walk(evans, ["/academy"], "running the academy")
    _try_everything(album, evans)
    return album


def _try_everything(album: Album, visit: Visit) -> None:
    """The five minutes that are offered to whoever is new."""
    tour, under = "/preview/tour/", "/preview/tour/learn/how-this-works/how-this-works"
    album.walk(visit, [tour], "offered")
    visit.get(tour).press("Begin the tour")
    album.walk(
        visit, [f"{under}/{page}" for page in ("", "reading-a-page", "pause-keep-help")], "on the tour"
    )
    play(album, visit, f"{under}/scenario/found-logbook")
    album.walk(visit, [tour], "on the tour")


def take_quiz(album: Album, visit: Visit, address: str, kinds: set[str], *, is_first: bool) -> None:
    """Look at one question of each kind not seen yet, answer the first option everywhere, and hand in."""
    start = visit.get(address)
    if is_first:
        album.take(start, "before the quiz")
    assert start.tree is not None
    buttons = [" ".join("".join(button.itertext()).split()) for button in start.tree.xpath("//main//button")]
    page = start.press(next(text for text in buttons if text in BEGINS))
    while "Question" in page.title:
        kind = kind_of(page)
        if kind not in kinds:
            kinds.add(kind)
            album.take(page, f"a {kind} question")
        chosen = {"answer": "1"} if kind in ("radio", "checkbox", "text") else {}
        page = page.press("Save and continue", **chosen)
    if is_first:
        album.take(page, "before handing in")
    page = page.press("Hand in")
    if is_first:
        album.take(page, "handed in")


def kind_of(page: Page) -> str:
    """Which kind of question stands on the page."""
    assert page.tree is not None
    form = page.form("Save and continue")
    if form.xpath(".//select"):
        return "matching"
    if form.xpath(".//input[@name='rate-1']"):
        return "rating"
    types = form.xpath(".//input[@name='answer']/@type")
    return str(types[0]) if types else "ordering"


def play(album: Album, visit: Visit, address: str) -> None:
    """Take the first choice at every decision, to the end of the debrief."""
    page = album.take(visit.get(address), "before the scenario").press("Begin the scenario")
    while page.tree is not None and page.tree.xpath("//input[@name='choice']"):
        album.take(page, "a situation")
        page = page.submit_decision("1")
    if "Go on to the debrief" in page.words:
        page = album.take(page, "the ending").press("Go on to the debrief")
    page = album.take(page, "the debrief")
    album.take(page.press("Finish the debrief", prompt_0="One sentence."), "the debrief, finished")
