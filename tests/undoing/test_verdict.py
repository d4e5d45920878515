"""Undoing never overwrites what somebody did since: each reason in its order."""

import pytest

from pme.undoing.verdict import Why, verdict

STANDS = {"status": "withdrawn", "cohort_id": 3}


@pytest.mark.parametrize(
    ("became", "stands", "more", "why"),
    [
        (STANDS, dict(STANDS), {}, None),
        (STANDS, None, {}, Why.GONE),
        (STANDS, STANDS | {"cohort_id": 4}, {}, Why.CHANGED),
        (None, STANDS, {}, Why.CHANGED),
        (STANDS, STANDS, {"is_above": True, "is_completed": True}, Why.ABOVE),
        (STANDS, STANDS, {"is_completed": True, "is_used": True}, Why.COMPLETED),
        (STANDS, STANDS, {"is_used": True}, Why.BEGUN),
    ],
)
def test_a_row_is_put_back_only_as_it_was_left(
    became: object, stands: object, more: dict[str, bool], why: object
):
    assert verdict(became, stands, **more) is why  # type: ignore[arg-type]
