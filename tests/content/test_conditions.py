"""The little language of conditions: what it knows, and all that it refuses."""

import pytest

from pme.content.conditions import holds, names_in
from pme.errors import Invalid

VALUES = {"trust": 2, "told": 1, "seen": 0}


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("trust >= 2", True),
        ("trust < 2", False),
        ("trust <= 1", False),
        ("trust > -1", True),
        ("trust == 2 and told", True),
        ("seen or not told", False),
        ("not (seen or trust != 2)", True),
        ("0 < trust <= 2", True),
        ("0 < trust <= 1", False),
        ("2", True),
        (None, True),
    ],
)
def test_a_condition_holds_when_it_is_true(condition: str | None, truth: bool):
    assert holds(condition, VALUES) is truth


def test_the_names_of_a_condition_are_known():
    assert names_in("trust >= 2 and not told") == {"trust", "told"}


@pytest.mark.parametrize(
    "condition",
    [
        "", "trust >=", "trust = 2", "trust + 1", "trust is 2", "trust in seen", "f(trust)", "trust.real", "trust[0]",
        "'a' < 'b'", "1.5 < trust", "True", "lambda: 1", "(yield)", "trust if told else seen", "__import__('os')",
        "+trust",
        "trust < (seen in told)", "not f()", "f() and 1", "~trust", "trust\x00", "a" * 201,
    ],
)  # fmt: skip
def test_everything_else_is_outside_the_grammar(condition: str):
    with pytest.raises(Invalid):
        names_in(condition)
    with pytest.raises(Invalid):
        holds(condition, VALUES)


def test_a_name_without_a_value_is_refused():
    with pytest.raises(Invalid, match="neither state nor flag"):
        holds("calm > 1", VALUES)
