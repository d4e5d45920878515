"""Reads about reminders: how an academy wants them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.people.models import Academy
from pme.reminders.models import ReminderSetting
from pme.reminders.rules import Arrangement, Reminder


def arrangement_of(session: Session, academy_id: int) -> Arrangement:
    """How an academy wants reminders: as it said, or as is usual."""
    zone = session.scalars(select(Academy.time_zone).where(Academy.id == academy_id)).one()
    kept = session.scalar(select(ReminderSetting).where(ReminderSetting.academy_id == academy_id))
    if kept is None:
        return Arrangement(zone=zone)
    return Arrangement(
        zone=zone,
        quiet_from=kept.quiet_from,
        quiet_to=kept.quiet_to,
        due_days=kept.due_days,
        recertification_days=kept.recertification_days,
        marking_days=kept.marking_days,
        off=frozenset(Reminder(each) for each in kept.off),
    )
