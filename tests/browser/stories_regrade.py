"""The stories of corrections behind the album: every form and every page of one, and what the student is told."""

from typing import Any
from unittest.mock import patch

from pme import correcting
from pme.assessment.corrections import kinds_for
from pme.db import Database
from tests.browser.album import Album
from tests.regrade.every_type import (
    BRAVO,
    ITEMS,
    WRONG,
    answers,
    enrolment_of,
    publish_quiz,
    quiz,
    sit,
    student,
)
from tests.support.client import Visit
from tests.support.work import run_jobs

REASON = "Both sources name it, and " + "the-longest-word-that-anybody-ever-wrote-" * 4
KEY = {"key": BRAVO, "reason": REASON}
UNUSABLE: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (1, "accept", {}),
    (3, "key", {"key": []}),
    (6, "key", {"answer": "far"}),
    (7, "key", {"key": ""}),
)
TRY, APPLY = "See what it would change", "Apply the correction"


def corrected(album: Album, clarke: Visit, adams: Visit, database: Database) -> None:
    """Clarke corrects questions of a quiz that Adams and many others have taken, and undoes one correction."""
    with database.writing() as session:
        version = publish_quiz(session, quiz())
        own = sit(
            session, enrolment_of(session, "adams"), version, answers(single=(BRAVO,), many=(), match=())
        )
        for number in range(900, 1_002):
            sit(
                session,
                student(session, number),
                version,
                answers(many=(), match=()) if number % 2 else WRONG,
            )
    place = f"/teach/core/corrections/check/{version.version_id}"
    forms = [f"{place}/questions/{n}/{kind}" for n, item in enumerate(ITEMS, 1) for kind in kinds_for(item)]
    album.walk(clarke, ("/teach/core/corrections", place, *forms), "before a correction")
    for n, kind, fields in (
        (1, "accept", {}),
        (3, "key", {"key": []}),
        (6, "key", {"answer": "far"}),
        (7, "key", {"key": ""}),
    ):
        refused = clarke.get(f"{place}/questions/{n}/{kind}").press(TRY, **fields, reason="")
        album.take(refused, f"a form that cannot be used, {n}")
    dry = album.take(clarke.get(f"{place}/questions/1/key").press(TRY, **KEY), "tried")
    album.take(dry.press("More students"), "tried, the second page")
    older = clarke.get(f"{place}/questions/2/void").press(TRY, reason=REASON)
    done = album.take(dry.press(APPLY), "applied")
    fresh = album.take(older.press(APPLY), "moved on meanwhile")
    fresh.press(APPLY)
    album.take(clarke.get(f"{place}/questions/4/key").press(TRY, reason=REASON), "the same key")
    album.walk(clarke, (place, f"/teach/attempts/{own.id}", f"{done.path}?page=2"), "with corrections")
    album.walk(adams, (f"/attempts/quiz/{own.id}/result", "/learn/core/basics/quiz/check"), "corrected")
    undo = album.take(done.follow("Undo this correction"), "trying to undo")
    album.take(undo.press("Undo the correction"), "undone")
    album.walk(adams, (f"/attempts/quiz/{own.id}/result",), "with a correction undone")
    with patch.object(correcting, "HERE", 100):
        _of_many(album, clarke, place)


def _of_many(album: Album, clarke: Visit, place: str) -> None:
    """The same where so many have answered that jobs do it: waiting, under way, seen, refused, done and undone."""
    key = clarke.get(f"{place}/questions/3/full-credit")
    waiting = album.take(key.press(TRY, reason=REASON), "a look that waits")
    older = clarke.get(f"{place}/questions/4/void").press(TRY, reason=REASON)
    album.take(clarke.get(place), "with jobs")
    run_jobs(album.app)
    dry = album.take(clarke.get(waiting.path), "looked at by a job")
    album.take(dry.press("More students"), "looked at by a job, the second page")
    doing = album.take(dry.press(APPLY), "a correction that waits")
    run_jobs(album.app)
    corrected_by_job = album.take(clarke.get(doing.path), "corrected by a job")
    late = clarke.get(older.path).press(APPLY)
    run_jobs(album.app)
    album.take(clarke.get(late.path), "moved on before the job")
    ask = album.take(clarke.get(f"{corrected_by_job.path}/undo"), "to be looked at before it is undone")
    looking = album.take(ask.press(TRY), "a look at undoing that waits")
    run_jobs(album.app)
    album.take(clarke.get(looking.path), "undoing, looked at by a job")
