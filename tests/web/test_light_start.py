"""A server process is small and starts soon: what few requests need is loaded when it is first used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pme import schema
from pme.config import ROOT
from tests.support import student

HEAVY = {
    "OpenSSL", "PIL", "alembic", "joserfc", "mako", "openpyxl", "pikepdf", "pydyf", "pyhanko", "pyld", "weasyprint",
    "webauthn", "xlsxwriter",
}  # fmt: skip
STAFF = ("pme.web.academy.", "pme.web.author.", "pme.web.instructor.", "pme.web.install.")
UNASKED = {"pme.content.lint", "pme.content.parse", "pme.demo", "pme.crowd.service"}
"""What checks texts of authors, and what makes a demonstration."""
MOST_MEGABYTES = 150
FIRST = """
import json, sys
from pme import create_app

status = create_app(is_late=True).test_client().get("/").status_code
print(json.dumps([status, sorted(sys.modules)]))
"""
SERVED = """
import json, sys
from pme import create_app
from pme.people.service import begin_session
from pme.people.queries import person_by_email
from tests.bench.stage import cookie_of
from datetime import UTC, datetime

app = create_app(is_late=True)
database = app.extensions["pme_database"].seeing("*")
with database.writing() as session:
    signed_in = begin_session(session, person_by_email(session, sys.argv[1]).id, at=datetime.now(UTC))
cookie, token = cookie_of(app, signed_in.token)
client = app.test_client()
client.set_cookie("pme", cookie.removeprefix("pme="))
begun = client.post(sys.argv[2], data={"csrf_token": token})
found = [client.get(path, follow_redirects=True).status_code for path in ("/", "/readyz", "/learn", begun.location)]
status = open("/proc/self/status").read().partition("VmRSS:")[2].split()[0]
print(json.dumps({"answers": found, "modules": sorted(sys.modules), "megabytes": int(status) * 1024 / 1e6}))
"""


@pytest.mark.database("sqlite")
def test_the_first_pages_and_a_quiz_are_served_without_what_they_do_not_need(environment: dict[str, str]):
    given = os.environ | environment | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVED, "adams@home.example", f"{student.BASICS}/quiz/check"]
    run = subprocess.run(command, env=given, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(run.stdout)
    assert found["answers"] == [200] * 4
    loaded = {name.partition(".")[0] for name in found["modules"]}
    assert loaded & HEAVY == set()
    assert not [name for name in found["modules"] if name.startswith(STAFF)]
    assert found["megabytes"] < MOST_MEGABYTES


@pytest.mark.database("sqlite")
def test_the_first_page_needs_neither_what_checks_content_nor_what_makes_a_demonstration(
    environment: dict[str, str],
):
    given = os.environ | environment | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FIRST]
    run = subprocess.run(command, env=given, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    status, modules = json.loads(run.stdout)
    assert status == 200
    assert UNASKED & set(modules) == set()


def test_the_newest_revision_is_known_from_the_names_of_the_files():
    from alembic.script import ScriptDirectory  # noqa: PLC0415  (the module above must be loaded without it)

    assert schema.newest() == ScriptDirectory(str(Path(ROOT) / "migrations")).get_current_head()
