"""What somebody wrote, and what was written of it, inside rows that stay: taken out on erasure.

Choices among what everybody was shown stay, since the quality of questions is computed from them; words that
were typed go, and so do the comments of markers. What was earned is kept with the attempt.
"""

import json
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.privacy.finding import table_of, theirs
from pme.privacy.holdings import NAMELESS


def forget_words(session: Session, academy_id: int, person_id: int) -> None:
    """Take typed answers, the comments on them, and why a completion or certificate was revoked, out of what stays."""
    response, attempt, mark = (table_of(name) for name in ("response", "attempt", "mark"))
    found = session.execute(
        select(response.c.id, response.c.item, attempt.c.draw)
        .join(attempt, attempt.c.id == response.c.attempt_id)
        .where(theirs(response, person_id, academy_id))
    ).all()
    typed = [number for number, item, draw in found if not draw.get("options", {}).get(item)]
    for begin in range(0, len(typed), 500):
        batch = typed[begin : begin + 500]
        session.execute(update(response).where(response.c.id.in_(batch)).values(answer=[]))
    for event in (table_of("completion_event"), table_of("certificate_event")):
        session.execute(
            update(event)
            .where(theirs(event, person_id, academy_id), event.c.reason != "")
            .values(reason=NAMELESS)
        )
    marks = session.execute(
        select(mark.c.id, mark.c.judgement).where(theirs(mark, person_id, academy_id))
    ).all()
    for number, judgement in marks:
        bare = {"levels": judgement.get("levels", {}), "comments": {}, "comment": ""}
        session.execute(update(mark).where(mark.c.id == number).values(judgement=bare))


def forget_in_rosters(session: Session, academy_id: int, words: Sequence[str]) -> None:
    """Empty the spreadsheets of an academy's people, and what they would have done, that name somebody."""
    roster = table_of("roster")
    kept = select(roster.c.id, roster.c.table_rows, roster.c.changes, roster.c.problems, roster.c.name)
    named = [word.casefold() for word in words if word]
    for number, *texts in session.execute(kept.where(roster.c.academy_id == academy_id)).all():
        text = json.dumps(texts, ensure_ascii=False).casefold()
        if any(word in text for word in named):
            session.execute(
                update(roster)
                .where(roster.c.id == number)
                .values(table_rows=None, changes=[], problems=[], name=NAMELESS)
            )
