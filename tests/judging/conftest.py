"""A panel of the home academy on the checkpoint scenario, and people to sit on it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content.catalogue import current
from pme.content.shapes import Quiz, Scenario
from pme.judging.models import Method, Panel, Panellist, Trade
from pme.judging.service import hand_in, invite, open_panel, options_of, save_ratings, subjects_of
from pme.people.models import Academy, Person
from tests.support.cast import HOME, START, email_of

DUE = START + timedelta(days=14)
Rates = Callable[[str, str], int]


def panel_on(session: Session, slug: str = "checkpoint", method: Method = Method.RATING) -> Panel:
    """Clarke opens a panel at home."""
    catalogue = current(session)
    content = catalogue.scenario(slug) or catalogue.quiz(slug)
    assert content is not None
    return open_panel(
        session,
        content,
        method=method,
        academy_id=session.scalars(select(Academy.id).where(Academy.slug == HOME)).one(),
        course="core",
        title="The gate",
        purpose="To check the key.",
        due_at=DUE,
        by_id=session.scalars(select(Person.id).where(Person.email == email_of("clarke"))).one(),
        at=START,
    )


def seat(
    session: Session, panel: Panel, count: int, trades: Sequence[Trade] = tuple(Trade)
) -> list[Panellist]:
    """Invite so many people, of these trades in turn."""
    return [
        invite(
            session,
            panel,
            name=f"Panellist {number}",
            email=f"p{number}@panel.example",
            trade=trades[number % len(trades)],
            years=number,
            by_id=panel.opened_by,
            at=START,
        ).panellist
        for number in range(count)
    ]


def rate_all(session: Session, panel: Panel, panellist: Panellist, rates: Rates) -> None:
    """Rate everything and hand the round in."""
    content = content_of(session, panel)
    subjects = subjects_of(panel.method, content)
    for subject in subjects:
        values = {option: rates(subject.id, option) for option in options_of(subject)}
        save_ratings(session, panel, panellist, subject.id, values=values, reason="", at=START)
    hand_in(session, panel, panellist, subjects, at=START)


def content_of(session: Session, panel: Panel) -> Scenario | Quiz:
    """What the panel judges."""
    catalogue = current(session)
    found = catalogue.scenario(panel.slug) or catalogue.quiz(panel.slug)
    assert found is not None
    return found.content


@pytest.fixture
def panel(session: Session) -> Panel:
    """A rating panel in round one."""
    return panel_on(session)
