"""Harmful choices in scenarios: for each choice that judgement holds to be bad, how many people took it."""

from collections import Counter

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, Decision, Task
from pme.content.inline_text import plain_text
from pme.content.shapes import DecisionNode, Scenario
from pme.reports.datasets.chart import Drawn
from pme.reports.datasets.column import WHOSE, By, Column, Kind, Row, Shape
from pme.reports.datasets.critical import editions_taken
from pme.reports.datasets.query import COURSE, Ask, Dataset, only
from pme.reports.datasets.taken import attempts, counted, course_title, scenarios_of
from pme.words.lazily import lazy

GOOD = 0.5
"""From this credit on (0-1) a choice is not harmful: the middle of the scale of ratings."""
SHAPE = Shape(
    name="harmful-choices",
    title=lazy("Harmful choices in scenarios"),
    says=lazy("How many people made a choice that the authors or a panel rate as harmful. This report shows which "
    "choices are wrong: do not show it to people who take the course."),
    version=1,
    columns=(
        *COURSE,
        Column(
            "scenario",
            lazy("Scenario"),
            Kind.TEXT,
            lazy("Name of the scenario in addresses; it never changes."),
            in_files_only=True,
        ),
        Column("scenario_title", lazy("Scenario title"), Kind.TEXT,
            lazy("Title of the latest edition that was taken."),
       ),
        Column(
            "decision",
            lazy("Decision"),
            Kind.TEXT,
            lazy("Short name of the decision within the scenario."),
            in_files_only=True,
        ),
        Column("prompt", lazy("Decision text"), Kind.TEXT, lazy("What was to be decided, in words.")),
        Column(
            "choice",
            lazy("Choice"),
            Kind.TEXT,
            lazy("Short name of the choice within the decision."),
            in_files_only=True,
        ),
        Column("choice_text", lazy("Choice text"), Kind.TEXT, lazy("The choice in words.")),
        Column("rating", lazy("Rating"), Kind.NUMBER, lazy("Mean rating of the choice, from 1 (harmful) to 4 (best).")),
        Column(
            "critical",
            lazy("Critical"),
            Kind.YES,
            lazy("Whether a choice of the same decision concerns a critical action; critical actions have "
                 "a report of their own."),
        ),
        Column(
            "students",
            lazy("Students"),
            Kind.WHOLE,
            lazy("People whose first attempt was at an edition with the choice."),
            unit="people",
        ),
        Column(
            "taken",
            lazy("Chosen by"),
            Kind.WHOLE,
            lazy("People who made this choice and did not change it."),
            unit="people",
        ),
        Column(
            "taken_percent",
            lazy("Chosen by, share"),
            Kind.NUMBER,
            lazy("Their share of all people counted."),
            unit="percent",
        ),
    ),
    filters=only(By.PERIOD, By.COURSE, *WHOSE),
    sort="-taken_percent",
    period="first attempted",
)  # fmt: skip
Place = tuple[str, str, str, str]


def lines(session: Session, ask: Ask) -> list[Row]:
    """A line for each harmful choice of each scenario that was taken, whether anybody took it or not."""
    editions: dict[tuple[str, str], int] = {}
    met: Counter[Place] = Counter()
    editions_met = session.execute(editions_taken(ask)).all()
    scenarios = scenarios_of(session, (row.version_id for row in editions_met))
    for course, slug, version_id, number in editions_met:
        editions[course, slug] = max(editions.get((course, slug), 0), version_id)
        met.update(
            {
                (course, slug, node.id, choice.id): number
                for node in scenarios[version_id].decisions
                for choice in node.choices
            }
        )
    taken: Counter[Place] = Counter()
    for *place, number in session.execute(_taken(ask)):
        taken[tuple(place)] += number  # type: ignore[index]  # four texts
    return [
        _row(ask, scenario, node, course, place, met[key], taken[key])
        for (course, slug), version_id in sorted(editions.items())
        for scenario in [scenarios[version_id]]
        for node in scenario.decisions
        for place, choice in enumerate(node.choices)
        for key in [(course, slug, node.id, choice.id)]
        if choice.key.credit < GOOD
    ]


def _row(
    ask: Ask, scenario: Scenario, node: DecisionNode, course: str, place: int, met: int, taken: int
) -> Row:
    choice = node.choices[place]
    return (
        course,
        course_title(ask, course),
        scenario.slug,
        scenario.title,
        node.id,
        plain_text(node.prompt),
        choice.id,
        plain_text(choice.text_html),
        choice.key.mean,
        any(each.critical or each.satisfies for each in node.choices),
        met,
        taken,
        100 * taken / met,
    )


def _taken(ask: Ask) -> Select[str, str, str, str, int]:
    place = (Attempt.course, Attempt.slug, Decision.node, Decision.choice)
    return (
        select(*place, func.count(Attempt.id.distinct()))
        .select_from(attempts(ask).join(Decision, Decision.attempt_id == Attempt.id))
        .where(*counted(ask, Task.SCENARIO), Decision.taken_back_at.is_(None))
        .group_by(*place)
    )


CHOICES = Dataset(
    SHAPE,
    lines=lines,
    chart=Drawn(
        lazy("Chosen by, of those who took the scenario"),
        (lazy("Choice"), lazy("Chosen by")),
        ("scenario_title", "choice_text"),
        "taken_percent",
    ),
    tasks=(Task.SCENARIO,),
    at_most=15_000,
)
