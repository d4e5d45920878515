"""No student sees a key before it is earned: a crawl of every student page in every state of an attempt.

The library writes CANARY into every key, author's id, feedback, source and later node. Each story below
brings Adams into a state, names what is earned in it by then, and looks into everything the server sent.
"""

import base64
import html
import io
import re
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from flask import Flask
from lxml.html import fromstring
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from pme.assessment.corrections import Correction, CorrectionKind
from pme.assessment.models import Attempt
from pme.assessment.regrades import scope_of
from pme.content.catalogue import current, pinned
from pme.content.library import Library
from pme.content.shapes import Quiz
from pme.db import Database
from pme.journeys_regrade import apply_correction
from pme.reports.regrade_dry_run import try_correction
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import START
from tests.support.client import Page, Visit
from tests.support.library import library
from tests.support.student import BASICS, RIGHT, WRONG

pytestmark = pytest.mark.alike

FIRST = f"{BASICS}/first"
QUIZ, GATE, PRACTICE = f"{BASICS}/quiz/check", f"{BASICS}/scenario/checkpoint", f"{BASICS}/scenario/practice"
JSON = {"Accept": "application/json"}
TAGS = re.compile(r"<[^>]+>")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    else:
        yield str(value)


def secrets_in(published: Library) -> frozenset[str]:
    """Every text of a library that carries CANARY, without its markup."""
    return frozenset(
        TAGS.sub("", text)
        for entry in published.entries
        for text in _strings(entry.content.model_dump(mode="json"))
        if "CANARY" in text
    )


SECRETS = secrets_in(library())
NEVER = frozenset(secret for secret in SECRETS if re.fullmatch(r"CANARY[-_]\S+", secret))
"""Authors' ids and flags: earned in no state at all."""

CHOSEN_WRONG = {"CANARY feedback bravo", "CANARY feedback true", "CANARY feedback foxtrot"}
CHOSEN_RIGHT = {
    f"CANARY feedback {name}" for name in ("alpha", "false", "delta", "echo", "sun", "moon", "1", "2", "3")
}
WHOLE_KEY = CHOSEN_WRONG | CHOSEN_RIGHT | {"CANARY feedback charlie", "CANARY source"}
CHECK_ONE = {"CANARY check papa", "CANARY check quebec", "CANARY check romeo", "CANARY check source"}
LATER = {
    "CANARY-later: what should you offer?",
    "CANARY-later place",
    "CANARY-later guard",
    "CANARY-later radio",
}
STAY, LEAVE = LATER | {"CANARY-later: they stay."}, LATER | {"CANARY-later: they turn away."}
DEBRIEF = {"CANARY trust", "CANARY source", "CANARY: never shout.", "CANARY: offer help."}
SOUND = STAY | DEBRIEF | {"CANARY-ending sound", "CANARY feedback listen", "CANARY feedback help"}
HARM = LEAVE | DEBRIEF | {"CANARY-ending harm", "CANARY feedback shout", "CANARY feedback nothing"}


class Watched:
    """Adams in a browser whose every answer is kept, headers and cookies included."""

    def __init__(self, app: Flask, visit: Visit) -> None:
        self.app, self.visit = app, visit
        self.reached: set[str] = set()
        self.seen: list[tuple[str, str]] = []
        plain = visit.http.open

        def watched(*arguments: Any, **more: Any) -> TestResponse:
            response = plain(*arguments, **more)
            for one in (*response.history, response):
                self.keep(one)
            return response

        visit.http.open = watched  # type: ignore[method-assign]

    def keep(self, response: TestResponse) -> None:
        """Remember what came, as text, with the session cookie opened."""
        if response.mimetype == "application/pdf":
            self.seen.append(
                (f"{response.request.method} {response.request.path}", _printed(response.get_data()))
            )
            return
        cookies = [_opened(value) for name, value in response.headers if name == "Set-Cookie"]
        headers = [f"{name}: {value}" for name, value in response.headers]
        text = "\n".join((*headers, *cookies, html.unescape(response.get_data(as_text=True))))
        self.seen.append((f"{response.request.method} {response.request.full_path}", text))

    def crawl(self) -> None:
        """Follow every link from the first page, and try every student address there is on top."""
        waiting, known = ["/learn", *self.guessed()], set()
        while waiting:
            where = waiting.pop(0)
            if where in known:
                continue
            known.add(where)
            response = self.visit.fetch(where)
            self.reached.add(
                str(self.app.url_map.bind("").match(response.request.path, return_rule=True)[0].endpoint)
            )
            if response.status_code in (303, 308):
                waiting.append(response.headers["Location"])
            elif response.mimetype == "text/html":
                waiting += self.led_to(response)

    def led_to(self, response: TestResponse) -> list[str]:
        """Links of a page, and its forms that only ask."""
        tree = fromstring(response.get_data(as_text=True))
        links = [link.get("href") for link in tree.iterfind(".//a[@href]")]
        forms = [form.get("action") for form in tree.iterfind(".//form") if form.get("method") == "get"]
        return [where.partition("#")[0] for where in links + forms if where and where.startswith("/")]

    def guessed(self) -> Iterator[str]:
        """Addresses that no page links to yet, but that a student may try."""
        for attempt in range(1, 5):
            yield from (
                f"/attempts/quiz/{attempt}{rest}" for rest in ("", "/check", "/result", "/questions/3")
            )
            yield from (f"/attempts/scenario/{attempt}{rest}" for rest in ("", "/debrief", "/carried"))
            yield f"/teach/attempts/{attempt}"
        yield from (
            "/teach/core/scenarios/checkpoint",
            f"{BASICS}/whole-module",
            f"{FIRST}.pdf",
            "/take/core.epub",
            "/take/core/basics.html",
            f"{BASICS}/second",
            QUIZ,
            GATE,
            PRACTICE,
            "/certificates",
            "/news",
            "/notes/1",
            "/notes/my-notes.md",
            "/teach/core",
            "/teach/core/quality",
            "/teach/core/quizzes/check/quality",
            "/teach/core/quizzes/check/quality/questions/1",
            "/teach/core/scenarios/checkpoint/quality.csv",
        )

    def leaks(
        self, earned: set[str], *, secrets: frozenset[str] = SECRETS, never: frozenset[str] = NEVER
    ) -> set[str]:
        """Everything seen so far that was not earned, with where it stood."""
        unearned = secrets - earned | never
        return {
            f"{secret!r} in {where}"
            for where, text in self.seen
            for secret in unearned
            if holds(text, secret)
        }

    def autosave(self, where: str, **data: Any) -> None:
        """What the script sends while a form is filled in."""
        self.visit.send(where, headers=JSON, **data)


def holds(text: str, secret: str) -> bool:
    return re.search(re.escape(secret) + r"(?![\w-])", text) is not None


@cache
def _printed(pdf: bytes) -> str:
    """What stands on the sheets of a PDF, in one line."""
    sheets = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())


def _opened(cookie: str) -> str:
    value = cookie.partition("=")[2].partition(";")[0]
    payload = value.lstrip(".").partition(".")[0]
    try:
        opened = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return (zlib.decompress(opened) if value.startswith(".") else opened).decode()
    except (ValueError, zlib.error):
        return value


@pytest.fixture
def adams(app: Flask, visit: Visits) -> Watched:
    """Adams, watched."""
    return Watched(app, visit("adams"))


def begun(adams: Watched, answers: int = 0) -> Page:
    """A quiz with this many answers, saved by the script too, wrong ones and impossible ones included."""
    page = adams.visit.get(QUIZ).submit()
    for _ in range(answers):
        adams.autosave(page.path, answer="1")
        adams.autosave(page.path, answer="99", order=["9"])
        page = student.answer(page, RIGHT)
    return page


def test_the_crawl_looks_for_every_kind_of_secret():
    assert len(SECRETS) > 50
    assert {"CANARY-single", "CANARY-alpha-right", "CANARY-day", "CANARY_flag", "trust <= 0"} - {
        "trust <= 0"
    } <= NEVER
    earnable = WHOLE_KEY | SOUND | HARM
    assert earnable <= SECRETS
    assert not earnable & NEVER


def test_before_anything_is_begun_nothing_is_told(adams: Watched):
    adams.crawl()
    assert adams.leaks(set()) == set()


@pytest.mark.parametrize("answers", [0, 2, 5])
def test_while_a_quiz_is_open_nothing_is_told(adams: Watched, answers: int):
    begun(adams, answers)
    adams.crawl()
    assert adams.leaks(set()) == set()
    assert all("Correct" not in text for where, text in adams.seen if "/help/" not in where)


def test_after_a_failed_quiz_only_the_feedback_on_what_was_chosen_is_told(adams: Watched):
    student.answer_all(adams.visit, WRONG).press("Hand in")
    adams.crawl()
    assert adams.leaks(CHOSEN_WRONG) == set()
    assert any(holds(text, "CANARY feedback bravo") for _, text in adams.seen)


def test_what_was_right_in_a_failed_quiz_is_told_no_more_than_was_chosen(adams: Watched):
    page = adams.visit.get(QUIZ).submit()
    while "Question" in page.title:
        page = student.answer(page, RIGHT | {"Which one?": ["Answer bravo"]})
    page.press("Hand in")
    adams.crawl()
    assert adams.leaks(CHOSEN_RIGHT - {"CANARY feedback alpha"} | {"CANARY feedback bravo"}) == set()


def test_a_second_attempt_tells_no_more_than_the_first(adams: Watched):
    student.answer_all(adams.visit, WRONG).press("Hand in")
    begun(adams, 3)
    adams.crawl()
    assert adams.leaks(CHOSEN_WRONG) == set()


@pytest.mark.parametrize("kind", CorrectionKind)
def test_a_correction_tells_nothing_of_the_key_before_it_is_earned(
    adams: Watched, database: Database, kind: CorrectionKind
):
    student.answer_all(adams.visit, WRONG).press("Hand in")
    with database.writing() as session:
        attempt = session.scalars(select(Attempt)).one()
        quiz, scope = pinned(session, attempt.version_id, Quiz).content, scope_of(attempt)
        key = {"right": ["CANARY-charlie-wrong"]} if kind in ("key", "accept") else {}
        new = Correction("CANARY-single", kind, key)
        seal = try_correction(session, current(session), scope, quiz, new).seal
        apply_correction(
            session, current(session), scope, quiz, new, reason="CANARY reason", seal=seal, by=1, at=START
        )
    adams.crawl()
    assert adams.leaks(CHOSEN_WRONG) == set()
    text = "".join(text for _, text in adams.seen)
    assert "A question of this quiz was corrected" in text
    assert not holds(text, "CANARY reason")


def test_after_a_pass_the_key_is_told_and_the_authors_ids_are_not(adams: Watched):
    student.pass_quiz(adams.visit)
    adams.crawl()
    assert adams.leaks(WHOLE_KEY) == set()
    text = "".join(text for _, text in adams.seen)
    assert all(holds(text, secret) for secret in WHOLE_KEY)


def test_a_check_tells_its_own_key_once_it_is_answered_and_no_other(adams: Watched):
    for number in range(1, 6):
        adams.visit.send(f"{FIRST}/checks/{number}", asked="x", answer="1")
    page = adams.visit.get(FIRST)
    assert page.tree is not None
    asked = page.tree.xpath("//input[@name='asked']/@value")
    refused = {"asked": asked[1], "check-2-order": ["1"]}
    moved = {"asked": asked[1], "check-2-order": ["1", "2", "3"], "check-2-move": "down:1"}
    for fields in (refused, moved):
        adams.visit.send(f"{FIRST}/checks/2", **fields)
    adams.crawl()
    assert adams.leaks(set()) == set()
    value = page.choices("check-1-answer")["Choose quebec"]
    adams.visit.send(f"{FIRST}/checks/1", **{"asked": asked[0], "check-1-answer": value})
    adams.crawl()
    assert adams.leaks(CHECK_ONE) == set()
    text = "".join(text for _, text in adams.seen)
    assert all(holds(text, secret) for secret in CHECK_ONE)


def test_at_the_first_decision_nothing_is_told(adams: Watched):
    page = student.begin_scenario(adams.visit)
    adams.visit.send(f"{page.path}", step="1")
    adams.visit.send(f"{page.path}", step="1", choice="9")
    adams.visit.send(f"{page.path}", step="2", choice="1")
    adams.visit.send(f"{page.path}/close")
    adams.visit.send(f"{page.path}/debrief", headers=JSON, prompt_0="Words.")
    adams.crawl()
    assert adams.leaks(set()) == set()


@pytest.mark.parametrize(("choice", "earned"), [("Do listen", STAY), ("Do shout", LEAVE)])
def test_after_a_decision_only_what_follows_from_it_is_told(adams: Watched, choice: str, earned: set[str]):
    page = student.decide(student.begin_scenario(adams.visit), choice)
    adams.visit.post(f"{page.path}/take-back")
    adams.visit.post(f"{page.path}/close")
    adams.crawl()
    assert adams.leaks(earned) == set()


@pytest.mark.parametrize(
    ("choices", "earned"), [(("Do listen", "Do help"), SOUND), (("Do shout", "Do nothing"), HARM)]
)
@pytest.mark.parametrize("is_finished", [False, True])
def test_the_debrief_tells_of_the_path_that_was_taken(
    adams: Watched, choices: tuple[str, str], earned: set[str], is_finished: bool
):
    page = student.play(adams.visit, *choices)
    adams.autosave(page.path, prompt_0="Words.")
    if is_finished:
        student.reflect(page)
    adams.crawl()
    assert adams.leaks(earned) == set()
    text = "".join(text for _, text in adams.seen)
    assert all(holds(text, secret) for secret in earned)


def test_practice_tells_after_each_decision_and_no_further(adams: Watched):
    page = student.decide(student.begin_scenario(adams.visit, "practice"), "Do wait")
    earned = LEAVE | {"CANARY feedback wait", "CANARY source"}
    adams.crawl()
    assert adams.leaks(earned) == set()
    page = student.decide(page.press("Take this decision back"), "Do listen")
    earned |= STAY | {"CANARY feedback listen"}
    adams.crawl()
    assert adams.leaks(earned) == set()
    page = student.decide(page, "Do help")
    earned |= {"CANARY feedback help", "CANARY-ending sound"}
    adams.crawl()
    assert adams.leaks(earned) == set()
    page.press("Go on to the debrief")
    adams.crawl()
    assert adams.leaks(earned | DEBRIEF) == set()


def test_a_practice_that_is_carried_tells_its_situations_and_nothing_that_is_judged(adams: Watched):
    student.begin_scenario(adams.visit, "practice").press("Carry this practice on this device")
    adams.visit.post(f"{student.begin_scenario(adams.visit).path}/carry")  # this one counts
    adams.crawl()
    feedback = {f"CANARY feedback {name}" for name in ("listen", "wait", "shout", "help", "nothing")}
    endings = {f"CANARY-ending {name}" for name in ("sound", "gaps", "harm")}
    earned = STAY | LEAVE | feedback | endings | {"CANARY source"}
    assert adams.leaks(earned) == set()
    text = "".join(text for where, text in adams.seen if where.endswith("/carried?"))
    assert all(holds(text, secret) for secret in earned)


def test_with_everything_done_every_student_address_was_looked_at(adams: Watched, app: Flask):
    student.complete_course(adams.visit)
    begun(adams)
    student.decide(student.begin_scenario(adams.visit), "Do listen")
    adams.crawl()
    assert adams.leaks(WHOLE_KEY | SOUND) == set()
    asked = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(("student.", "attempts.")) and "GET" in (rule.methods or set())
    }
    assert asked <= adams.reached
