"""Somebody is exported whole and erased whole: by the page, by the worker's proposal, and again after a backup."""

import io
import json
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pme import audit
from pme.assessment.models import Attempt, Response
from pme.db import Database
from pme.errors import Conflict, NotFound
from pme.people.models import Membership, Person, Personnel, Role, Standing
from pme.people.service import grant
from pme.privacy.classes import CLASSES, Kept
from pme.privacy.erasing import is_erased
from pme.privacy.finding import count_of, known, of_account
from pme.progress.models import CourseCompletion
from pme.reports.completions import count_completions
from tests.conftest import Visits
from tests.privacy.told import (
    MARGIN,
    NAME,
    NUMBER,
    RANK,
    REMARK,
    THOUGHT,
    UNIT,
    done,
    home,
    standing_in,
)
from tests.support.belongings import Belongings
from tests.support.cast import AWAY, email_of
from tests.support.essays import TEXT, person_of


def test_everything_of_a_person_is_in_the_file_and_nothing_that_gives_a_key_away(
    own: Belongings, visit: Visits, database: Database
):
    irving = visit("irving")
    with database.session() as session:
        adams, academy = person_of(session, "adams").id, home(session).id
        counts = {
            table.name: count_of(session, table, adams, academy, whole=True)
            for table, holding in [*known(), *of_account()]
            if not holding.is_own_only
        }
    response = irving.send(f"/academy/people/{adams}/data.zip")
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.get_data())) as archive:
        names = set(archive.namelist())
        data = json.loads(archive.read("data.json"))
        essays = [archive.read(name).decode() for name in names if name.startswith("essays/")]
        assert archive.read(f"certificates/{own.number}.pdf").startswith(b"%PDF")
        assert CLASSES[Kept.RESULTS].basis in archive.read("READ-ME.txt").decode()
    told = {**data["account"], **data["at the academy"]}
    # The download is itself on record, and may have made the alias that it tells of.
    assert {name: len(rows) for name, rows in told.items()} == counts | {"audit_alias": 1}
    empty = {name for name, many in counts.items() if not many}
    assert len(counts) - len(empty) >= 20, empty
    assert TEXT in essays
    whole = json.dumps(data, ensure_ascii=False)
    assert all(word in whole for word in (NAME, RANK, NUMBER, UNIT, THOUGHT, email_of("adams")))
    assert "password_hash" not in whole
    assert MARGIN not in whole, "notes are nobody else's to read"
    assert "notebook_entry" in data["not in this file"]
    assert REMARK not in whole, "what a marker wrote is theirs until it is released"
    reached = "CANARY-later: what should you offer?"
    assert "CANARY" not in whole.replace(reached, ""), (
        "neither a key nor an author's id nor an unreached node"
    )
    assert [d["chosen"] for d in told_of(data, own.debrief)["decisions"]] != []
    assert "Download my data" in visit("adams").get("/account").text
    own_file = visit("adams").send("/account/data.zip")
    with zipfile.ZipFile(io.BytesIO(own_file.get_data())) as archive:
        mine = json.loads(archive.read("data.json"))
    assert [each["text"] for each in mine["at the academy"]["notebook_entry"]] == [MARGIN]
    assert mine["attempts in words"] == data["attempts in words"]
    assert mine["account"]["person"] == data["account"]["person"]
    for name in ("clarke", "jensen", "keller", "adams", "lund"):
        assert visit(name).send(f"/academy/people/{adams}/data.zip").status_code == 403
    assert visit("frost").send(f"/academy/people/{adams}/data.zip").status_code == 404


def told_of(data: dict[str, Any], attempt: int) -> dict[str, Any]:
    found: list[dict[str, Any]] = data["attempts in words"]
    return next(each for each in found if each["attempt_id"] == attempt)


def test_after_an_erasure_nothing_names_the_person_and_what_counts_still_counts(
    own: Belongings, app: Flask, database: Database, visit: Visits
):
    evans, nobody = visit("evans"), visit("nobody")
    with database.session() as session:
        adams, academy = person_of(session, "adams").id, home(session).id
        everyone = CourseCompletion.academy_id == academy
        completions = count_completions(session, everyone)
        results = _results(session, adams)
        assert len(standing_in(session)) > 10, "before, the name stands all over"
    page = evans.get(f"/academy/people/{adams}/erase")
    assert "Stays without a name until" in page.words
    assert NAME in page.words
    refused = page.press("Erase permanently", email="somebody@home.example")
    assert refused.status == 422
    assert "Type the e-mail address of this person exactly" in refused.words
    erased = page.press("Erase permanently", email=email_of("adams"))
    assert "Nothing here names this person any more" in erased.words
    with database.session() as session:
        assert standing_in(session) == set()
        assert audit.first_broken(session, academy_id=academy) is None
        assert audit.alias_of(session, adams, academy_id=academy) is None
        assert count_completions(session, everyone) == completions
        assert _results(session, adams) == results
        standings = set(session.scalars(select(Membership.standing).where(Membership.person_id == adams)))
        assert standings == {Standing.ERASED}
    assert not any((app.extensions["pme_settings"].instance_dir / "certificates").glob(f"{own.code}*"))
    form = nobody.get("/sign-in")
    assert form.submit(email=email_of("adams"), password="a long walk by the river").status == 422
    verified = nobody.get(f"/verify/{own.code}")
    assert "this certificate" in verified.words.lower()
    assert "name is no longer kept" in verified.words
    assert evans.fetch(f"/academy/people/{adams}/erase").status_code == 404
    assert evans.send(f"/academy/people/{adams}/data.zip").status_code == 404
    clarke = visit("clarke")
    assert clarke.get("/teach/core").status == 200
    assert clarke.get(f"/teach/attempts/{own.finished_quiz}").status == 200


def _results(session: Session, person_id: int) -> list[tuple[object, ...]]:
    rows = session.execute(
        select(Attempt.id, Attempt.percent, Attempt.is_passed, func.count(Response.id))
        .outerjoin(Response, Response.attempt_id == Attempt.id)
        .where(Attempt.person_id == person_id)
        .group_by(Attempt.id)
        .order_by(Attempt.id)
    )
    return [tuple(row) for row in rows]


def test_who_is_known_elsewhere_is_forgotten_here_and_nowhere_else(
    own: Belongings, app: Flask, database: Database
):
    with database.writing() as session:
        adams, away = person_of(session, "adams").id, home(session, AWAY).id
        grant(session, adams, away, Role.STUDENT)
        session.execute(
            update(Personnel)
            .where(Personnel.academy_id == away, Personnel.person_id == adams)
            .values(name="Known Elsewhere", rank="Guest")
        )
    assert not done(app, database).account_went
    with database.session() as session:
        person = session.get_one(Person, adams)
        assert (person.name, person.email) == (NAME, email_of("adams")), (
            "the account is the other academy's too"
        )
        assert not is_erased(session, away, adams)
        left = {each.partition(":")[0] for each in standing_in(session)}
        assert left <= {"person.name", "person.rank", "person.email", "account_link.email"}
        assert (
            session.scalars(select(Personnel.name).where(Personnel.academy_id == away))
            .all()
            .count("Known Elsewhere")
        )


def test_nobody_erases_themselves_the_last_administrator_or_who_holds_more(
    app: Flask, database: Database, visit: Visits
):
    with database.session() as session:
        evans = person_of(session, "evans").id
        adams = person_of(session, "adams").id
    with pytest.raises(Conflict, match="themselves"):
        done(app, database, "evans", by="evans")
    with pytest.raises(Conflict, match="without an administrator"):
        done(app, database, "evans", by="irving")
    assert visit("irving").send(f"/academy/people/{evans}/erase", email=email_of("evans")).status_code == 403
    done(app, database)
    with pytest.raises(NotFound):
        done(app, database, adams)
    with database.session() as session:
        assert is_erased(session, home(session).id, adams)
