"""The stories of people behind the album: added, invited, corrected, shut out; academies and their settings."""

import io
from dataclasses import replace

from pme.config import Settings
from pme.config_mail import Mail
from pme.db import Database
from pme.people.models import Role
from pme.people.personnel import Facts, add_member
from tests.browser.album import Album
from tests.support.cast import NOBODY, PASSWORD, email_of
from tests.support.client import Page, Visit
from tests.support.people import academy_id_of, administrator, id_of, link_on
from tests.support.work import run_jobs

FRESH = "harbour lantern willow granite"
PEOPLE = "/academy/people"


def kept(album: Album, cast: dict[str, Visit], database: Database) -> None:
    """Irving adds and invites, Jensen appoints, Evans keeps the settings, Keller only reads, Lund adds an academy."""
    with database.session() as session:
        adams, davis = (f"{PEOPLE}/{id_of(session, name)}" for name in ("adams", "davis"))
    searches = (
        PEOPLE,
        f"{PEOPLE}?page=2",
        f"{PEOPLE}?words=nobody+like+this",
        f"{PEOPLE}?standing=active&role=student",
    )
    for name in ("irving", "keller"):
        album.walk(cast[name], (*searches, adams, "/academy/courses", "/academy/settings"), "as they are")
    _by_spreadsheet(album, cast["irving"])
    _invited(album, cast["irving"], cast[NOBODY])
    _corrected(album, cast, adams, davis)
    _called_back(album, cast["irving"], database)
    _installed(album, cast["lund"])


def _called_back(album: Album, irving: Visit, database: Database) -> None:
    """Letters to two people wait for their time, and are called back."""
    own: Settings = album.app.extensions["pme_settings"]
    album.app.extensions["pme_settings"] = replace(
        own, mail=Mail("127.0.0.1", 1, "none", "", "", "pme@home.example")
    )
    with database.writing() as session:
        for name in ("Oto", "Ana"):
            facts, by = Facts(name=f"{name} Person"), administrator(session)
            email = f"{name.lower()}@home.example"
            add_member(session, academy_id_of(session), email=email, facts=facts, roles={Role.STUDENT}, by=by)
    waiting = irving.get(f"{PEOPLE}?standing=invited")
    assert waiting.tree is not None
    button = next(text for text in waiting.tree.xpath("//button/text()") if text.startswith("Invite all"))
    sent = album.take(waiting.press(button), "letters that wait")
    album.walk(irving, ("/changes",), "letters that wait")
    album.take(sent.press("Cancel sending"), "letters called back")
    album.app.extensions["pme_settings"] = own


def _by_spreadsheet(album: Album, irving: Visit) -> None:
    form = album.take(irving.get(f"{PEOPLE}/spreadsheet"), "nothing sent")
    album.take(form.press("Check it"), "no file")
    lines = "email;name;rank;course;cohort;shoe size\n", "adams@home.example;;Major;other;Autumn;42\n"
    good, bad = "".join(lines), "".join((*lines, "nobody;;;;;\n"))
    for text, when in ((bad, "with a problem"), (good, "looked through")):
        file = (io.BytesIO(text.encode()), "people.csv")
        album.take(form.press("Check it", file=file), when)
    page = form.press("Check it", file=(io.BytesIO(good.encode()), "people.csv"))
    album.take(page.press("Carry out all changes"), "asked for")
    album.take(irving.get(page.path), "under way")
    album.take(irving.get("/changes"), "nothing lately")
    run_jobs(album.app)
    done = album.take(irving.get(page.path), "carried out")
    change = album.take(done.follow("Undo it, or see what cannot be undone"), "a spreadsheet")
    album.take(change.press("Undo"), "a spreadsheet undone")
    album.take(irving.get(form.path), "some sent")


def _invited(album: Album, irving: Visit, guest: Visit) -> None:
    form = album.take(irving.get(f"{PEOPLE}/new"), "nothing entered")
    album.take(form.press("Add and invite", email="who", name=" "), "neither address nor name")
    given = {"email": "new@home.example", "name": "New Person", "unit": "3rd Signals", "external_id": "N-1"}
    shown = album.take(form.press("Add and invite", **given), "added")
    album.take(form.press("Add and invite", **given), "added twice")
    page = album.take(irving.get(shown.tree.xpath("//main//a[.='Go on']/@href")[0]), "invited")
    link = link_on(shown)
    album.take(guest.get(link).submit(password="short", again=""), "a password too short")
    album.take(guest.get(link), "invited")
    guest.get(link).submit(password=FRESH, again=FRESH)
    album.take(guest.get(link), "used up")
    album.take(guest.get("/activate/unknown"), "a link of nobody")
    album.take(guest.get("/forgotten"), "without a mail server")
    page = irving.get(page.path)
    album.take(page.press("Suspend"), "suspended")
    album.take(page.visit.get(page.path).press("Set the last day", until="2020-01-01"), "suspended and over")


def _corrected(album: Album, cast: dict[str, Visit], adams: str, davis: str) -> None:
    irving, guest = cast["irving"], cast[NOBODY]
    record = album.take(irving.get(f"{adams}/record"), "as it is")
    album.take(record.press("Save", name="Adams-Okafor Person"), "no reason")
    album.take(record.press("Save", name="Adams-Okafor Person", why="Married."), "corrected")
    page = irving.get(adams)
    album.take(page.press("Save these roles", roles=[]), "no role left")
    album.take(page.press("Set the last day", until="soon"), "a day that is none")
    address = page.press("Change the address", email="other@home.example")
    album.take(guest.get(link_on(album.take(address, "another address"))), "to be confirmed")
    password = album.take(page.press("Create a link to a new password"), "a new password")
    reset = guest.get(link_on(password))
    album.take(reset, "a new password")
    reset.submit(password=PASSWORD, again=PASSWORD)
    album.take(guest.get(reset.path), "used up")
    cast["adams"].sign_in()
    album.take(cast["jensen"].get(davis).press("Save these courses", courses=["core", "other"]), "appointed")
    cast["jensen"].get(davis).press("Save these courses", courses=["other"])
    album.take(_evans_alone(cast["evans"]), "the last administrator")
    settings = cast["evans"].get("/academy/settings")
    album.take(settings, "as they are")
    album.take(settings.press("Save", name=" "), "no name")


def _evans_alone(evans: Visit) -> Page:
    other = evans.get(f"{PEOPLE}?role=administrator&words=kelly")
    other = evans.get(other.tree.xpath("//tbody//a/@href")[0])
    if "Suspend" in other.words:
        other.press("Suspend")
    page = evans.get(f"{PEOPLE}?words={email_of('evans')}")
    return evans.get(page.tree.xpath("//tbody//a/@href")[0]).press("Save these roles", roles=["director"])


def _installed(album: Album, lund: Visit) -> None:
    home = album.take(lund.get("/install"), "as it is")
    reset = album.take(lund.get("/install/second-step"), "to be filled in")
    album.take(reset.press("Reset the second step", email="nobody@nowhere.example", known="y"), "of nobody")
    album.take(home.press("Add the academy", slug="Lake Side"), "a short name that cannot be")
    page = home.press("Add the academy", name="Lake Academy", nation="Nowhere", slug="lake-side")
    album.take(page, "added")
    album.take(page.press("Invite", name="Mbeki Person", email="mbeki@lake.example"), "invited")
