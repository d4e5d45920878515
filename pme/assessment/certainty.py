"""Certainty-based marking: what an answer earns by how sure the student said they were.

Pure. The scheme is Gardner-Medwin's (“Confidence-based marking”, in Bryan & Clegg, Innovative Assessment in
Higher Education, 2006; https://tmedwin.net/cbm): a right answer earns 1, 2 or 3 points, a wrong one 0, -2 or
-6. To say 2 pays from two chances in three of being right, to say 3 from four in five, so that nobody gains
by saying anything but what they think. Points are divided by 3, so that full credit is 1.
"""

from fractions import Fraction

SURE = (1, 2, 3)
UNSAID = 1
"""What counts where a student answers and does not say how sure they are: nothing can be lost."""
FULL = 3
IF_RIGHT = {1: 1, 2: 2, 3: 3}
IF_WRONG = {1: 0, 2: -2, 3: -6}


def certain_credit(credit: Fraction, sure: int | None) -> Fraction:
    """What a credit of 0-1 becomes, -2 to 1, with the certainty of 1-3 that was said.

    Partial credit lies on the straight line between wrong and right: a credit of 1/2 earns half of what
    right earns and loses half of what wrong loses.
    """
    said = sure if sure in SURE else UNSAID
    return (credit * IF_RIGHT[said] + (1 - credit) * IF_WRONG[said]) / FULL


def points(certain: float) -> str:
    """A certain credit in the points that the student was told of, like “2” or “−6”."""
    number = f"{abs(certain * FULL):.1f}".removesuffix(".0")
    return f"−{number}" if certain < 0 and number != "0" else number
