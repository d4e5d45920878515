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
        ({"cohort_id": 3}, STANDS | {"status": "active"}, {}, None),
        (STANDS, STANDS, {"is_unfit": True, "is_completed": True}, Why.UNFIT),
        (STANDS, STANDS | {"cohort_id": 4}, {"has_entered": True}, Why.ENTERED),
        (STANDS, STANDS | {"cohort_id": 4}, {"is_sent": True, "has_entered": True}, Why.SENT),
    ],
)
def test_a_row_is_put_back_only_as_it_was_left(
    became: object, stands: object, more: dict[str, bool], why: object
):
    assert verdict(became, stands, **more) is why  # type: ignore[arg-type]
