"""What an academy asks to be completed before a course, and who may take it all the same."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pme.content.prerequisites import circle
from pme.db import insert_into
from pme.enrolment.due import LONGEST_REASON
from pme.enrolment.models_admission import Prerequisite, Waiver
from pme.enrolment.noting import note
from pme.errors import Invalid
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _

WHY = lazy("Say why the prerequisite is waived. The reason stays within the academy's staff.")


def prerequisites_of(session: Session, academy_id: int) -> Mapping[str, tuple[str, ...]]:
    """Which courses each course of an academy builds on; a course that builds on none is left out."""
    rows = session.execute(
        select(Prerequisite.course, Prerequisite.needs)
        .where(Prerequisite.academy_id == academy_id)
        .order_by(Prerequisite.course, Prerequisite.needs)
    )
    found: dict[str, tuple[str, ...]] = {}
    for course, needs in rows:
        found[course] = (*found.get(course, ()), needs)
    return found


def set_prerequisites(
    session: Session,
    academy_id: int,
    course: str,
    needs: Collection[str],
    *,
    titles: Mapping[str, str],
    by: int,
    at: datetime,
) -> None:
    """Say what a course builds on at an academy: these, and nothing else.

    Raises Invalid when nobody could ever begin it, because it would lead back to itself.
    """
    kept = prerequisites_of(session, academy_id)
    before, wanted = kept.get(course, ()), tuple(sorted(set(needs)))
    if wanted == before:
        return
    way = circle(course, {**kept, course: wanted})
    if way:
        first, *others = (f"“{titles.get(slug, slug)}”" for slug in way[1:])
        told = first
        for other in others:
            told = _("{chain}, which requires {next}", chain=told, next=other)
        raise Invalid(
            _(
                "Nobody could begin this course: its prerequisites would be {told}. Leave one of them out.",
                told=told,
            ),
            field="needs",
        )
    session.execute(
        delete(Prerequisite).where(Prerequisite.academy_id == academy_id, Prerequisite.course == course)
    )
    session.add_all(Prerequisite(academy_id=academy_id, course=course, needs=slug) for slug in wanted)
    session.flush()
    note(
        session,
        "prerequisites set",
        academy_id=academy_id,
        by=by,
        subject=f"course {course}",
        at=at,
        before={"needs": list(before)},
        after={"needs": list(wanted)},
    )


def waived(session: Session, academy_id: int, course: str, person_ids: Collection[int]) -> frozenset[int]:
    """Who of these persons may take a course without what it builds on."""
    return frozenset(
        session.scalars(
            select(Waiver.person_id).where(
                Waiver.academy_id == academy_id, Waiver.course == course, Waiver.person_id.in_(person_ids)
            )
        )
    )


def waiver_of(session: Session, academy_id: int, course: str, person_id: int) -> Waiver | None:
    """The waiver of a person for a course, or None."""
    return session.scalar(
        select(Waiver).where(
            Waiver.academy_id == academy_id, Waiver.course == course, Waiver.person_id == person_id
        )
    )


def checked_reason(reason: str) -> str:
    """Why a prerequisite is waived. Raises Invalid without a reason, or with a very long one."""
    why = reason.strip()
    if not why:
        raise Invalid(WHY, field="reason")
    if len(why) > LONGEST_REASON:
        raise Invalid(
            _("Keep the reason under {longest_reason} characters.", longest_reason=grouped(LONGEST_REASON)),
            field="reason",
        )
    return why


def waive(
    session: Session, academy_id: int, course: str, person_id: int, *, reason: str, by: int, at: datetime
) -> None:
    """Let a person take a course without what it builds on; again changes nothing. Raises Invalid as above."""
    added = session.execute(
        insert_into(session, Waiver)
        .values(
            academy_id=academy_id,
            course=course,
            person_id=person_id,
            reason=checked_reason(reason),
            by_id=by,
            at=at,
        )
        .on_conflict_do_nothing()
        .returning(Waiver.id)
    ).scalar_one_or_none()
    if added is not None:
        note(
            session,
            "prerequisite waived",
            academy_id=academy_id,
            by=by,
            subject=f"person {person_id}",
            at=at,
            after={"waiver": added, "course": course},
        )
