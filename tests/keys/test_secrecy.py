"""Private parts never show: in no output, page, document, record or error, whatever is done with the keys."""

import base64
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from pme import cli
from pme.audit import AuditEntry
from pme.db import Database
from pme.errors import Unavailable
from pme.keys import service
from pme.keys.keyring import Keyring
from pme.keys.models import SigningKey
from pme.keys.service import paper_signer, signer
from pme.people.models import Academy
from tests.conftest import Visits
from tests.support.cast import HOME, PASSWORD, START
from tests.support.keys import KEYRING, KEYS_SECRET

RAW = 32
SCALAR = slice(36, 68)
"""Where the secret number stands in the PKCS #8 of a P-256 key, after what every such key begins with."""


def written(private: bytes) -> Iterator[str]:
    """How the secret part of a private key might stand in a text."""
    part = private if len(private) == RAW else private[SCALAR]
    yield part.hex()
    yield repr(part)[2:-1]
    yield base64.b64encode(part).decode()[:40]
    yield base64.urlsafe_b64encode(part).decode()[:40]


def secrets_of(database: Database) -> set[str]:
    """Every private part at rest and open, and the secret that opens them, as texts to look for."""
    with database.session() as session:
        keys = session.scalars(select(SigningKey).where(SigningKey.private_sealed != "")).all()
        private = [service._opened(key, KEYRING) for key in keys]
        found = {key.private_sealed for key in keys} | {KEYS_SECRET}
    return found | {text for each in private for text in written(each)}


@pytest.mark.database("sqlite")
def test_whatever_is_done_no_private_part_shows(
    app: Flask,
    database: Database,
    visit: Visits,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.DEBUG)
    hidden, shown = secrets_of(database), []
    with database.session() as session:
        home = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
        for use in (signer, paper_signer):
            shown.append(repr(use(session, home.id, keyring=KEYRING, at=START)))
            try:
                use(session, home.id, keyring=Keyring("x" * 40), at=START)
            except Unavailable as error:
                shown += traceback.format_exception(error)
    shown += [repr(KEYRING), repr(app.extensions["pme_settings"])]
    for command in (
        "list",
        "check",
        "export home",
        "rotate home --kind p256",
        "revoke home key-1 --reason Lost",
        "new home",
        "reseal",
        "import home --key nowhere --chain nowhere",
    ):
        cli.main(["keys", *command.split()])
        hidden |= secrets_of(database)
    evans = visit("evans")
    evans.get("/academy/keys/rotate/ed25519").press("Rotate key-2", current=PASSWORD)
    hidden |= secrets_of(database)
    shown += [evans.get(page).text for page in ("/academy/keys", "/academy/audit", "/academy/returns")]
    shown += [
        visit("nobody").fetch(f"/academies/home/{name}").get_data(as_text=True)
        for name in ("did.json", "keys.json", "issuer")
    ]
    with database.session() as session:
        shown += [f"{entry.subject} {entry.detail}" for entry in session.scalars(select(AuditEntry))]
    out = capsys.readouterr()
    shown += [out.out, out.err, caplog.text]
    text = "\n".join(shown)
    assert "key-3" in text
    assert [secret for secret in hidden if secret in text] == []


@pytest.mark.database("sqlite")
def test_the_commands_say_what_is_missing_and_what_to_run(
    database: Database,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["keys", "check"]) == 0
    assert cli.main(["keys", "revoke", "home", "paper-1", "--reason", "Lost."]) == 0
    assert cli.main(["keys", "check"]) == 1
    assert "“Home Academy” has no key for PDF files, so these are not signed. Run: pme keys new home" in (
        capsys.readouterr().out
    )
    monkeypatch.setenv("PME_KEYS_SECRET", "n" * 40)
    assert cli.main(["keys", "reseal"]) == 1
    assert "NOT OPENED: key-1 of academy" in capsys.readouterr().out
    monkeypatch.setenv("PME_KEYS_SECRET_OLD", environment["PME_KEYS_SECRET"])
    assert cli.main(["keys", "reseal"]) == 0
    monkeypatch.delenv("PME_KEYS_SECRET_OLD")
    assert cli.main(["keys", "new", "home"]) == 0
    assert "paper-2 (p256, for PDF files)" in capsys.readouterr().out
    assert cli.main(["keys", "new", "home", "--demo"]) == 1
    assert "is no demonstration" in capsys.readouterr().err
    monkeypatch.delenv("PME_KEYS_SECRET")
    assert cli.main(["keys", "rotate", "home"]) == 1
    assert "Set PME_KEYS_SECRET" in capsys.readouterr().err
