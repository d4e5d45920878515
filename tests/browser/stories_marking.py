"""The stories of marking behind the album: every page of it, in each state of a script."""

from sqlalchemy import select

from pme.assessment.models import Attempt
from pme.content.publish import publish
from pme.content.shapes import Completion
from pme.db import Database
from pme.marking.models import Script
from pme.marking.plan import Plan, Second
from pme.marking.planning import set_plan
from pme.marking.queries import Group
from tests.browser.album import Album
from tests.support.cast import START
from tests.support.client import Page, Visit
from tests.support.essays import (
    ESSAY,
    SLUG,
    hand_in,
    home,
    more_markers,
    person_of,
    written_quiz,
)
from tests.support.library import library, module

GROUP = f"/teach/core/marking/{SLUG}/0"
FULL, NONE = {"level_0": "3", "level_1": "3"}, {"level_0": "1", "level_1": "1"}
LONG = "Supercalifragilisticexpialidocious" * 12
TEXT = f"We listen first.\n\nThen we ask:\n- who is at risk?\n- who decides?\n\n{LONG}"
PLAN = Plan(second=Second.ALL, tolerance=1, moderation_percent=100)


def marked(album: Album, cast: dict[str, Visit], database: Database) -> None:
    """Adams and two others hand in an essay; Clarke, Davis and Evans mark, settle, moderate and release."""
    with database.writing() as session:
        basics = module(
            "basics", "The basics", Completion(quizzes=("check", SLUG), scenarios=("checkpoint", "practice"))
        )
        publish(session, library(basics, written_quiz()), by_id=None, at=START, note="with an essay")
        more_markers(session)
    clarke, davis, evans, adams = (cast[name] for name in ("clarke", "davis", "evans", "adams"))
    album.walk(clarke, ("/teach/core/marking", GROUP, f"{GROUP}/release"), "before any essay")
    with database.writing() as session:
        group = Group(home(session).id, "core", SLUG, None)
        by = person_of(session, "clarke").id
        set_plan(session, group, PLAN, by=by, at=START)
        attempts = {name: hand_in(session, name, text=TEXT).id for name in ("adams", "s1", "s2")}
    where = {name: _script(database, attempt) for name, attempt in attempts.items()}
    result = f"/attempts/quiz/{attempts['adams']}/result"
    pages = ("/learn", "/learn/core/basics/", f"/learn/core/basics/quiz/{SLUG}", result)
    album.walk(adams, pages, "waiting for marks")
    album.walk(
        clarke,
        ("/teach", "/teach/core/marking", GROUP, where["s1"], f"/teach/attempts/{attempts['adams']}"),
        "to mark",
    )
    refused = clarke.get(f"{GROUP}/plan").press("Set the plan", sample_percent="0", tolerance="many")
    album.take(refused, "a plan that makes no sense")
    album.walk(clarke, (f"{GROUP}/plan", f"{GROUP}/release", f"{GROUP}/agreement"), "nothing marked")
    _mark_all(album, clarke, davis, where)
    _settle(album, clarke, davis, evans, where["adams"])
    album.walk(
        clarke, (GROUP, f"{GROUP}/release", f"{GROUP}/agreement", f"{where['s2']}/review"), "all marked"
    )
    back = evans.get(f"{where['s1']}/review")
    album.take(back.press("Send back"), "sent back without a word")
    back.press("Send back", note="Look at care again.")
    album.walk(clarke, (where["s1"],), "sent back")
    for name in ("adams", "s2"):
        evans.get(f"{where[name]}/review").press("Confirm")
    album.take(clarke.get(f"{GROUP}/release"), "some ready")
    album.take(clarke.get(f"{GROUP}/release").press("Release marks"), "released")
    album.walk(clarke, (where["adams"], f"{where['adams']}/review", "/teach/core/marking"), "released")
    album.walk(clarke, (f"/teach/attempts/{attempts['adams']}",), "released")
    album.walk(adams, pages, "released")
    album.walk(cast["evans"], ("/academy", "/academy/marking"), "with essays")


def _mark_all(album: Album, clarke: Visit, davis: Visit, where: dict[str, str]) -> None:
    page = album.take(clarke.get(where["adams"]).press("Mark this script"), "in hand")
    long = {"comment": "x" * 4_100, "comment_0": f"See {LONG}."}
    album.take(page.press("Finish this mark", **long), "no level and too much written")
    page.press("Finish this mark", **FULL, comment="Well argued.", comment_0=f"See {LONG}.")
    album.walk(clarke, (where["adams"],), "finished")
    album.walk(davis, (where["adams"], f"{where['adams']}/review", GROUP), "the other marker, blind")
    _mark(davis, where["adams"], NONE, comment_1="I see no reason given.")
    for name in ("s1", "s2"):
        _mark(clarke, where[name], FULL)
        _mark(davis, where[name], FULL)


def _settle(album: Album, clarke: Visit, davis: Visit, evans: Visit, where: str) -> None:
    album.walk(clarke, (GROUP, f"{where}/review"), "too far apart")
    album.walk(evans, (f"{where}/review",), "a third looks")
    page = clarke.get(f"{where}/review")
    album.take(page.press("Propose this mark"), "nothing chosen")
    page = page.press(
        "Propose this mark", level_0="2", level_1="2", reason="Some of both.", comment="Agreed."
    )
    album.take(page, "proposed")
    page = album.take(davis.get(f"{where}/review"), "the other’s proposal")
    album.take(page.press("Agree to this mark"), "agreed, for a moderator")
    album.walk(evans, (f"{where}/review",), "to moderate")


def _mark(visit: Visit, where: str, levels: dict[str, str], **more: str) -> Page:
    return visit.get(where).press("Mark this script").press("Finish this mark", **levels, **more)


def _script(database: Database, attempt_id: int) -> str:
    with database.session() as session:
        code = session.scalars(
            select(Script.code).where(Script.attempt_id == attempt_id, Script.item == ESSAY)
        ).one()
        assert session.get(Attempt, attempt_id) is not None
    return f"/teach/core/scripts/{code}"
