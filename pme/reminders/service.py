"""The one act on reminders: an academy says how it wants them."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from pme import audit
from pme.db import insert_into
from pme.people.models import Academy
from pme.reminders.models import ReminderSetting
from pme.reminders.queries import arrangement_of
from pme.reminders.rules import Arrangement


def arrange(session: Session, academy_id: int, wanted: Arrangement, *, by: int, at: datetime) -> bool:
    """Keep how an academy wants reminders, and its time zone; tells whether anything was different."""
    was = arrangement_of(session, academy_id)
    if was == wanted:
        return False
    session.execute(
        insert_into(session, ReminderSetting)
        .values(academy_id=academy_id, **facts_of(wanted))
        .on_conflict_do_update(index_elements=[ReminderSetting.academy_id], set_=facts_of(wanted))
    )
    session.execute(update(Academy).where(Academy.id == academy_id).values(time_zone=wanted.zone))
    before, after = ({"zone": each.zone, **facts_of(each)} for each in (was, wanted))
    audit.record(
        session,
        "reminders arranged",
        actor=f"person {by}",
        subject=f"academy {academy_id}",
        at=at,
        academy_id=academy_id,
        detail={"before": before, "after": after},
    )
    return True


def facts_of(arranged: Arrangement) -> dict[str, object]:
    """An arrangement as it is stored."""
    return {
        "quiet_from": arranged.quiet_from,
        "quiet_to": arranged.quiet_to,
        "due_days": arranged.due_days,
        "recertification_days": arranged.recertification_days,
        "marking_days": arranged.marking_days,
        "off": sorted(arranged.off),
    }
