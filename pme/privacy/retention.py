"""How long an academy keeps each class of data: its own rules over the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.errors import Invalid
from pme.privacy.classes import CLASSES, MOST_YEARS, Class, Kept
from pme.privacy.models import RetentionRule
from pme.signs import fit
from pme.words.speech import _

LONGEST_BASIS = 300


@dataclass(frozen=True)
class Rule:
    """What holds for a class at an academy. `is_own`: set by the academy, not the default."""

    kept: Kept
    about: Class
    years: int
    basis: str
    is_kept: bool
    is_own: bool


def rules_of(session: Session, academy_id: int) -> Mapping[Kept, Rule]:
    """The rules of an academy, every class."""
    own = {
        row.kept: row
        for row in session.scalars(select(RetentionRule).where(RetentionRule.academy_id == academy_id))
    }
    return {
        kept: Rule(
            kept, about, row.years, row.basis, about.always or (row.is_kept and about.outlives), is_own=True
        )
        if (row := own.get(kept))
        else Rule(kept, about, about.years, about.basis, about.outlives, is_own=False)
        for kept, about in CLASSES.items()
    }


def stays_of(rules: Mapping[Kept, Rule]) -> frozenset[Kept]:
    """The classes of which rows stay, without a name, when somebody is erased."""
    return frozenset(kept for kept, rule in rules.items() if rule.is_kept)


def set_rule(
    session: Session,
    academy_id: int,
    kept: Kept,
    *,
    years: str,
    basis: str,
    is_kept: bool,
    by: int,
    at: datetime,
) -> tuple[Rule, Rule]:
    """Set how long a class is kept; gives the rule before and after. Raises Invalid, naming the field."""
    text = years.strip()
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_YEARS):
        raise Invalid(_("Give whole years from 0 to {most}.", most=MOST_YEARS), field="years")
    reason = " ".join(fit(basis).split())
    if not reason:
        raise Invalid(_("Say on what basis it is kept, in a sentence or by its article."), field="basis")
    if len(reason) > LONGEST_BASIS:
        raise Invalid(_("Keep this under {most} characters.", most=LONGEST_BASIS), field="basis")
    before = rules_of(session, academy_id)[kept]
    found = select(RetentionRule).where(RetentionRule.academy_id == academy_id, RetentionRule.kept == kept)
    row = session.scalar(found.with_for_update()) or RetentionRule(academy_id=academy_id, kept=kept)
    row.years, row.basis = int(text), reason
    row.is_kept = CLASSES[kept].always or (is_kept and CLASSES[kept].outlives)
    row.changed_by, row.changed_at = by, at
    session.add(row)
    session.flush()
    return before, rules_of(session, academy_id)[kept]
