"""Whatever is corrected and taken back in whatever order: the results in force are those of what is left."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from pme.assessment.corrections import CorrectionKind, kinds_for
from pme.assessment.models_regrade import Regrade, Revision
from pme.assessment.regrades import correction_of, sittings
from pme.errors import Invalid
from tests.regrade.every_type import ITEMS, RIGHT, WRONG, correction, quiz, sit, student
from tests.regrade.test_acts import RECORD, Class, a_class, rows_of

EACH = [(kind, item.id) for item in ITEMS for kind in kinds_for(item)]
ACTS = st.lists(st.tuples(st.sampled_from(EACH), st.integers(0, 9)), min_size=1, max_size=6)
GIVEN = {item: [RIGHT[item], WRONG[item], ()] for item in RIGHT}
SHEET = st.fixed_dictionaries({item: st.sampled_from(answers) for item, answers in GIVEN.items()})
Sheet = dict[str, tuple[str, ...]]
Act = tuple[tuple[CorrectionKind, str], int]
calm = settings(
    deadline=None,
    derandomize=True,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def expected(taught: Class, in_force: Sequence[Regrade]) -> list[tuple[object, ...]]:
    """Every result, worked out from nothing but the answers and what is in force."""
    corrections = [correction_of(regrade) for regrade in in_force]
    return [
        (s.attempt_id, s.after.percent, s.after.is_passed, s.after.level, s.after.result)
        for s in sittings(taught.session, taught.scope, taught.version.content, corrections)
    ]


@pytest.mark.alike(0)
@calm
@given(sheets=st.lists(SHEET, min_size=1, max_size=3), acts=ACTS, sure=st.sampled_from([None, 1, 3]))
def test_results_are_those_of_the_corrections_left_and_in_the_end_those_of_the_day(
    session: Session,
    sheets: list[dict[str, tuple[str, ...]]],
    acts: list[tuple[tuple[CorrectionKind, str], int]],
    sure: int | None,
):
    with session.begin_nested() as nested:
        taught = a_class(session, quiz(min_percent=50, critical=("many",)))
        for number, sheet in enumerate(sheets):
            sit(session, student(session, number), taught.version, sheet, sure=sure, points=number)
        record, day = rows_of(session, *RECORD), taught.earned()
        in_force: list[Regrade] = []
        for (kind, item), which in acts:
            former = taught.earned()
            try:
                regrade = taught.apply(correction(kind, item))
            except Invalid:
                assert taught.earned() == former
                continue
            in_force.append(regrade)
            assert taught.earned() == expected(taught, in_force)
            if which < 3:  # taken back at once: exactly what was
                taught.undo(in_force.pop())
                assert taught.earned() == former
            elif which < 6:  # an older one is taken back: what is left counts
                taught.undo(in_force.pop(0))
                assert taught.earned() == expected(taught, in_force)
        for regrade in reversed(in_force):
            taught.undo(regrade)
        assert taught.earned() == day
        assert not any(result.is_revised for result in taught.results())
        assert rows_of(session, *RECORD) == record
        nested.rollback()


@pytest.mark.parametrize(("kind", "item"), [(CorrectionKind.KEY, "single"), (CorrectionKind.VOID, "many")])
def test_a_revision_is_written_only_where_the_result_is_another(
    session: Session, kind: CorrectionKind, item: str
):
    taught = a_class(session)
    sit(session, student(session, 1), taught.version, RIGHT | {item: ()})
    taught.apply(correction(kind, item))
    written = rows_of(session, Revision)
    assert len(written) == int(kind is CorrectionKind.VOID)
