"""People of an academy in the browser: added, invited, corrected, suspended; what each of the cast may do."""

import csv
import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from pme.audit import AuditEntry, first_broken
from pme.certificates.models import Certificate
from pme.db import Database
from pme.people.models import Membership, Personnel, Role, Standing
from pme.web.stream import BYTE_ORDER_MARK
from tests.conftest import Visits
from tests.support.belongings import give
from tests.support.cast import NOBODY, PASSWORD, email_of
from tests.support.client import Page, Visit
from tests.support.clock import Clock
from tests.support.people import academy_id_of, id_of, link_on, member_of

FRESH = "harbour lantern willow granite"
ADD, KEEP = "Add and invite", "Save"


def page_of(visit: Visit, database: Database, name: str) -> Page:
    """The page of a person."""
    with database.session() as session:
        return visit.get(f"/academy/people/{id_of(session, name)}")


def add(visit: Visit, email: str = "new@home.example", **fields: str) -> Page:
    """Add somebody by the form."""
    form = visit.get("/academy/people/new")
    return form.press(ADD, **({"email": email, "name": "New Person"} | fields))


def sign_in(app: Flask, email: str, password: str) -> Page:
    """Somebody in a browser of their own tries to sign in."""
    return Visit(app, NOBODY).get("/sign-in").submit(email=email, password=password)


def test_somebody_is_added_invited_chooses_a_password_and_is_in(
    app: Flask, database: Database, visit: Visits
):
    irving, guest = visit("irving"), visit(NOBODY)
    shown = add(irving, email="New@Home.example", rank="Sergeant", unit="3rd Signals")
    assert "no mail server" in shown.words
    link = link_on(shown)
    assert sign_in(app, "new@home.example", FRESH).status == 422
    page = guest.get(link)
    assert "Home Academy has invited you" in page.words
    assert "new@home.example" in page.words
    short = page.submit(password="short", again="short")
    assert (short.status, "at least 15 characters" in short.words) == (422, True)
    assert "not the same" in page.submit(password=FRESH, again=FRESH + "s").words
    done = page.submit(password=FRESH, again=FRESH)
    assert (done.path, "account is ready" in done.words) == ("/sign-in", True)
    assert sign_in(app, "new@home.example", FRESH).path == "/learn"
    assert guest.get(link).status == 410
    assert "In use" in irving.get("/academy/people?words=sergeant").words
    with database.session() as session:
        entries = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
        assert {"person added", "invitation sent", "invitation accepted"} <= set(entries)
        assert first_broken(session, academy_id=academy_id_of(session)) is None


def test_whether_an_address_has_an_account_elsewhere_is_told_to_nobody(
    app: Flask, database: Database, visit: Visits
):
    irving, guest = visit("irving"), visit(NOBODY)
    fresh, known = add(irving), add(irving, email=email_of("gray"))
    emails, links = ("new@home.example", email_of("gray")), [link_on(page) for page in (fresh, known)]
    tokens = [link.rpartition("/")[2] for link in links]
    forms = [guest.get(link) for link in links]
    for pages in ((fresh, known), forms):
        told = [
            page.words.replace(email, "").replace(token, "")
            for page, email, token in zip(pages, emails, tokens, strict=True)
        ]
        assert told[0] == told[1]
    wrong = forms[1].submit(password=FRESH, again=FRESH)
    assert (wrong.status, "not its password" in wrong.words) == (422, True)
    assert sign_in(app, email_of("gray"), PASSWORD).path == "/learn"
    assert forms[1].submit(password=PASSWORD, again=PASSWORD).path == "/sign-in"
    with database.session() as session:
        assert member_of(session, "gray").standing(datetime.now(UTC).date()) is Standing.ACTIVE


def test_an_invitation_ends_in_time_is_replaced_by_a_newer_one_and_can_be_withdrawn(
    database: Database, visit: Visits, clock: Clock
):
    irving, guest = visit("irving"), visit(NOBODY)
    first = link_on(add(irving))
    page = page_of(irving, database, "new@home.example")
    second = link_on(page.press("Create a new invitation"))
    assert [guest.get(link).status for link in (first, second)] == [410, 200]
    open_form = guest.get(second)
    page_of(irving, database, "new@home.example").press("Withdraw the invitation")
    assert open_form.submit(password=FRESH, again=FRESH).status == 410
    assert "ended or was withdrawn" in page_of(irving, database, "new@home.example").words
    third = link_on(page_of(irving, database, "new@home.example").press("Create a new invitation"))
    clock.move(minutes=15 * 24 * 60)
    assert guest.get(third).status == 410


def test_a_name_is_corrected_with_its_history_and_a_printed_certificate_keeps_the_old_one(
    database: Database, visit: Visits
):
    give(database, "adams")
    irving = visit("irving")
    form = page_of(irving, database, "adams").follow("Correct the record")
    refused = form.press(KEEP, name="Adams-Okafor Person", unit="3rd Signals")
    assert refused.status == 422
    assert "Say why the name changes" in refused.words
    assert "3rd Signals" in str(refused.tree.xpath("//input[@name='unit']/@value"))
    page = refused.press(KEEP, why="Married.")
    assert page.title == "Captain Adams-Okafor Person"
    history = page.tree.xpath("//table[.//caption[@id='history']]//tbody/tr")
    told = [" ".join(row.xpath("string()").split()).partition("UTC")[2] for row in history]
    assert "NameAdams PersonAdams-Okafor PersonIrving PersonMarried." in "".join(told).replace(" UTC", "")
    assert "Adams-Okafor" in visit("adams").get("/learn").text
    with database.session() as session:
        assert session.scalars(select(Certificate.holder_name)).all() == ["Adams Person"]
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "record corrected")).one()
        assert entry.detail["facts"] == ["name", "unit"]
        assert "Okafor" not in str(entry.detail)


def test_an_academy_prints_and_lists_people_by_the_name_it_knows_them_by(database: Database, visit: Visits):
    with database.writing() as session:
        person = id_of(session, "adams")
        session.execute(update(Personnel).where(Personnel.person_id == person).values(name="A. Known Here"))
    give(database, "adams")
    assert "A. Known Here" in visit("clarke").get("/teach/core").words
    with database.session() as session:
        assert session.scalars(select(Certificate.holder_name)).all() == ["A. Known Here"]


def test_the_list_goes_out_as_a_file_that_no_spreadsheet_runs_and_is_on_record(
    database: Database, visit: Visits
):
    add(visit("irving"), name="=1+1", unit="3rd Signals")
    page = visit("keller").get("/academy/people?words=signals")
    response = page.visit.send("/academy/people.csv", words="signals")
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix(BYTE_ORDER_MARK))))
    assert [dict(zip(rows[0], row, strict=True))["name"] for row in rows[1:]] == ["'=1+1"]
    everybody = page.visit.send("/academy/people.csv").get_data(as_text=True)
    assert "adams@home.example" in everybody
    assert "gray" not in everybody
    with database.session() as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
        assert acts.count("people exported") == 2


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.ACTIVE])
def test_only_an_active_membership_opens_anything(
    app: Flask, database: Database, visit: Visits, standing: Standing
):
    adams = visit("adams")
    with database.writing() as session:
        person = id_of(session, "adams")
        session.execute(update(Membership).where(Membership.person_id == person).values(standing=standing))
    assert adams.fetch("/learn").status_code == 303
    assert sign_in(app, email_of("adams"), PASSWORD).status == 422


def test_after_the_last_day_nothing_opens_also_for_a_browser_that_is_signed_in(
    app: Flask, database: Database, visit: Visits, clock: Clock
):
    clock.at = clock.at.replace(hour=23, minute=59)
    adams, irving = visit("adams"), visit("irving")
    page_of(irving, database, "adams").press("Set the last day", until=clock.at.date().isoformat())
    assert adams.fetch("/learn").status_code == 200
    clock.move(minutes=2)
    assert adams.fetch("/learn").status_code == 303
    assert sign_in(app, email_of("adams"), PASSWORD).status == 422
    assert "Expired until" in irving.get("/academy/people?words=adams").words


def test_who_is_suspended_is_signed_out_at_once_until_let_in_again(
    app: Flask, database: Database, visit: Visits
):
    adams, irving = visit("adams"), visit("irving")
    page = page_of(irving, database, "adams").press("Suspend")
    assert adams.fetch("/learn").status_code == 303
    page.press("Restore access")
    assert adams.fetch("/learn").status_code == 303
    assert sign_in(app, email_of("adams"), PASSWORD).path == "/learn"


def test_nobody_changes_who_stands_above_them_and_an_auditor_only_reads(database: Database, visit: Visits):
    with database.session() as session:
        ids = {
            name: id_of(session, name) for name in ("adams", "clarke", "irving", "jensen", "evans", "lund")
        }
    for who, whom, status in (
        ("irving", "adams", 303),
        ("irving", "clarke", 403),
        ("irving", "irving", 403),
        ("irving", "evans", 403),
        ("jensen", "clarke", 303),
        ("jensen", "jensen", 403),
        ("keller", "adams", 403),
        ("evans", "jensen", 303),
        ("evans", "lund", 403),
    ):
        answer = visit(who).send(f"/academy/people/{ids[whom]}/standing", act="nothing")
        assert answer.status_code == status, (who, whom)
    keller = page_of(visit("keller"), database, "adams")
    assert keller.title == "Captain Adams Person"
    assert keller.tree.xpath("//main//form") == []
    forms = visit("keller").get("/academy/people").tree.xpath("//main//form[@method='post']/@action")
    assert forms == ["/academy/people.csv"]


def test_a_forged_role_is_refused_in_a_sentence(database: Database, visit: Visits):
    with database.session() as session:
        adams = id_of(session, "adams")
    page = visit("irving").post(f"/academy/people/{adams}/roles", roles=["student", "administrator"])
    assert page.status == 422
    assert "You may not give or take this role: academy administrator" in page.words
    with database.session() as session:
        assert member_of(session, "adams").roles == {Role.STUDENT}


def test_a_new_password_ends_every_session_and_its_link_is_good_once(
    app: Flask, database: Database, visit: Visits
):
    adams, guest = visit("adams"), visit(NOBODY)
    link = link_on(page_of(visit("irving"), database, "adams").press("Create a link to a new password"))
    page = guest.get(link)
    assert page.submit(password=FRESH, again=FRESH).path == "/sign-in"
    assert adams.fetch("/learn").status_code == 303
    assert page.submit(password=FRESH + "s", again=FRESH + "s").status == 410
    assert sign_in(app, email_of("adams"), PASSWORD).status == 422
    assert sign_in(app, email_of("adams"), FRESH).path == "/learn"


def test_staff_are_shown_no_link_to_the_password_of_who_signs_in_elsewhere_too(
    database: Database, visit: Visits
):
    irving = visit("irving")
    link = link_on(add(irving, email=email_of("gray")))
    visit(NOBODY).get(link).submit(password=PASSWORD, again=PASSWORD)
    page = page_of(irving, database, "gray").press("Create a link to a new password")
    assert "signs in at another academy too" in page.words
    assert "/reset/" not in page.text


def test_an_address_counts_once_its_owner_confirms_it_with_the_password(
    app: Flask, database: Database, visit: Visits
):
    irving, guest = visit("irving"), visit(NOBODY)
    page = page_of(irving, database, "adams").press("Change the address", email="Adams@New.example")
    confirm = guest.get(link_on(page))
    assert "waits to be confirmed" in page_of(irving, database, "adams").words
    assert confirm.submit(password=FRESH).status == 422
    assert sign_in(app, email_of("adams"), PASSWORD).path == "/learn"
    confirm.submit(password=PASSWORD)
    assert sign_in(app, "adams@new.example", PASSWORD).path == "/learn"
    assert sign_in(app, email_of("adams"), PASSWORD).status == 422
    taken = page_of(irving, database, "baker").press("Change the address", email="adams@new.example")
    assert guest.get(link_on(taken)).submit(password=PASSWORD).status == 409


def test_without_a_mail_server_the_page_of_forgotten_passwords_says_whom_to_ask(visit: Visits):
    page = visit(NOBODY).get("/sign-in").follow("I have forgotten my password")
    assert "Ask the registrar or the administrator" in page.words
    assert page.tree.xpath("//main//form") == []


def test_an_unknown_link_is_the_same_for_every_purpose_and_tires(visit: Visits):
    guest = visit(NOBODY)
    pages = [guest.get(f"/{what}/unknown") for what in ("activate", "reset", "address")]
    assert all((page.status, "This link is not known" in page.words) == (404, True) for page in pages)
    statuses = [guest.fetch("/reset/unknown").status_code for _ in range(60)]
    assert statuses[-1] == 429


def test_an_academy_chooses_its_courses_and_who_is_enrolled_goes_on(database: Database, visit: Visits):
    jensen = visit("jensen")
    page = jensen.get("/academy/courses")
    assert "Captain Clarke Person" in page.words
    page = page.press("Save this choice", offered=["other"])
    assert "These are the courses" in page.words
    assert visit("adams").fetch("/learn/core").status_code == 200
    assert visit("irving").get("/academy/courses").tree.xpath("//main//form") == []
    assert visit("irving").send("/academy/courses", offered="core").status_code == 403
    with database.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "courses chosen")).one()
        assert entry.detail == {"before": {"courses": ["core", "other"]}, "after": {"courses": ["other"]}}


def test_an_instructor_is_appointed_by_a_director_and_teaches_at_once(database: Database, visit: Visits):
    davis = visit("davis")
    assert davis.fetch("/teach/core").status_code == 404
    page_of(visit("jensen"), database, "davis").press(
        "Save these courses", courses=["core", "other", "nowhere"]
    )
    assert davis.fetch("/teach/core").status_code == 200
    assert "Save these courses" not in page_of(visit("irving"), database, "davis").text


def test_the_settings_of_an_academy_are_changed_by_its_administrators_alone(
    database: Database, visit: Visits
):
    page = visit("evans").get("/academy/settings")
    empty = page.press(KEEP, name=" ")
    assert empty.status == 422
    page = page.press(KEEP, name="Lake Academy", support="The chaplain, room 4.")
    assert "Lake Academy" in page.words
    assert visit("irving").get("/academy/settings").tree.xpath("//main//form") == []
    assert visit("frost").get("/academy").title == "Away Academy"
    with database.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "academy changed")).one()
        assert entry.detail["before"] == {"name": "Home Academy"}
        assert "chaplain" not in str(entry.detail)
