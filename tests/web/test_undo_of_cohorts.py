"""Who teaches a cohort and what it does with optional modules is undone, unless somebody changed it since."""

from sqlalchemy import delete, select

from pme.content.publish import publish
from pme.db import Database
from pme.enrolment.models import CohortInstructor, CohortModule
from pme.people.models import Teaching
from pme.people.service import appoint
from tests.conftest import Visits
from tests.support.belongings import give
from tests.support.cast import START
from tests.support.library import course, library
from tests.support.people import academy_id_of, id_of


def arranged(database: Database, cohort: int) -> tuple[list[int], list[str]]:
    """Who teaches a cohort, and which modules it arranges."""
    with database.session() as session:
        people = select(CohortInstructor.person_id).where(CohortInstructor.cohort_id == cohort)
        modules = select(CohortModule.module).where(CohortModule.cohort_id == cohort)
        return sorted(session.scalars(people)), sorted(session.scalars(modules))


def test_instructors_and_modules_of_a_cohort_are_put_back(visit: Visits, database: Database):
    own = give(database, "adams")
    some = course("core", "Core course", ("basics", "further")).model_copy(update={"required": ("basics",)})
    with database.writing() as session:
        publish(session, library(some), by_id=None, at=START, note="one module is optional")
        appoint(session, id_of(session, "davis"), academy_id_of(session), "core")
        clarke, davis = id_of(session, "clarke"), id_of(session, "davis")
    irving = visit("irving")
    page = irving.get(f"/academy/cohorts/{own.cohort}")
    page.press("Save the instructors", person=[str(clarke)])
    before = arranged(database, own.cohort)
    done = irving.get(page.path).press("Save the instructors", person=[str(davis)])
    assert arranged(database, own.cohort)[0] == [davis]
    undone = done.press("Undo")
    assert "Undone: the cohort is as before." in undone.words
    assert undone.path == page.path
    assert arranged(database, own.cohort) == before == ([clarke], [])
    done = irving.get(page.path).press("Save the modules", **{"module-further": "left-out"})
    assert "Undone: the cohort is as before." in done.press("Undo").words
    assert arranged(database, own.cohort) == before

    done = irving.get(page.path).press("Save the instructors", person=[str(davis)])
    irving.get(page.path).press("Save the modules", **{"module-further": "required"})
    with database.writing() as session:
        session.execute(delete(Teaching).where(Teaching.person_id == clarke))
    left = done.press("Undo")
    assert "The cohort was left as it is" in left.words
    assert "the earlier state is no longer possible" in left.words
    assert arranged(database, own.cohort) == ([davis], ["further"])
    assert visit("clarke").get("/changes").tree.xpath("//tbody/tr") == []
