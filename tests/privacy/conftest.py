"""Who is to be erased."""

import pytest
from flask import Flask
from sqlalchemy import update

from pme.db import Database
from pme.people.models import Personnel
from tests.conftest import Visits
from tests.privacy.told import MARGIN, NAME, NUMBER, RANK, THOUGHT, UNIT, give_more
from tests.support.belongings import Belongings, give, keep_pdf
from tests.support.essays import give_script, person_of
from tests.support.student import BASICS


@pytest.fixture
def own(app: Flask, database: Database, visit: Visits) -> Belongings:
    """All that Adams, under a name that nobody else has, may own at the academy."""
    with database.writing() as session:
        adams = person_of(session, "adams")
        adams.name, adams.rank = NAME, RANK
        session.execute(
            update(Personnel)
            .where(Personnel.person_id == adams.id)
            .values(name=NAME, rank=RANK, external_id=NUMBER, unit=UNIT, nation="Quiet Isles")
        )
    found = give(database, "adams")
    code = give_script(database, "adams")
    keep_pdf(app, found)
    adams_visit = visit("adams")
    debrief = adams_visit.get(f"/attempts/scenario/{found.debrief}/debrief")
    debrief.press("Save and share it with my instructors", prompt_0=THOUGHT)
    adams_visit.get(f"{BASICS}/first").press("Save the note", text=MARGIN)
    adams_visit.post("/news/seen")
    clarke = visit("clarke")
    clarke.get(f"/teach/attempts/{found.debrief}")
    with database.writing() as session:
        give_more(session, found, code)
    return found
