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
    theirs = update(ChangedRow).where(ChangedRow.academy_id == here, ChangedRow.person_id.in_(some))
    letters = update(Letter).where(Letter.academy_id == here, Letter.person_id.in_(some))
    with everywhere(session):
        fresh = select(Person.id).where(
            Person.id.in_(some),
            Person.created_at == change.at,
            Person.password_hash == UNUSABLE,
        )
        accounts = set(session.scalars(fresh))
        gone: set[int] = set()
        for person_id in sorted(accounts):
            try:
                with session.begin_nested():
                    for rows in (theirs, letters):
                        own = rows.where(rows.table.c.person_id == person_id)
                        session.execute(own.values(person_id=None).execution_options(**quiet))
                    session.execute(delete(Person).where(Person.id == person_id).execution_options(**quiet))
            except IntegrityError:
                continue  # another academy knows them, too: the account stays
            gone.add(person_id)
        audit.forget_aliases(session, gone)
    session.expire_all()
