"""The page for commanders: what it tells of a course, and that nothing on it gives away what one to four people did."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.service import begin
from pme.content.catalogue import current
from pme.content.shapes import Completion
from pme.enrolment.models import Enrolment
from pme.people.models import Academy, Person
from pme.progress.models import CompletionEvent, EventKind
from pme.reports.commander.few import FEW, OTHERS, Span, bounds, is_few, part, spans, units
from pme.reports.commander.months import Months, latest, month_in, told
from pme.reports.commander.read import ForCommanders, for_commanders
from pme.reports.commander.reteach import Failure, Result, Standing, findings
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.read import rows
from tests.support.belongings import take
from tests.support.cast import AWAY, HOME, START
from tests.support.completed import Learner, bring
from tests.support.library import course, module

MARCH = Months("2026-03", "2026-04")


def test_nobody_can_work_out_a_month_in_which_few_completed_it():
    """Whoever knows the rule, and reads all that is shown, finds at least two numbers for every such month."""
    shown: dict[tuple[Span, ...], list[tuple[int, ...]]] = defaultdict(list)
    for numbers in product(range(10), repeat=4):
        told_of = spans([(str(month), number) for month, number in enumerate(numbers)])
        assert not any(is_few(span.people) for span in told_of)
        if told_of:
            assert sum(span.people for span in told_of) == sum(numbers)
            shown[told_of].append(numbers)
        else:
            assert is_few(sum(numbers))
    for told_of, possible in shown.items():
        for month in range(4):
            values = {numbers[month] for numbers in possible}
            # at the end of the range that was tried, two may look like one
            if any(is_few(value) for value in values) and max(span.people for span in told_of) <= 9:
                assert len(values) > 1, (told_of, month)


def test_what_part_of_people_did_something_is_told_only_where_neither_side_is_few():
    assert part(5, 10).told == "5 of 10 (50\u00a0%)"
    assert part(0, 8).told == "0 of 8 (0\u00a0%)"
    assert (part(4, 20).told, part(4, 20).percent) == ("fewer than 5 of 20", None)
    assert (part(16, 20).told, part(16, 20).percent) == ("all but a few of 20", None)
    assert part(3, 4).told == part(0, 4).told == "too few people to show a number"
    for whole in range(FEW, 40):
        by_words = defaultdict(set)
        for number in range(whole + 1):
            by_words[part(number, whole).told].add(number)
            low, high = bounds(number, whole)
            assert low <= number <= high
        for words, possible in by_words.items():
            few = any(is_few(each) or is_few(whole - each) for each in possible)
            assert not few or len(possible) > 1, words


def test_units_of_few_people_are_told_together_and_never_alone():
    counts = {"1st": (20, 3), "2nd": (6, 10), "3rd": (3, 9), "4th": (0, 2), "5th": (0, 6)}
    lines = {line.name: (line.completed, line.waiting) for line in units(counts, most=8)}
    assert lines == {"2nd": (6, "10"), "5th": (0, "6"), OTHERS: (23, "14")}  # the 1st joins them by its name
    assert units({"1st": (3, 0)}, most=8) == ()
    assert [line.name for line in units({f"{n}": (n, 0) for n in range(5, 20)}, most=2)] == [
        "19",
        "18",
        OTHERS,
    ]


def test_a_standing_says_no_more_of_a_hidden_number_than_the_number_itself():
    content = module("m", "Basics", Completion())
    for whole in range(FEW, 30):
        by_words = defaultdict(set)
        for number in range(whole + 1):
            found = findings(
                course("c", "C", ("m",)), [content], [Result("m", "LO1", "A check", whole, number)], []
            )
            by_words[part(number, whole).told].add((found.assessed, found.mastered, found.reteach))
        assert all(len(standings) == 1 for standings in by_words.values())


def test_what_to_teach_again_is_what_few_master_or_many_fail_at_with_where_it_is_taught():
    content = module("m", "Basics", Completion())
    first, *others = content.pages
    outcomes = tuple(each.model_copy(update={"serves": ("CO1",)}) for each in content.outcomes)
    content = content.model_copy(
        update={"pages": (first.model_copy(update={"outcomes": ("LO1",)}), *others), "outcomes": outcomes}
    )
    found = findings(
        course("c", "C", ("m",)),
        [content],
        [
            Result("m", "LO1", "A check", 40, 10),
            Result("m", "LO2", "A check", 40, 35),
            Result("m", "LO2", "Ash", 4, 0),
        ],
        [Failure("m", frozenset({"LO2"}), "Ash", "Leave no one.", 20, 8)],
    )
    assert (found.assessed, found.mastered) == (2, 1)
    assert found.served[0].standings == (Standing.LOW, Standing.MASTERED)
    assert [(each.outcome, each.pages) for each in found.reteach] == [
        (outcomes[0].text, (first.title,)),
        (outcomes[1].text, ()),
    ]
    assert found.reteach[0].evidence == ("A check: 10 of 40 (25\u00a0%) mastered it",)
    assert found.reteach[1].evidence == (
        "A check: 35 of 40 (88\u00a0%) mastered it",
        "Ash: 8 of 20 (40\u00a0%) failed at “Leave no one.”",
    )


def test_a_period_is_of_whole_months():
    assert latest(date(2026, 11, 26)) == Months("2025-12", "2026-11")
    assert (MARCH.since, MARCH.until) == (date(2026, 3, 1), date(2026, 4, 30))
    assert Months("2025-11", "2026-02").all == ("2025-11", "2025-12", "2026-01", "2026-02")
    assert Months("2026-11", "2026-12").until == date(2026, 12, 31)
    assert (month_in(" 2026-03 "), month_in("2026-13"), month_in("March"), month_in(None)) == ("2026-03",) + (
        None,
    ) * 3
    assert told("2026-03", "2026-03") == "March 2026"
    assert told("2025-12", "2026-01") == "December 2025 to January 2026"
    assert told("2026-01", "2026-03") == "January to March 2026"


def page(session: Session, months: Months = MARCH, academy: str = HOME) -> ForCommanders:
    home = session.scalars(select(Academy.id).where(Academy.slug == academy)).one()
    content = current(session).courses_by_slug["core"].content
    return for_commanders(session, home, content, months, at=START + timedelta(days=40))


def play(session: Session, number: int, *choices: str) -> None:
    """Somebody who was brought takes these choices."""
    scenario = current(session).scenarios_by_slug["checkpoint"]
    found = select(Enrolment).join(Person).where(Person.email == f"learner{number}@home.example")
    attempt = begin(session, session.scalars(found).one(), scenario, module="basics", at=START)
    take(session, attempt, *(f"CANARY-{choice}" for choice in choices))


CROWD = [
    *(Learner(f"One {n}", unit="1st", after=n) for n in range(7)),
    *(Learner(f"Two {n}", unit="2nd", after=35 if n < 6 else None) for n in range(12)),
    *(Learner(f"Three {n}", unit="3rd", after=36) for n in range(3)),
    *(Learner(f"Four {n}", unit="4th", after=36) for n in range(3)),
]


def test_a_page_tells_what_the_reports_tell_and_leaves_few_people_out(session: Session):
    enrolments = bring(session, CROWD)
    bring(session, [Learner(f"Away {n}", unit="Far", after=1) for n in range(9)], academy=AWAY)
    for number in range(20):
        play(session, number, "listen" if number < 17 else "shout", "nothing" if number < 9 else "help")
    found = page(session)
    assert found.completed == 19
    assert [(span.first, span.people) for span in found.spans] == [("2026-03", 7), ("2026-04", 12)]
    assert [(line.name, line.completed, line.waiting) for line in found.units] == [
        ("1st", 7, "0"),
        ("2nd", 6, "6"),
        (OTHERS, 6, "fewer than 5"),  # and the students of the cast, of no unit
    ]
    assert [(line.told, line.percent) for line in found.wrong] == [("9 of 20 (45\u00a0%)", 45)]
    assert found.unseen == 1  # three who shouted
    exact = {row[4]: row[8] for row in rows(session, "critical-failures", 1, at=START + timedelta(days=40))}
    assert exact == {"CA1": 3, "CA2": 9}
    assert found.choices == ()  # its decisions bear on critical actions, which are told already
    harmful = {row[6]: row[11] for row in rows(session, "harmful-choices", 1, at=START + timedelta(days=40))}
    assert harmful == {"CANARY-shout": 3, "CANARY-wait": 0, "CANARY-nothing": 9}
    session.add(
        CompletionEvent(
            academy_id=1, enrolment_id=enrolments[0], course="core", kind=EventKind.REVOKED, percent=75,
            reason="It was an error.", at=START,
        )
    )  # fmt: skip
    session.flush()
    assert page(session).completed == 18
    assert page(session, academy=AWAY).completed == 9


@pytest.mark.parametrize("many", [0, 3])
def test_a_page_about_nobody_or_few_has_no_number(session: Session, many: int):
    bring(session, CROWD[:many])
    found = page(session)
    assert found.completed == (0 if many == 0 else None)
    assert (found.units, found.wrong, found.findings.reteach, found.is_assessed) == ((), (), (), False)
    assert sum(span.people for span in found.spans) == 0


def test_choices_are_counted_once_for_a_person_and_only_where_they_kept_to_them(session: Session):
    bring(session, CROWD[:8])
    for number in range(8):
        play(session, number, "wait", "help" if number else "nothing")
    lines = list(rows(session, "harmful-choices", 1, Filters(unit="1st"), at=START))
    assert {row[6]: (row[10], row[11]) for row in lines} == {
        "CANARY-shout": (7, 0),
        "CANARY-wait": (7, 7),
        "CANARY-nothing": (7, 1),
    }
