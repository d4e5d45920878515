"""What must hold in a database whatever was killed: every acknowledged act is in it, and no attempt is damaged."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pme import audit
from pme.assessment import grading, paper
from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.queries import answers_of, decisions_of, path_in, reflections_of
from pme.assessment.scenario import debrief
from pme.content.catalogue import pinned
from pme.content.play import follow
from pme.content.shapes import Quiz, Scenario
from pme.db import Database
from pme.people.models import Academy
from tests.durability.player import Form, Kept, Player


def faults(database: Database, players: Iterable[Player]) -> list[str]:
    """Everything that does not hold."""
    with database.session() as session:
        return [
            *_lost(session, players),
            *_damaged(session),
            *_broken_chains(session),
            *(_corrupt(session) if database.is_sqlite else ()),
        ]


def _lost(session: Session, players: Iterable[Player]) -> Iterator[str]:
    for player in players:
        for (what, attempt_id, number), kept in list(player.kept.items()):  # who plays goes on meanwhile
            if kept.last_acknowledged is None:
                continue
            attempt = session.get(Attempt, attempt_id)
            if attempt is None:
                yield f"attempt {attempt_id} of {player.email} is gone"
            elif not _is_there(session, attempt, what, number, kept):
                yield f"{what} {number} of attempt {attempt_id}: {kept.tried} is not what is kept"


def _is_there(session: Session, attempt: Attempt, what: str, number: int, kept: Kept) -> bool:
    match what:
        case "answer":
            quiz, draw = pinned(session, attempt.version_id, Quiz).content, Draw.from_json(attempt.draw)
            item = paper.item_at(quiz, draw, number)
            assert item is not None
            given = answers_of(session, attempt.id).get(item.id)
            return any(
                given == grading.check_answer(item, paper.read_answer(item, draw, _listed(form)))
                for form in kept.possible
            )
        case "decision":
            form = kept.last_acknowledged or {}
            taken = {decision.sequence: decision for decision in decisions_of(session, attempt.id)}
            if (decision := taken.get(number)) is None:
                return False
            dealt = Draw.from_json(attempt.draw).options[decision.node]
            return decision.choice == dealt[int(str(form["choice"])) - 1]
        case "reflection":
            texts = [str(form["prompt_0"]) for form in kept.possible]
            return reflections_of(session, attempt.id).get(0) in texts
        case _:
            return attempt.status is AttemptStatus.FINISHED


def _listed(form: Form) -> dict[str, list[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in form.items()}


def _damaged(session: Session) -> Iterator[str]:
    for attempt in session.scalars(select(Attempt)).all():
        if attempt.task is Task.QUIZ:
            yield from _damaged_quiz(session, attempt)
        else:
            yield from _damaged_scenario(session, attempt)


def _damaged_quiz(session: Session, attempt: Attempt) -> Iterator[str]:
    quiz = pinned(session, attempt.version_id, Quiz).content
    marks = grading.mark(quiz, attempt.draw["items"], answers_of(session, attempt.id))
    if attempt.status is AttemptStatus.FINISHED and attempt.percent != marks.percent:
        yield f"quiz attempt {attempt.id} is marked {attempt.percent}, but its answers earn {marks.percent}"


def _damaged_scenario(session: Session, attempt: Attempt) -> Iterator[str]:
    scenario = pinned(session, attempt.version_id, Scenario).content
    decisions = decisions_of(session, attempt.id)
    if [decision.sequence for decision in decisions] != list(range(1, len(decisions) + 1)):
        yield f"scenario attempt {attempt.id} has a gap among its decisions"
        return
    path = path_in(decisions)
    played = follow(scenario, path)
    if (played.ending is None) != (attempt.status is AttemptStatus.OPEN):
        yield f"scenario attempt {attempt.id} is {attempt.status} after {len(path)} decisions"
    elif played.ending is not None and debrief(scenario, path).score.percent != attempt.percent:
        yield f"scenario attempt {attempt.id} is marked {attempt.percent}, which its path does not earn"
    if attempt.status is AttemptStatus.FINISHED and not any(reflections_of(session, attempt.id).values()):
        yield f"scenario attempt {attempt.id} is finished without a reflection"


def _broken_chains(session: Session) -> Iterator[str]:
    for academy_id in (None, *session.scalars(select(Academy.id))):
        position = audit.first_broken(session, academy_id=academy_id)
        if position is not None:
            yield f"the audit trail {audit.chain_of(academy_id)} is broken at entry {position}"


def _corrupt(session: Session) -> Iterator[str]:
    for check in ("integrity_check", "foreign_key_check"):
        found = [tuple(row) for row in session.execute(text(f"PRAGMA {check}"))]
        if found not in ([("ok",)], []):
            yield f"SQLite's {check} says {found}"
