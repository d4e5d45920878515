"""The sealed return: from one state of the database, signed, checked by anybody, and one changed cell is found."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from pme.audit import AuditEntry
from pme.cli import main
from pme.content import catalogue
from pme.db import Database
from pme.demo import take_whole_course
from pme.enrolment.queries import find_enrolment
from pme.jobs.models import Job
from pme.jobs.registry import Round
from pme.jobs.results import purge
from pme.people.queries import academy_by_slug, person_by_email
from pme.progress.models import CompletionEvent, EventKind
from pme.returns import keeping
from pme.returns.checking import check
from pme.returns.manifest import KEY, MANIFEST, SIGNATURE
from pme.returns.models import SealedReturn
from pme.stores.chosen import scratch_of, store_of
from tests.conftest import Visits
from tests.support.cast import START, email_of
from tests.support.client import Page
from tests.support.work import run_jobs

PERIOD = {"since": "2026-01-01", "until": "2026-12-31", "courses": "core"}


def complete(database: Database, name: str = "adams", *, slug: str = "home") -> None:
    """A student takes the whole core course."""
    with database.writing() as session:
        academy, person = academy_by_slug(session, slug), person_by_email(session, email_of(name))
        assert academy is not None
        assert person is not None
        enrolment = find_enrolment(session, person.id, academy.id, "core")
        assert enrolment is not None
        take_whole_course(session, catalogue.current(session), enrolment, at=START + timedelta(days=1))


def amend(database: Database, kind: EventKind, percent: float) -> None:
    """Something came of what Adams completed."""
    with database.writing() as session:
        event = session.query(CompletionEvent).one()
        session.add(
            CompletionEvent(
                academy_id=event.academy_id,
                enrolment_id=event.enrolment_id,
                course=event.course,
                kind=kind,
                percent=percent,
                percent_before=event.percent,
                reason="It was marked wrongly.",
                at=START + timedelta(days=9),
            )
        )


def sealed(app: Flask, visit: Visits, who: str = "irving", **more: str) -> tuple[Page, bytes]:
    """Ask for a return, let it be sealed, take the file."""
    visitor = visit(who)
    page = visitor.get("/academy/returns").press("Seal it", **PERIOD | more)
    run_jobs(app)
    page = visitor.get(page.path)
    assert "SHA-256" in page.words, page.words
    with visitor.send(f"{page.path}/file") as file:
        return page, file.data


def rows(content: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def rewritten(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same ZIP with one file changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as new:
        for entry in archive.infolist():
            body = archive.read(entry)
            new.writestr(entry.filename, change(body) if entry.filename == name else body)
    return out.getvalue()


def test_a_return_is_sealed_and_anybody_can_check_it(app: Flask, database: Database, visit: Visits):
    complete(database)
    complete(database, "gray", slug="away")
    page, content = sealed(app, visit, marking="UNCLASSIFIED")
    verdict = check(content)
    assert verdict.problems == ()
    assert verdict.fingerprint in page.words
    names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    assert names >= {"completions.csv", "completions.json", "changes.csv", "summary.csv", "report.pdf"}
    assert names >= {"data-dictionary.csv", "schema.json", "README.txt", MANIFEST, SIGNATURE, KEY}
    assert [row["name"] for row in rows(content, "completions.csv")] == ["Adams Person"], (
        "nobody of elsewhere"
    )
    assert [row["what"] for row in rows(content, "changes.csv")] == ["new"]
    file = (io.BytesIO(content), "return.zip")
    public = visit("nobody").get("/verify-return").press("Verify", file=file)
    assert public.title == "As it was sealed"
    assert "This platform sealed this return for Home Academy" in public.words


def test_one_changed_cell_is_found_and_named(app: Flask, database: Database, visit: Visits):
    complete(database)
    _, content = sealed(app, visit)
    name = rows(content, "completions.csv")[0]["name"]
    forged = rewritten(content, "completions.csv", lambda body: body.replace(name.encode(), b"Someone Else"))
    found = check(forged).problems
    assert "completions.csv differs from what was sealed." in found
    assert any(problem.startswith("Row 1, name: completions.csv says “Someone Else”") for problem in found)
    page = visit("nobody").get("/verify-return").press("Verify", file=(io.BytesIO(forged), "r.zip"))
    assert page.title == "Not as it was sealed"
    assert "Someone Else" in page.words


@pytest.mark.database("sqlite")
def test_every_way_to_change_a_return_is_found(
    app: Flask, database: Database, visit: Visits, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    complete(database)
    _, content = sealed(app, visit)

    def renumbered(body: bytes) -> bytes:
        return json.dumps(json.loads(body) | {"number": 7}).encode()

    for name, change, says in (
        (MANIFEST, renumbered, "seal does not match"),
        (SIGNATURE, lambda _body: b"00" * 64, "seal does not match"),
        (KEY, lambda _body: b"11" * 32 + b"\n", "seal does not match"),
        ("report.pdf", lambda body: body + b" ", "report.pdf differs from what was sealed"),
        (
            "changes.json",
            lambda body: body.replace(b"new", b"old"),
            "changes.json differs from what was sealed",
        ),
        (MANIFEST, lambda _body: b"[]", "cannot be read"),
        (MANIFEST, lambda _body: b'{"files": [{"name": 1}]}', "cannot be read"),
    ):
        problems = check(rewritten(content, name, change)).problems
        assert any(says in problem for problem in problems), (name, problems)
    more = io.BytesIO(content)
    with zipfile.ZipFile(more, "a") as archive:
        archive.writestr("more.csv", "x")
    assert check(more.getvalue()).problems == ("more.csv was added: it is not in the manifest.",)
    assert not check(b"PK not at all").is_whole
    file = tmp_path / "return.zip"
    file.write_bytes(content)
    key = check(content).fingerprint
    assert main(["verify", str(file), "--key", key]) == 0
    assert "as it was sealed" in capsys.readouterr().out
    assert main(["verify", str(file), "--key", "0" * 40]) == 1
    file.write_bytes(rewritten(content, "summary.csv", lambda body: body + b"x"))
    assert main(["verify", str(file)]) == 1
    assert main(["verify", str(tmp_path / "none.zip")]) == 1


def test_the_next_return_tells_what_changed_since_the_last(app: Flask, database: Database, visit: Visits):
    complete(database)
    _, first = sealed(app, visit)
    amend(database, EventKind.AMENDED, 77.0)
    _, second = sealed(app, visit)
    assert [row["what"] for row in rows(second, "changes.csv")] == ["amended by regrade"]
    assert rows(second, "changes.csv")[0]["percent"] == "77.0"
    told = check(second).manifest
    assert told["previous"] == {"number": 1, "manifest_sha256": check(first).manifest_sha256}
    assert rows(sealed(app, visit)[1], "changes.csv") == []


def test_a_return_can_name_nobody_and_hide_few(app: Flask, database: Database, visit: Visits):
    complete(database)
    page, content = sealed(app, visit, "jensen", unnamed="y", few="y")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".pdf"))
    assert b"Adams" not in text
    assert b"adams" not in text
    row = rows(content, "completions.csv")[0]
    assert row["name"].startswith("P-")
    assert (row["email"], row["person"], row["certificate"]) == ("", "", "")
    assert rows(content, "summary.csv")[0]["completed"] == "under 5"
    keys = page.visit.send(f"{page.path}/names.csv").get_data(as_text=True)
    assert row["name"] in keys
    assert "Adams Person" in keys
    assert visit("keller").send(f"{page.path}/names.csv").status_code == 403
    assert visit("frost").fetch(page.path).status_code == 404


def test_a_return_is_kept_for_as_long_as_the_academy_says(app: Flask, database: Database, visit: Visits):
    complete(database)
    page, content = sealed(app, visit)
    settings = app.extensions["pme_settings"]
    purge(
        database, store_of(settings), scratch_of(settings), at=START + timedelta(days=400)
    )  # results of jobs go after days
    with database.writing() as session:
        session.execute(update(SealedReturn).values(job_id=None))
        session.execute(delete(Job))
    for who in ("irving", "keller"):  # whoever sees reports, auditors too
        with visit(who).send(f"{page.path}/file") as kept:
            assert kept.get_data() == content
            assert "return-home-0001.zip" in kept.headers["Content-Disposition"]
    assert visit("frost").send(f"{page.path}/file").status_code == 404
    with database.session() as session:
        acts = session.scalars(
            select(AuditEntry.act).where(AuditEntry.act == "return taken").order_by(AuditEntry.id)
        ).all()
        one = session.scalars(select(SealedReturn)).one()
        assert len(acts) == 3  # the first was taken by who asked for it
        path, since = settings.instance_dir / keeping.name_of(one), one.sealed_at or START
    path.write_bytes(content + b"x")
    assert (
        "differs from what was sealed"
        in visit("irving").get(page.path).press("Download the return (ZIP)").words
    )
    path.write_bytes(content)
    assert "10 years" in page.words
    visit("irving").get("/academy/retention/returns").press("Save", years="2")
    stray = path.with_name("left.zip.part")
    stray.write_bytes(b"x")
    for days, is_kept in ((700, True), (735, False)):
        keeping.keep_no_longer(Round(database, settings, repeat(since + timedelta(days=days)).__next__))
        assert path.exists() is is_kept
    assert not stray.exists()
    gone = visit("irving").get(page.path)
    assert "Its file was kept until" in gone.words
    assert gone.visit.send(f"{page.path}/file").status_code == 303
    assert "No file of this return is kept." in gone.visit.get(page.path).words
    public = visit("nobody").get("/verify-return").press("Verify", file=(io.BytesIO(content), "r.zip"))
    assert "This platform sealed this return" in public.words, "the seal outlives the file"


def test_programs_check_a_return_and_are_answered_as_json(app: Flask, database: Database, visit: Visits):
    complete(database)
    page, content = sealed(app, visit)
    forged = rewritten(content, "summary.csv", lambda body: body + b"x")
    client = app.test_client()

    def asked(body: bytes, path: str = "/verify-return.json", **more: Any) -> Any:
        return client.post(path, data=body, content_type="application/zip", **more)

    told = asked(content).get_json()
    assert (told["finding"], told["is_whole"], told["problems"]) == ("issued here", True, [])
    assert told["issuer"]["academy"] == "Home Academy"
    assert told["return"]["number"] == "1"
    assert told["key"]["fingerprint"] in page.words
    altered = asked(forged).get_json()
    assert (altered["finding"], altered["problems"]) == (
        "altered",
        ["summary.csv differs from what was sealed."],
    )
    form = {"file": (io.BytesIO(content), "r.zip")}
    accepts = client.post("/verify-return", data=form, headers={"Accept": "application/json"})
    assert accepts.get_json() == told
    for body, says in ((b"", "This file is empty"), (b"no zip", "")):
        answer = asked(body)
        assert answer.is_json
        assert says in answer.get_json().get("error", "")
    assert client.post("/verify-return", data={"file": (io.BytesIO(content), "r.zip")}).status_code == 400


@pytest.mark.database("sqlite")
def test_the_summary_on_paper_has_titles_and_not_names_of_addresses(
    app: Flask, database: Database, visit: Visits
):
    complete(database)
    _, content = sealed(app, visit)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        paper = pypdf.PdfReader(io.BytesIO(archive.read("report.pdf"))).pages[0].extract_text()
    assert paper.count("Core course") == 2  # at the head and in the table
    assert "core" not in paper
    assert rows(content, "summary.csv")[0]["course"] == "core"
    assert rows(content, "summary.csv")[0]["course_title"] == "Core course"


@pytest.mark.database("sqlite")
def test_a_form_with_faults_comes_back_as_it_was_filled(visit: Visits):
    page = visit("irving").get("/academy/returns").press("Seal it", since="2026-05-01", until="2026-04-01")
    assert page.status == 422
    assert "2026-05-01" in page.text
    assert "Choose at least one course" in page.words or "comes before the first" in page.words
    nothing = visit("nobody").get("/verify-return").press("Verify")
    assert nothing.status == 422
