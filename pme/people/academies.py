"""Academies as a whole: how many people each has, and its own settings. Numbers of people, never their results."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Invalid
from pme.people.counting import counts_on
from pme.people.memberships import By
from pme.people.models import Academy, Membership, Role, Standing
from pme.words.languages import LANGUAGES
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _

LONGEST = {
    "name": 200,
    "nation": 80,
    "support": 4_000,
    "signatory_name": 120,
    "signatory_role": 120,
    "second_signatory_name": 120,
    "second_signatory_role": 120,
    "language": 2,
}
NEEDED = {"name": lazy("Give the academy's name."), "nation": lazy("Give the academy's nation.")}


@dataclass(frozen=True)
class Numbers:
    """How many people of an academy can sign in, are invited, and administer it."""

    in_use: int = 0
    invited: int = 0
    administrators: int = 0


def all_academies(session: Session, day: date) -> list[tuple[Academy, Numbers]]:
    """Every academy of the installation by name, with numbers of people."""
    people = func.count(distinct(Membership.person_id))
    counts = counts_on(day)

    def by_academy(*conditions: object) -> dict[int, int]:
        rows = session.execute(
            select(Membership.academy_id, people)
            .where(Membership.role != Role.INSTALL, *conditions)  # type: ignore[arg-type]
            .group_by(Membership.academy_id)
        )
        return {row[0]: row[1] for row in rows}

    in_use, invited = by_academy(counts), by_academy(Membership.standing == Standing.INVITED)
    administrators = by_academy(counts, Membership.role == Role.ADMINISTRATOR)
    return [
        (one, Numbers(in_use.get(one.id, 0), invited.get(one.id, 0), administrators.get(one.id, 0)))
        for one in session.scalars(select(Academy).order_by(Academy.name, Academy.id))
    ]


def find_academy(session: Session, academy_id: int, *, for_update: bool = False) -> Academy | None:
    """The academy of this id, or None."""
    wanted = select(Academy).where(Academy.id == academy_id)
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if for_update else wanted)


def change_settings(session: Session, academy: Academy, values: dict[str, str], by: By) -> list[str]:
    """Change what an academy says of itself; tells what changed. Raises Invalid where something is missing."""
    for name, text in values.items():
        if len(text) > LONGEST[name]:
            raise Invalid(
                _("Keep this under {longest} characters.", longest=grouped(LONGEST[name])), field=name
            )
        if name in NEEDED and not text.strip():
            raise Invalid(NEEDED[name], field=name)
    kept = {name: text.strip() for name, text in values.items()}
    if kept.get("language") not in (None, "", *LANGUAGES):
        raise Invalid(_("Choose one of the languages in the list."), field="language")
    changed = [name for name, text in kept.items() if (getattr(academy, name) or "") != text]
    if not changed:
        return []
    shown = [name for name in changed if name in NEEDED]
    before = {name: getattr(academy, name) for name in shown}
    for name in changed:
        setattr(academy, name, kept[name] if name != "language" else kept[name] or None)
    session.flush()
    audit.record(
        session,
        "academy changed",
        actor=by.actor,
        subject=f"academy {academy.id}",
        at=by.at,
        academy_id=academy.id,
        detail={"settings": changed, "before": before, "after": {name: kept[name] for name in shown}},
    )
    return changed
