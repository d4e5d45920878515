"""Who must approve a draft before it is published: functions, who holds them, and which are missing still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from pme.authoring.models import Draft, DraftStatus
from pme.authoring.models_review import FunctionHolder, ReviewAct, ReviewFunction, ReviewKind
from pme.authoring.queries import files_digest
from pme.db import insert_into
from pme.errors import Conflict, Invalid, NotFound
from pme.people.counting import counts_on
from pme.people.models import Membership, Person, Role
from pme.words.speech import _

LONGEST_NAME = 80
MOST_FUNCTIONS = 20
UNDER_REVIEW = (DraftStatus.IN_REVIEW, DraftStatus.APPROVED)


@dataclass(frozen=True)
class FunctionLine:
    """A function as it is listed, with the ids of those who hold it."""

    id: int
    name: str
    is_required: bool
    holders: frozenset[int]


def functions_of(session: Session, academy_id: int) -> list[FunctionLine]:
    """The functions of an academy, by name."""
    holders: dict[int, set[int]] = {}
    for function_id, person_id in session.execute(
        select(FunctionHolder.function_id, FunctionHolder.person_id)
        .join(ReviewFunction, ReviewFunction.id == FunctionHolder.function_id)
        .where(ReviewFunction.academy_id == academy_id)
    ):
        holders.setdefault(function_id, set()).add(person_id)
    rows = session.execute(
        select(ReviewFunction.id, ReviewFunction.name, ReviewFunction.is_required)
        .where(ReviewFunction.academy_id == academy_id)
        .order_by(ReviewFunction.name)
    )
    return [FunctionLine(*row, frozenset(holders.get(row[0], ()))) for row in rows]


def are_required(session: Session, academy_id: int) -> bool:
    """Whether an academy asks for any approval before something is published in the browser."""
    return any(each.is_required for each in functions_of(session, academy_id))


def reviewers_of(session: Session, academy_id: int, day: date) -> Sequence[tuple[int, str]]:
    """Those who review at an academy on a day: id and name, by name."""
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.academy_id == academy_id,
            Membership.role == Role.REVIEWER,
            counts_on(day),
        )
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in rows]


def missing(session: Session, draft: Draft) -> list[str]:
    """The functions that must still approve the state that the draft is in now, by name.

    An approval counts for the files that it was given for and since review was last asked for: any save
    makes it void, and so does taking the draft back.
    """
    required = {each.id: each.name for each in functions_of(session, draft.academy_id) if each.is_required}
    if not required:
        return []
    if draft.status not in UNDER_REVIEW:
        return sorted(required.values())
    given = set(session.scalars(select(ReviewAct.function_id).where(*_valid(session, draft))))
    return sorted(name for function_id, name in required.items() if function_id not in given)


def has_approval(session: Session, draft: Draft) -> bool:
    """Whether anybody has approved the state that the draft is in now."""
    return bool(session.scalars(select(ReviewAct.id).where(*_valid(session, draft)).limit(1)).all())


def add_function(session: Session, academy_id: int, name: str) -> ReviewFunction:
    """Add a function that reviewers may hold. Raises Invalid for a name that is empty, long or taken."""
    name = " ".join(name.split())
    known = functions_of(session, academy_id)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            _("Give the function a name of at most {number} characters.", number=LONGEST_NAME),
            field="name",
        )
    if any(each.name.casefold() == name.casefold() for each in known):
        raise Invalid(_("There is a function of this name already."), field="name")
    if len(known) >= MOST_FUNCTIONS:
        raise Invalid(
            _(
                "There are {number} functions already. Remove one first.",
                number=MOST_FUNCTIONS,
            ),
            field="name",
        )
    function = ReviewFunction(academy_id=academy_id, name=name, is_required=False)
    session.add(function)
    session.flush()
    return function


def require_function(session: Session, function: ReviewFunction, *, is_required: bool, day: date) -> None:
    """Say whether nothing is published without it. Raises Conflict when nobody who holds it could approve."""
    holders = next(
        each.holders for each in functions_of(session, function.academy_id) if each.id == function.id
    )
    active = {person_id for person_id, _ in reviewers_of(session, function.academy_id, day)}
    if is_required and not holders & active:
        raise Conflict(
            _(
                "Nobody reviews as {name} yet, so nothing could be published. Name a reviewer first.",
                name=function.name,
            )
        )
    function.is_required = is_required
    session.flush()


def remove_function(session: Session, function: ReviewFunction) -> None:
    """Take a function away. Raises Conflict once somebody has approved as it: that stays on record."""
    if session.scalar(select(func.count()).where(ReviewAct.function_id == function.id)):
        raise Conflict(
            _(
                "Drafts were approved as {name}, which stays on record. Stop requiring it instead.",
                name=function.name,
            )
        )
    session.execute(delete(FunctionHolder).where(FunctionHolder.function_id == function.id))
    session.delete(function)
    session.flush()


def hold(session: Session, function: ReviewFunction, person_id: int, *, is_held: bool, day: date) -> None:
    """Let a reviewer speak for a function, or not any more. Again changes nothing.

    Raises NotFound for somebody who is no reviewer of the academy.
    """
    if person_id not in {each for each, _ in reviewers_of(session, function.academy_id, day)}:
        raise NotFound(_("This person is not a reviewer of your academy."))
    if is_held:
        session.execute(
            insert_into(session, FunctionHolder)
            .values(function_id=function.id, person_id=person_id)
            .on_conflict_do_nothing()
        )
    else:
        session.execute(
            delete(FunctionHolder).where(
                FunctionHolder.function_id == function.id, FunctionHolder.person_id == person_id
            )
        )
    session.flush()


def find_function(session: Session, academy_id: int, function_id: int) -> ReviewFunction | None:
    """A function of an academy by id, held until the transaction ends; or None."""
    return session.scalar(
        select(ReviewFunction)
        .where(ReviewFunction.id == function_id, ReviewFunction.academy_id == academy_id)
        .with_for_update()
    )


def _valid(session: Session, draft: Draft) -> tuple[ColumnElement[bool], ...]:
    asked = select(func.coalesce(func.max(ReviewAct.id), 0)).where(
        ReviewAct.draft_id == draft.id, ReviewAct.kind != ReviewKind.APPROVED
    )
    return (
        ReviewAct.draft_id == draft.id,
        ReviewAct.kind == ReviewKind.APPROVED,
        ReviewAct.digest == files_digest(session, draft.id),
        ReviewAct.id > asked.scalar_subquery(),
    )
