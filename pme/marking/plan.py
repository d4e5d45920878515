"""How the essays of one quiz are marked in one cohort: who reads twice, what tolerance, what is checked.

Pure. Without a plan one marker reads each script, by its code, and marks wait for a release.
"""

from dataclasses import dataclass
from enum import StrEnum

from pme.errors import Invalid
from pme.words.numbers import grouped
from pme.words.speech import _

MOST_TOLERANCE, MOST_BORDER = 1_000, 50


class Second(StrEnum):
    """Which scripts a second marker reads."""

    NONE = "none"
    SAMPLE = "sample"
    ALL = "all"


@dataclass(frozen=True)
class Plan:
    """The rules of marking. Percentages are 0-100; `tolerance` is in points of the essay.

    `border` is the band around the pass mark, in percentage points of the attempt, whose scripts always
    join the sample for a second marker. `seed` decides the draws; the same seed draws the same scripts.
    `is_blind`: neither marker sees the other's mark before both are finished. `is_named`: markers see names.
    `is_prompt`: marks finished after a first release are released at once.
    """

    second: Second = Second.NONE
    sample_percent: int = 20
    border: int = 5
    tolerance: int = 1
    is_blind: bool = True
    moderation_percent: int = 0
    is_named: bool = False
    is_prompt: bool = False
    seed: str = ""


def check(plan: Plan) -> None:
    """Raises Invalid, with the field, where a number of the plan makes no sense."""
    if not 1 <= plan.sample_percent <= 100:  # noqa: PLR2004
        raise Invalid(_("Give a share from 1 to 100 percent."), field="sample_percent")
    if not 0 <= plan.moderation_percent <= 100:  # noqa: PLR2004
        raise Invalid(
            _("Give a share from 0 to 100 percent; 0 is no moderation."), field="moderation_percent"
        )
    if not 0 <= plan.border <= MOST_BORDER:
        raise Invalid(_("Give from 0 to {most} percentage points.", most=MOST_BORDER), field="border")
    if not 0 <= plan.tolerance <= MOST_TOLERANCE:
        raise Invalid(
            _("Give from 0 to {most} points.", most=grouped(MOST_TOLERANCE)),
            field="tolerance",
        )
