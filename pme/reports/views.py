"""Acts on saved views and their schedules, and reads of them. A view is its maker's; shared, all staff see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from pme.errors import Invalid
from pme.people.models import Person, Personnel
from pme.people.queries import NAME_THERE, known_at
from pme.reports.datasets.filters import Filters
from pme.reports.files.form import Form
from pme.reports.models import ReportSchedule, ReportView
from pme.reports.rhythm import Covers, Rhythm, Way, next_run
from pme.words.lazily import lazy

LONGEST_NAME = 80
MOST_VIEWS = 200
NO_NAME = lazy("Give the view a name, so that you can find it again.")
TAKEN = lazy("You have a view of this report under this name already. Choose another name.")
TOO_MANY = lazy("You have {most} views already. Delete one that is not needed any more.", most=MOST_VIEWS)


@dataclass(frozen=True)
class Listed:
    """A view in a list, with who made it."""

    view: ReportView
    maker: str
    is_own: bool


def save_view(
    session: Session,
    *,
    academy_id: int,
    person_id: int,
    dataset: str,
    name: str,
    filters: Filters,
    sort: str,
    is_shared: bool,
    at: datetime,
) -> ReportView:
    """Keep a report as it is narrowed and sorted. Raises Invalid where its name is missing or taken."""
    name = name.strip()
    if not name:
        raise Invalid(NO_NAME, field="name")
    own = select(ReportView.name, ReportView.dataset).where(
        ReportView.academy_id == academy_id, ReportView.person_id == person_id
    )
    kept = session.execute(own).all()
    if (name, dataset) in {(row.name, row.dataset) for row in kept}:
        raise Invalid(TAKEN, field="name")
    if len(kept) >= MOST_VIEWS:
        raise Invalid(TOO_MANY, field="name")
    view = ReportView(
        academy_id=academy_id,
        person_id=person_id,
        dataset=dataset,
        name=name,
        filters=filters.kept(),
        sort=sort,
        is_shared=is_shared,
        created_at=at,
    )
    session.add(view)
    session.flush()
    return view


def delete_view(session: Session, view: ReportView) -> None:
    """Take a view away, with everything that is made of it by itself."""
    session.execute(
        delete(ReportSchedule).where(
            ReportSchedule.academy_id == view.academy_id, ReportSchedule.view_id == view.id
        )
    )
    session.delete(view)
    session.flush()


def schedule(
    session: Session,
    view: ReportView,
    *,
    person_id: int,
    rhythm: Rhythm,
    covers: Covers,
    form: Form,
    way: Way,
    marking: str,
    at: datetime,
) -> ReportSchedule:
    """Let a view be made by itself, from the next time on."""
    made = ReportSchedule(
        academy_id=view.academy_id,
        view_id=view.id,
        person_id=person_id,
        rhythm=rhythm,
        covers=covers,
        form=form,
        way=way,
        marking=marking,
        created_at=at,
        next_at=next_run(rhythm, after=at),
        problem="",
    )
    session.add(made)
    session.flush()
    return made


def find_view(
    session: Session, view_id: int, *, academy_id: int, person_id: int, for_update: bool = False
) -> ReportView | None:
    """A view that a person may see: their own, or one that is shared at their academy."""
    found = select(ReportView).where(ReportView.id == view_id, *_seen(academy_id, person_id))
    return session.scalar(found.with_for_update() if for_update else found)


def find_schedule(
    session: Session, schedule_id: int, *, academy_id: int, person_id: int
) -> ReportSchedule | None:
    """A schedule of a person's own."""
    return session.scalar(
        select(ReportSchedule).where(
            ReportSchedule.id == schedule_id,
            ReportSchedule.academy_id == academy_id,
            ReportSchedule.person_id == person_id,
        )
    )


def views_of(session: Session, *, academy_id: int, person_id: int) -> list[Listed]:
    """The views that a person may see, by name."""
    rows = session.execute(
        select(ReportView, NAME_THERE)
        .join(Person, Person.id == ReportView.person_id)
        .outerjoin(Personnel, known_at(ReportView.academy_id, ReportView.person_id))
        .where(*_seen(academy_id, person_id))
        .order_by(ReportView.name, ReportView.id)
    )
    return [Listed(view, maker, view.person_id == person_id) for view, maker in rows]


def schedules_of(session: Session, view: ReportView, *, person_id: int) -> Sequence[ReportSchedule]:
    """How a person lets a view be made by itself."""
    return session.scalars(
        select(ReportSchedule)
        .where(
            ReportSchedule.academy_id == view.academy_id,
            ReportSchedule.view_id == view.id,
            ReportSchedule.person_id == person_id,
        )
        .order_by(ReportSchedule.id)
    ).all()


def _seen(academy_id: int, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        ReportView.academy_id == academy_id,
        or_(ReportView.person_id == person_id, ReportView.is_shared),
    )
