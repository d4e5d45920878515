"""The ways through a scenario: counted by choice, by ending and by critical failure."""

import pytest

from pme.assessment.statistics_figures import TooFew, value_of
from pme.assessment.statistics_paths import Walk, path_figures

LISTENED = Walk((("d1", "listen", "d2"), ("d2", "help", "sound")), "sound", frozenset())
SHOUTED = Walk((("d1", "shout", "d2"), ("d2", "help", "gaps")), "gaps", frozenset({"CA1"}))
LEFT = Walk((("d1", "listen", "d3"), ("d3", "go", "gaps")), "gaps", frozenset({"CA2"}))


@pytest.fixture
def walked():
    """Twenty students on three ways."""
    return path_figures(
        {LISTENED: 12, SHOUTED: 5, LEFT: 3}, endings=("sound", "gaps", "harm"), critical=("CA1", "CA2", "CA3")
    )


def test_every_choice_is_a_share_of_those_who_stood_before_the_decision(walked):
    shares = {
        (edge.node, edge.choice, edge.leads_to): (edge.count, value_of(edge.share)) for edge in walked.edges
    }
    assert shares == {
        ("d1", "listen", "d2"): (12, 0.6),
        ("d1", "listen", "d3"): (3, 0.15),
        ("d1", "shout", "d2"): (5, 0.25),
        ("d2", "help", "sound"): (12, pytest.approx(12 / 17)),
        ("d2", "help", "gaps"): (5, pytest.approx(5 / 17)),
        ("d3", "go", "gaps"): (3, None),
    }


def test_a_choice_that_leads_to_different_places_tells_each(walked):
    assert [(edge.leads_to, edge.count) for edge in walked.edges_from("d1", "listen")] == [
        ("d2", 12),
        ("d3", 3),
    ]
    assert walked.edges_from("d1", "nothing") == ()


def test_endings_and_critical_failures_that_nobody_met_are_told_too(walked):
    assert [(each.id, each.count, value_of(each.share)) for each in walked.endings] == [
        ("sound", 12, 0.6),
        ("gaps", 8, 0.4),
        ("harm", 0, 0.0),
    ]
    assert [(each.id, each.count) for each in walked.failures] == [("CA1", 5), ("CA2", 3), ("CA3", 0)]


def test_the_number_of_ways_and_the_commonest_are_told(walked):
    assert (walked.n, walked.distinct, walked.commonest) == (20, 3, 12)


def test_nobody_walked_is_too_few_for_any_share():
    nobody = path_figures({}, endings=("sound",), critical=())
    assert (nobody.n, nobody.commonest, nobody.edges) == (0, 0, ())
    assert nobody.endings[0].share == TooFew(0, 10)
