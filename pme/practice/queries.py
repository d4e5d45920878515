"""Reads about practice: what a student has answered to the checks of a page."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.practice.checks import Given, Name
from pme.practice.models import CheckAnswer


def given_to(session: Session, enrolment_id: int, names: Iterable[Name]) -> dict[Name, Given]:
    """What is kept of these checks, in one query, and in none where there are none."""
    wanted = set(names)
    if not wanted:
        return {}
    rows = session.scalars(
        select(CheckAnswer).where(
            CheckAnswer.enrolment_id == enrolment_id, CheckAnswer.bank.in_({bank for bank, _ in wanted})
        )
    )
    return {
        (row.bank, row.item): Given(row.digest, tuple(row.answer), row.sure, row.is_told)
        for row in rows
        if (row.bank, row.item) in wanted
    }
