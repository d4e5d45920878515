"""People whom an act added, taken back: with their records go invitations, history, and an account that is no one's."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pme import audit
from pme.outbox.models import Letter, LetterState
from pme.people.models import Person
from pme.people.models_history import PersonnelChange
from pme.people.models_links import AccountLink
from pme.people.personnel import UNUSABLE
from pme.scope import everywhere
from pme.undoing.models import Change, ChangedRow

AT_ONCE = 500


def take_back(session: Session, change: Change, people: Sequence[int]) -> None:
    """Forget people whose records are gone from the academy already; the letters to them that wait do not go out.

    An account that this act made, that nobody activated and that no other academy knows goes, too; its number
    stands for nobody in the audit trail from then on.
    """
    for begin in range(0, len(people), AT_ONCE):
        _take_back(session, change, people[begin : begin + AT_ONCE])


def _take_back(session: Session, change: Change, some: Sequence[int]) -> None:
    here = change.academy_id
    quiet = {"synchronize_session": False}
    waits = update(Letter).where(
        Letter.academy_id == here,
        Letter.person_id.in_(some),
        Letter.state == LetterState.WAITING,
        Letter.unsure == 0,
    )
    session.execute(
        waits.values(state=LetterState.CALLED_BACK, secrets={}, problem="").execution_options(**quiet)
    )
    for model in (AccountLink, PersonnelChange):
        rows_gone = delete(model).where(model.academy_id == here, model.person_id.in_(some))
        session.execute(rows_gone.execution_options(**quiet))
    with everywhere(session):
        fresh = select(Person.id).where(
            Person.id.in_(some), Person.created_at == change.at, Person.password_hash == UNUSABLE
        )
        audit.forget_aliases(session, _forgotten(session, here, sorted(session.scalars(fresh))))
    session.expire_all()


def _forgotten(session: Session, academy_id: int, people: list[int]) -> list[int]:
    """Delete accounts; gives those that went. Those whom another academy knows, too, stay."""
    if not people:
        return []
    try:
        with session.begin_nested():
            for model in (ChangedRow, Letter):
                theirs = update(model).where(model.academy_id == academy_id, model.person_id.in_(people))
                session.execute(theirs.values(person_id=None).execution_options(synchronize_session=False))
            gone = delete(Person).where(Person.id.in_(people))
            session.execute(gone.execution_options(synchronize_session=False))
    except IntegrityError:
        half = len(people) // 2
        if not half:
            return []
        return [
            *_forgotten(session, academy_id, people[:half]),
            *_forgotten(session, academy_id, people[half:]),
        ]
    return people
