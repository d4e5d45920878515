"""Who may give which role: nobody more than they hold, nobody to their own superior."""

import pytest

from pme.people.granting import GRANTS, MEANS, OF_AN_ACADEMY, WORDS, grantable, may_change, refused_roles
from pme.people.models import Role

S, I, V = Role.STUDENT, Role.INSTRUCTOR, Role.REVIEWER  # noqa: E741
R, D, U, A = Role.REGISTRAR, Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR


@pytest.mark.parametrize(
    ("held", "can_give"),
    [
        ({A}, {S, I, V, R, D, U, A}),
        ({D}, {S, I, V}),
        ({R}, {S}),
        ({Role.INSTALL}, {A}),
        ({U}, set()),
        ({I}, set()),
        ({V}, set()),
        ({S}, set()),
        ({S, R}, {S}),
        (set(), set()),
    ],
)
def test_each_role_gives_what_the_table_says_and_nothing_else(held: set[Role], can_give: set[Role]):
    assert grantable(held) == can_give


def test_only_an_administrator_makes_another_and_nobody_of_an_academy_makes_one_of_the_installation():
    assert {role for role in Role if A in GRANTS[role]} == {A, Role.INSTALL}
    assert not any(Role.INSTALL in given for given in GRANTS.values())


@pytest.mark.parametrize(
    ("held", "theirs", "may"),
    [
        ({A}, {A, R}, True),
        ({A}, {Role.INSTALL}, False),
        ({D}, {S, I}, True),
        ({D}, {D}, False),
        ({D}, {S, R}, False),
        ({R}, {S}, True),
        ({R}, {S, I}, False),
        ({R}, {R}, False),
        ({U}, set(), False),
    ],
)
def test_who_holds_a_role_that_one_cannot_give_is_not_changed(held: set[Role], theirs: set[Role], may: bool):
    assert may_change(held, theirs) is may


def test_taking_a_role_needs_as_much_as_giving_it():
    assert refused_roles({R}, {S, I}, {S}) == {I}
    assert refused_roles({R}, {S}, {S, D}) == {D}
    assert refused_roles({D}, {S, A}, {I, A}) == set()


def test_every_role_has_its_words():
    assert set(WORDS) == set(MEANS) == set(GRANTS) == set(Role)
    assert set(OF_AN_ACADEMY) == set(Role) - {Role.INSTALL}
