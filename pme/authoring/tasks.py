"""Acts on review tasks: opened when a publication supersedes a source, closed with what was done or why not.

Every act is called in a writing transaction, flushes, and never commits.
"""

from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from pme.authoring.doctrine import bibliography_of
from pme.authoring.models_tasks import ReviewTask, TaskStatus
from pme.content.citations import Place, citations
from pme.content.kept_files import files_of, tree_of
from pme.content.models import SourceFile
from pme.content.parse import Collection
from pme.content.parse_sources import SOURCES, Bibliography
from pme.content.unrendered import words_of
from pme.db import insert_into
from pme.errors import Conflict, Invalid
from pme.people.counting import counts_on
from pme.people.models import Membership, Person, Role
from pme.words.speech import _

DAYS = 30
"""What a task allows until somebody sets another day."""
LONGEST_OUTCOME = 1_000
IN_FORCE_AGAIN = "The source is not superseded any more."  # not words (kept)


def after_publishing(
    session: Session, *, academy_id: int, before: int | None, after: int, at: datetime
) -> int:
    """Open a task for each file that cites a source which this publication superseded; gives how many.

    Tasks that still wait for a source which is in force again are closed. Again, and after any other publication,
    nothing is opened: only the step from one publication to the next counts.
    """
    if before is None or before == after:
        return 0
    was, now = _bibliographies(session, before, after)
    if was is now:
        return 0
    _close(session, academy_id, [key for key in _superseded(was) if key not in _superseded(now)], at)
    keys = [key for key in _superseded(now) if key in was.sources and key not in _superseded(was)]
    if not keys:
        return 0
    tree = tree_of(session, after)
    read = words_of(tree)
    cited = citations(read, tree)
    known = writers(session, academy_id, at.date())
    opened = 0
    for key in keys:
        for path, places in _by_file(cited.get(key, ())).items():
            authors = _authors(read, places[0].module)
            holders = [person_id for person_id, name in known if name in authors]
            done = session.execute(
                insert_into(session, ReviewTask)
                .values(
                    academy_id=academy_id,
                    publication_id=after,
                    source_key=key,
                    path=path,
                    title=places[0].title[:300],
                    module=places[0].module,
                    places=len({place.spot for place in places}),
                    authors=", ".join(authors),
                    holder_id=holders[0] if holders else None,
                    due_on=at.date() + timedelta(days=DAYS),
                    status=TaskStatus.OPEN,
                    outcome="",
                    opened_at=at,
                )
                .on_conflict_do_nothing()
                .returning(ReviewTask.id)
            )
            opened += len(done.all())
    session.flush()
    return opened


def arrange(session: Session, task: ReviewTask, *, holder_id: int | None, due_on: date, at: datetime) -> None:
    """Say who does a task, and until when. Raises Invalid for a day that is over or a person who does not write."""
    _must_be_open(task)
    if due_on < at.date():
        raise Invalid(_("Choose today or a later day."), field="due_on")
    if holder_id is not None and holder_id not in dict(writers(session, task.academy_id, at.date())):
        raise Invalid(_("Choose somebody from the list: they write content at your academy."), field="holder")
    task.was_holder_id, task.was_due_on, task.arranged_at = task.holder_id, task.due_on, at
    task.holder_id, task.due_on = holder_id, due_on
    session.flush()


def close(
    session: Session, task: ReviewTask, status: TaskStatus, *, outcome: str, by_id: int, at: datetime
) -> None:
    """Say that a task is done, or was not needed, with what was done or why. Raises Conflict when it is closed."""
    _must_be_open(task)
    if not outcome.strip():
        says = _("Say what you did.") if status is TaskStatus.DONE else _("Say why nothing has to be done.")
        raise Invalid(says, field="outcome")
    if len(outcome) > LONGEST_OUTCOME:
        raise Invalid(
            _("Keep this under {number} characters.", number=LONGEST_OUTCOME),
            field="outcome",
        )
    task.status, task.outcome = status, outcome.strip()
    task.closed_by, task.closed_at = by_id, at
    session.flush()


def arranged_back(session: Session, academy_id: int, *, arranged_at: datetime) -> int:
    """Let what was arranged in one act be as before, but what was closed or arranged since; gives how many."""
    held = _held(session, academy_id, ReviewTask.arranged_at == arranged_at)
    for task in held:
        task.holder_id, task.due_on = task.was_holder_id, task.was_due_on or task.due_on
        task.was_holder_id = task.was_due_on = task.arranged_at = None
    session.flush()
    return len(held)


def opened_again(session: Session, academy_id: int, *, closed_at: datetime, by_id: int) -> list[int]:
    """Open again what somebody closed in one act; gives the ids."""
    wanted = (ReviewTask.closed_at == closed_at, ReviewTask.closed_by == by_id)
    held = _held(session, academy_id, *wanted, is_open=False)
    for task in held:
        task.status, task.outcome, task.closed_by, task.closed_at = TaskStatus.OPEN, "", None, None
    session.flush()
    return [task.id for task in held]


def open_among(session: Session, academy_id: int, ids: Several[int]) -> Sequence[ReviewTask]:
    """Those of these tasks of an academy that are open, held until the transaction ends."""
    return _held(session, academy_id, ReviewTask.id.in_(sorted(ids)))


def _held(
    session: Session, academy_id: int, *which: ColumnElement[bool], is_open: bool = True
) -> Sequence[ReviewTask]:
    status = ReviewTask.status == TaskStatus.OPEN
    wanted = select(ReviewTask).where(
        ReviewTask.academy_id == academy_id, status if is_open else ~status, *which
    )
    return session.scalars(wanted.order_by(ReviewTask.id).with_for_update()).all()


def find_task(
    session: Session, academy_id: int, task_id: int, *, for_update: bool = False
) -> ReviewTask | None:
    """A task of an academy by id, or None. `for_update` holds it until the transaction ends."""
    wanted = select(ReviewTask).where(ReviewTask.id == task_id, ReviewTask.academy_id == academy_id)
    return session.scalar(wanted.with_for_update() if for_update else wanted)


def writers(session: Session, academy_id: int, day: date) -> list[tuple[int, str]]:
    """Those who write content at an academy on a day: id and name, by name."""
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.academy_id == academy_id,
            Membership.role == Role.INSTRUCTOR,
            counts_on(day),
        )
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in rows]


def _must_be_open(task: ReviewTask) -> None:
    if task.status is not TaskStatus.OPEN:
        raise Conflict(_("Somebody has closed this task since you opened it. Look at what they said."))


def _bibliographies(session: Session, before: int, after: int) -> tuple[Bibliography, Bibliography]:
    kept = [files_of(session, publication_id).get(SOURCES) for publication_id in (before, after)]
    hashes = [file.published if file else None for file in kept]
    content = dict(
        session.execute(
            select(SourceFile.sha256, SourceFile.content).where(
                SourceFile.sha256.in_([h for h in hashes if h])
            )
        ).all()
    )
    was = bibliography_of(content.get(hashes[0] or "", b""))
    return was, was if hashes[0] == hashes[1] else bibliography_of(content.get(hashes[1] or "", b""))


def _superseded(bibliography: Bibliography) -> list[str]:
    return [key for key, source in bibliography.sources.items() if source.status == "superseded"]


def _close(session: Session, academy_id: int, keys: Sequence[str], at: datetime) -> None:
    session.execute(
        update(ReviewTask)
        .where(
            ReviewTask.academy_id == academy_id,
            ReviewTask.source_key.in_(keys),
            ReviewTask.status == TaskStatus.OPEN,
        )
        .values(status=TaskStatus.NOT_NEEDED, outcome=IN_FORCE_AGAIN, closed_at=at)
    )


def _by_file(places: Sequence[Place]) -> Mapping[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in places:
        found.setdefault(place.file, []).append(place)
    return found


def _authors(read: Collection, module: str) -> tuple[str, ...]:
    return read.modules[module].content.authors if module in read.modules else ()
