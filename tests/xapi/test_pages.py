"""The LRS in the browser and on the command line: connected, tried, paused, told anew; and what is published of it."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from pme.audit import AuditEntry
from pme.cli import main
from pme.db import Database
from pme.keys.keyring import UNSET
from pme.people.models import Person
from pme.xapi.profile import profile
from pme.xapi.vocabulary import Verb, Words
from tests.conftest import Visits
from tests.support.cast import PASSWORD, START, email_of
from tests.support.client import Page
from tests.support.clock import Clock
from tests.support.graduates import graduate
from tests.support.lrs import PASSWORD as SECRET
from tests.support.lrs import USER, SmallLrs, small_lrs
from tests.support.work import run_duty

LRS = "/academy/lrs"
DUTY = "xapi statements"


@pytest.fixture
def lrs() -> Iterator[SmallLrs]:
    """An LRS on this machine."""
    with small_lrs() as lrs:
        yield lrs


def connect(visit: Visits, lrs: SmallLrs, **more: str) -> Page:
    given = {"address": lrs.address, "user": USER, "secret": SECRET, "current": PASSWORD}
    return visit("irving").get(f"{LRS}/connection").press("Save", **given | more)


def test_a_registrar_connects_an_lrs_and_sees_what_becomes_of_what_is_told(
    app: Flask, database: Database, visit: Visits, lrs: SmallLrs, clock: Clock
):
    with database.writing() as session:
        graduate(session, "adams", at=START)
    assert "No LRS yet" in visit("keller").get(LRS).words
    page = connect(visit, lrs)
    assert "Everything is sent there from now on" in page.words
    tried = page.press("Test the connection")
    assert "and accepts the sign-in" in tried.words
    lrs.trouble = lambda found: (400, "<i>no</i> badges") if "verb/earned" in json.dumps(found) else None
    run_duty(app, DUTY)
    page = visit("irving").get(LRS)
    assert "Refused 1" in page.words
    assert "(400): <i>no</i> badges" in page.words
    lrs.trouble = lambda _found: None
    again = page.press("Send it again")
    assert "1 wait again" in again.words
    paused = again.press("Pause")
    assert "Nothing is sent" in paused.words
    run_duty(app, DUTY)
    assert "earned" not in lrs.verbs()
    paused.press("Go on")
    run_duty(app, DUTY)
    assert "earned" in lrs.verbs()
    page = visit("keller").get(LRS)
    assert "Refused 0" in page.words
    assert "Pause" not in page.words
    assert SECRET not in page.text + visit("irving").get(f"{LRS}/connection").text
    with database.session() as session:
        acts = list(
            session.scalars(select(AuditEntry.act).where(AuditEntry.subject == "LRS").order_by(AuditEntry.id))
        )
        assert SECRET not in json.dumps([entry.detail for entry in session.scalars(select(AuditEntry))])
    assert acts == ["LRS connected", "LRS statements sent again", "LRS paused", "LRS resumed"]
    assert visit("frost").get(LRS).words.count("No LRS yet") == 1


def test_telling_everything_anew_asks_for_the_password_and_changes_nothing_at_an_lrs_that_has_it(
    app: Flask, database: Database, visit: Visits, lrs: SmallLrs
):
    with database.writing() as session:
        graduate(session, "adams", at=START)
    connect(visit, lrs)
    run_duty(app, DUTY)
    before = dict(lrs.kept)
    form = visit("irving").get(f"{LRS}/replay")
    assert "This cannot be undone" in form.words
    assert form.press("Send everything again", current="not this").status == 422
    assert len(lrs.asked) == 1
    done = form.press("Send everything again", current=PASSWORD)
    assert "sent again from the start" in done.words
    run_duty(app, DUTY)
    assert len(lrs.asked) == 2
    assert lrs.kept == before


def test_a_form_with_faults_says_which_and_keeps_what_was_typed(
    app: Flask, visit: Visits, lrs: SmallLrs, monkeypatch: pytest.MonkeyPatch
):
    page = connect(visit, lrs, address="http://lrs.example/xapi")
    assert page.status == 422
    assert "begins with https://" in page.words
    assert 'value="http://lrs.example/xapi"' in page.text
    assert (
        "Give the password that the administrator of the LRS gave you" in connect(visit, lrs, secret="").words
    )
    assert "It must not contain a colon" in connect(visit, lrs, user="a:b").words
    assert "not your password" in connect(visit, lrs, current="wrong").words
    bare = replace(app.extensions["pme_settings"], keys_secret="", keys_secret_old="")
    monkeypatch.setitem(app.extensions, "pme_settings", bare)
    assert UNSET in connect(visit, lrs).words


def test_whoever_erases_somebody_is_told_what_the_lrs_has_of_them(
    app: Flask, database: Database, visit: Visits, lrs: SmallLrs
):
    with database.writing() as session:
        graduate(session, "adams", at=START)
        adams = session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()
    connect(visit, lrs)
    assert "pseudonym" not in visit("irving").get(f"/academy/people/{adams}/erase").words
    run_duty(app, DUTY)
    page = visit("irving").get(f"/academy/people/{adams}/erase")
    name = next(iter(lrs.kept.values()))["actor"]["account"]["name"]
    assert f"{len(lrs.kept)} are noted as delivered" in page.words
    visit("irving").get(f"{LRS}/replay").press("Send everything again", current=PASSWORD)
    assert (
        name in visit("irving").get(f"/academy/people/{adams}/erase").words
    )  # the LRS has them all the same
    assert name in page.words
    done = page.press("Erase permanently", email=email_of("adams"))
    assert name in done.words
    asked = len(lrs.asked)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked


def test_commands_tell_how_it_stands_deliver_now_and_tell_anew(
    app: Flask,
    environment: dict[str, str],
    database: Database,
    visit: Visits,
    lrs: SmallLrs,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with database.writing() as session:
        graduate(session, "adams", at=START)
    assert main(["xapi", "status", "home"]) != 0
    assert "has no LRS" in capsys.readouterr().err
    connect(visit, lrs)
    lrs.trouble = lambda _found: (500, "tired")
    run_duty(app, DUTY)
    assert main(["xapi", "status", "home"]) == 1
    assert "reports an error of its own (500)" in capsys.readouterr().out
    lrs.trouble = lambda _found: None
    assert main(["xapi", "deliver", "home"]) == 0
    assert "refused 0, waiting 0" in capsys.readouterr().out
    assert main(["xapi", "replay", "home"]) != 0
    assert "Add --yes" in capsys.readouterr().err
    assert main(["xapi", "replay", "home", "--yes"]) == 0
    assert main(["xapi", "deliver", "home"]) == 0
    assert len([line for line in lrs.asked if line[0] == "POST"]) == 3
    assert main(["xapi", "status", "nowhere"]) != 0
    assert "Academies here: away, home" in capsys.readouterr().err


def test_the_profile_is_published_and_every_statement_fits_one_of_its_templates(
    app: Flask, database: Database, visit: Visits, lrs: SmallLrs
):
    response = visit("nobody").fetch("/xapi/profile.json")
    assert response.mimetype == "application/ld+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found = json.loads(response.get_data(as_text=True))
    words = Words(app.extensions["pme_settings"].public_url)
    assert found == profile(words)
    ids = [each["id"] for each in found["concepts"] + found["templates"]]
    assert len(ids) == len(set(ids))
    assert all(each["inScheme"] == found["versions"][0]["id"] for each in found["concepts"])
    with database.writing() as session:
        graduate(session, "adams", at=START)
    connect(visit, lrs)
    run_duty(app, DUTY)
    known = {(each["verb"], each["objectActivityType"]): each for each in found["templates"]}
    extensions = {each["id"] for each in found["concepts"] if each["type"] == "ContextExtension"}
    for each in lrs.kept.values():
        template = known[each["verb"]["id"], each["object"]["definition"]["type"]]
        for rule in template["rules"]:
            assert _has(each, rule["location"]) == (rule["presence"] == "included"), (rule, each)
        assert each["context"].get("extensions", {}).keys() <= extensions
        assert each["context"]["contextActivities"]["category"][0]["id"] == found["versions"][0]["id"]
    told = {verb for verb, _ in known}
    assert told == {words.verb(verb) for verb in Verb}


def _has(statement: object, path: str) -> bool:
    for part in path.removeprefix("$.").split("."):
        if not isinstance(statement, dict) or part not in statement:
            return False
        statement = statement[part]
    return True
