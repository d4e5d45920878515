"""Acts of practice: answer a check, put it together step by step, try it again.

Every act expects its enrolment locked in a writing transaction, flushes, never commits, and may be repeated
without harm.
"""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from pme.assessment.answers import Answer
from pme.content.shapes import PageCheck
from pme.db import insert_into
from pme.enrolment.models import Enrolment
from pme.practice.checks import digest_of
from pme.practice.models import CheckAnswer


def keep_answer(
    session: Session,
    enrolment: Enrolment,
    check: PageCheck,
    *,
    answer: Answer,
    sure: int | None,
    is_told: bool,
    at: datetime,
) -> None:
    """Keep an answer, and tell what is right from now on where `is_told`.

    What has been told stays as it was until it is tried again: a second click changes nothing.
    """
    kept = {
        "digest": digest_of(check),
        "answer": list(answer),
        "sure": sure,
        "is_told": is_told,
        "saved_at": at,
    }
    session.execute(
        insert_into(session, CheckAnswer)
        .values(enrolment_id=enrolment.id, bank=check.bank, item=check.item.id, **kept)
        .on_conflict_do_update(
            index_elements=[CheckAnswer.enrolment_id, CheckAnswer.bank, CheckAnswer.item],
            set_=kept,
            where=or_(CheckAnswer.is_told.is_(False), CheckAnswer.digest != kept["digest"]),
        )
    )


def try_again(session: Session, enrolment: Enrolment, check: PageCheck) -> None:
    """Forget an answer, so that the question is open again."""
    session.execute(
        delete(CheckAnswer).where(
            CheckAnswer.enrolment_id == enrolment.id,
            CheckAnswer.bank == check.bank,
            CheckAnswer.item == check.item.id,
        )
    )
