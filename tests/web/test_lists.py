"""Lists are narrowed by their address, say what narrows them, and are come back to as they were left; and the
language that an academy speaks.
"""

from datetime import date

import pytest
from sqlalchemy import select

from pme.db import Database
from pme.enrolment.due import extend
from pme.enrolment.models import Enrolment
from pme.enrolment.service import enrol
from pme.jobs.models import Job, JobStatus
from pme.people.models import Academy, Person, Personnel
from pme.people.queries import person_by_email
from tests.conftest import Visits
from tests.support.cast import HOME, NOBODY, START, email_of
from tests.support.client import Page
from tests.support.graduates import graduate
from tests.support.people import link_on
from tests.web.test_undo import cohort, join, ticked


def test_every_way_back_leads_to_the_list_as_it_was_left(visit: Visits):
    irving = visit("irving")
    listed = irving.get("/academy/people").press("Search", words="Adams", role="student")
    assert "1 person, by name" in listed.words
    person = listed.follow("Captain Adams Person")
    saved = person.press("Set the last day", until="2099-01-01")
    back = saved.follow("People")
    assert "words=Adams" in back.response.request.full_path
    assert "1 person, by name" in back.words
    wider = back.follow("Remove: Words: Adams ×")
    assert "words" not in wider.response.request.full_path
    assert "role=student" in wider.response.request.full_path
    assert "Remove: Words" not in wider.words
    whole = wider.follow("Remove: Role: Student ×")
    assert (
        whole.follow("Captain Evans Person").follow("People").response.request.full_path == "/academy/people?"
    )


@pytest.mark.parametrize(
    ("who", "address", "chip", "kept"),
    [
        (
            "evans",
            "/academy/audit?subject=person+1&since=2020-01-01",
            "To what: person 1",
            "since=2020-01-01",
        ),
        (
            "evans",
            "/academy/reports/completions?courses=core&sort=-name",
            "Courses: Core course",
            "sort=-name",
        ),
        ("clarke", "/author/sources?q=law&used=no", "Search for: law", "used=no"),
    ],
)
def test_what_narrows_a_list_can_be_taken_away_alone(
    visit: Visits, who: str, address: str, chip: str, kept: str
):
    tree = visit(who).get(address).tree
    chips = {
        " ".join(str(one.xpath("string()")).split()): one.get("href")
        for one in tree.xpath("//nav[@class='chips']//a")
    }
    without = chips[f"Remove: {chip} ×"]
    assert kept in without
    assert chip.rpartition(": ")[2].replace(" ", "+") not in without


def test_a_list_with_nothing_in_it_says_whether_that_is_the_filter(visit: Visits):
    irving = visit("irving")
    assert "Nobody takes a course yet" not in irving.get("/academy/enrolments?q=nobody+like+this").words
    assert "Nobody here" in irving.get("/academy/enrolments?q=nobody+like+this").words
    clarke = visit("clarke")
    assert "No draft yet" in clarke.get("/author").words
    assert "No draft found" in clarke.get("/author?q=nothing+like+this").words


def test_an_academy_speaks_its_language_to_whom_it_invites(visit: Visits):
    evans = visit("evans")
    saved = evans.get("/academy/settings").press("Save", language="fr")
    assert "Saved. It applies from now on." in saved.words
    assert evans.get("/academy/settings").tree.xpath("string(//option[@selected])") == "Français"
    shown = evans.get("/academy/people/new?lang=en").press(
        "Add and invite", email="new@home.example", name="New Person"
    )
    link = link_on(shown)
    assert visit(NOBODY).get(link).tree.get("lang") == "fr"
    asked = visit(NOBODY).fetch(link, headers={"Accept-Language": "uk"})
    assert asked.headers["Content-Language"] == "uk"
    assert evans.post("/academy/settings", name="Home", nation="Nowhere", language="xx").status == 422


def test_the_account_shows_the_language_of_pages_and_changes_it(visit: Visits):
    adams = visit("adams")
    page = adams.get("/account")
    assert "you chose none yet" in page.words
    french = page.press("Use this language", to="fr")
    assert (french.path, french.tree.get("lang")) == ("/account", "fr")
    assert french.tree.xpath("string(//select[@id='to']/option[@selected])") == "Français"


def column(page: Page, number: int) -> list[str]:
    """What stands in a column of the list of a page, from the top."""
    assert page.tree is not None
    rows = page.tree.xpath("//main//tbody/tr")
    return [
        " ".join(row.xpath("./th|./td[not(@class='pick')]")[number].xpath("string()").split()) for row in rows
    ]


def test_enrolments_are_sorted_by_their_headings_and_stay_so_after_an_act(visit: Visits, database: Database):
    join(database, "Ivory", "Jasper", "Kestrel")
    with database.writing() as session:
        for name, day in (("Ivory", date(2027, 5, 1)), ("Kestrel", date(2027, 4, 1))):
            taken = session.scalars(
                select(Enrolment).join(Person, Person.id == Enrolment.person_id).where(Person.name == name)
            ).one()
            by = person_by_email(session, email_of("irving"))
            assert by is not None
            extend(session, taken, due_on=day, reason="Ill.", by=by.id, at=START)
    irving = visit("irving")
    listed = irving.get("/academy/enrolments?course=core")
    assert column(listed, 0) == sorted(column(listed, 0), key=lambda name: name.split()[-2:])
    due = listed.follow("Due")
    assert column(due, 0)[:2] == ["Kestrel", "Ivory"], "the first to be due on top, those without a day last"
    last = due.follow("Due ▲")
    assert "sort=-due" in last.response.request.full_path
    assert column(last, 0)[:2] == ["Ivory", "Kestrel"]
    heading = last.tree.xpath("//th[@aria-sort]")
    assert [(one.get("aria-sort"), one.xpath("string()").split()[0]) for one in heading] == [
        ("descending", "Due")
    ]
    one = [value for text, value in last.choices("enrolment").items() if "Jasper" in text]
    after = last.press("Withdraw those chosen", enrolment=one)
    assert "sort=-due" in after.response.request.full_path
    assert "course=core" in after.response.request.full_path
    assert column(after, 0)[:2] == ["Ivory", "Kestrel"]
    narrower = after.press("Show", q="ivory")
    assert "sort=-due" in narrower.response.request.full_path
    assert irving.get("/academy/enrolments?sort=nothing").status == 200


def test_cohorts_and_certificates_are_sorted_by_their_headings(visit: Visits, database: Database):
    for name in ("Winter", "Autumn", "Spring"):
        cohort(database, name)
    irving = visit("irving")
    by_name = irving.get("/academy/cohorts").follow("Cohort")
    assert column(by_name, 0) == sorted(column(by_name, 0))
    assert column(by_name.follow("Cohort ▲"), 0) == sorted(column(by_name, 0), reverse=True)
    with database.writing() as session:
        baker = person_by_email(session, email_of("baker"))
        home = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        assert baker is not None
        enrol(session, baker.id, home, course="core", at=START)
        for name in ("baker", "adams"):
            graduate(session, name, at=START)
    latest = irving.get("/academy/certificates")
    numbers = column(latest, 0)
    assert numbers == sorted(numbers, reverse=True)
    assert column(latest.follow("Issued ▼"), 0) == sorted(numbers)
    by_holder = latest.follow("Holder")
    assert column(by_holder, 1) == sorted(column(by_holder, 1))
    kept = by_holder.press("Search", state="valid")
    assert "sort=holder" in kept.response.request.full_path
    assert "Remove: State: Valid ×" in kept.words


def test_notices_of_what_is_over_are_put_away_together_and_stay_in_the_list(
    visit: Visits, database: Database
):
    with database.writing() as session:
        home = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        irving = person_by_email(session, email_of("irving"))
        jensen = person_by_email(session, email_of("jensen"))
        assert irving is not None
        assert jensen is not None
        for who, status in (
            (irving.id, JobStatus.DONE),
            (irving.id, JobStatus.CANCELLED),
            (irving.id, JobStatus.WAITING),
            (jensen.id, JobStatus.DONE),
        ):
            session.add(
                Job(
                    kind="report",
                    academy_id=home,
                    person_id=who,
                    title=f"A file {status.value}",
                    payload={},
                    created_at=START,
                    not_before=START,
                    status=status,
                )
            )
    page = visit("irving").get("/academy/jobs").press("Dismiss 2 notices")
    assert "2 notices are dismissed." in page.words
    assert "A file done" in page.words
    assert "Dismiss 2" not in page.words
    home_page = visit("irving").get("/academy").words
    assert "A file waiting" in home_page
    assert "A file done" not in home_page
    assert "A file done" in visit("jensen").get("/academy").words, "each puts away their own"


def test_people_are_sorted_both_ways_by_their_headings_and_the_same_by_the_form(
    visit: Visits, database: Database
):
    join(database, "Ivory", "Jasper", "Kestrel")
    with database.writing() as session:
        for name, unit in (("Ivory", "Second Company"), ("Kestrel", "First Company")):
            person = session.scalars(select(Personnel).where(Personnel.name == name)).one()
            person.unit = unit
    irving = visit("irving")
    by_unit = irving.get("/academy/people?role=student").follow("Unit")
    assert column(by_unit, 0)[:2] == ["Kestrel", "Ivory"], "whoever has no unit stands last"
    down = by_unit.follow("Unit ▲")
    assert "sort=-unit" in down.response.request.full_path
    assert "role=student" in down.response.request.full_path
    assert column(down, 0)[:2] == ["Ivory", "Kestrel"], "the other way round, too"
    searched = down.press("Search", words="Company")
    assert "sort=-unit" in searched.response.request.full_path
    assert column(searched, 0) == ["Ivory", "Kestrel"]
    back = searched.follow("Ivory").follow("People")
    assert "sort=-unit" in back.response.request.full_path
    by_form = irving.get("/academy/people").press("Search", sort="-newest")
    newest = irving.get("/academy/people").press("Search", sort="newest")
    assert column(newest, 0) == column(by_form, 0)[::-1]
    assert "newest first" in newest.words
    assert column(irving.get("/academy/people?order=unit&role=student"), 0) == column(by_unit, 0)
    by_address = irving.get("/academy/people?sort=address")
    assert column(by_address, 3) == sorted(column(by_address, 3))
    acted = down.press("Suspend", person=ticked(down, "person", "Jasper"))
    assert "sort=-unit" in acted.response.request.full_path
