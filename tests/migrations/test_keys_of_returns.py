"""The keys that sealed returns had before academies had signing keys: moved, and their returns are still known."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from pme import schema
from pme.db import Database
from pme.keys import service
from pme.keys.keyring import Keyring
from pme.keys.public import KeyKind
from pme.keys.service import Acting
from pme.people.factors_seal import Seal
from pme.people.models import Academy
from pme.returns.service import find_return, issued_here
from tests.migrations.test_migrations import KINDS, WANTED
from tests.support.cast import START

INSTALL, SHA256 = "the platform's own key, 32 letters", "5" * 64
AT = datetime(2026, 4, 1, tzinfo=UTC)
BEFORE = """
INSERT INTO academy (id, slug, name, nation, support, signatory_name, signatory_role, asks_second_step, time_zone,
 created_at) VALUES (7, 'lakeside', 'Lakeside', 'Nowhere', '', '', '', false, 'UTC', :at);
INSERT INTO person (id, email, name, rank, password_hash, created_at) VALUES (1, 'a@x.example', 'A', '', '', :at);
INSERT INTO return_key (id, academy_id, public, sealed, made_at) VALUES (41, 7, :first, 'gone', :at);
INSERT INTO return_key (id, academy_id, public, sealed, made_at) VALUES (42, 7, :public, :sealed, :at);
INSERT INTO sealed_return (id, academy_id, number, since, until, courses, pseudonyms, hides_few, marking, by_id,
 asked_at, sealed_at, last_event, counts, manifest_sha256, key_id)
 VALUES (1, 7, 1, '2026-01-01', '2026-02-01', '["core"]', '', false, '', 1, :at, :at, 0, '{}', :sha256, :key)
"""


@pytest.fixture(
    params=[pytest.param(kind, marks=pytest.mark.soak) if kind == "postgresql" else kind for kind in WANTED]
)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind with nothing in it."""
    for url in KINDS[request.param](tmp_path):
        database = Database(url)
        yield database
        database.dispose()


def test_the_keys_of_returns_sign_on_and_what_they_sealed_is_known(empty: Database):
    schema.upgrade(empty, to="0031")
    key, older = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    sealed = Seal(INSTALL).seal(key.private_bytes_raw().hex(), about=f"return key 7 {public}")
    values: dict[str, Any] = {
        "first": older.public_key().public_bytes_raw().hex(),
        "public": public,
        "sealed": sealed,
    }
    values |= {
        "at": START if not empty.is_sqlite else "2026-03-02 08:00:00.000000",
        "sha256": SHA256,
        "key": 41,
    }
    with empty.writing() as session:
        for statement in BEFORE.split(";"):
            given = {name: value for name, value in values.items() if f":{name}" in statement}
            session.execute(text(statement), given)
    schema.upgrade(empty)
    keyring = Keyring("k" * 40, install=INSTALL)
    with empty.writing() as session:
        bare = service.signer(session, 7, keyring=Keyring("", install=INSTALL), at=AT)
        assert (bare.label, bare.public.hex(), bare.is_demo) == ("key-2", public, False)
        assert bare.sign(b"x") == key.sign(b"x")
        known = issued_here(session, values["first"], SHA256)
        assert known is not None
        assert (known.academy, known.is_sealed, known.key.label) == ("Lakeside", True, "key-1")
        assert known.key.retired_on == START.date()
        one = find_return(session, 7, 1)
        assert one is not None
        assert one.key_id != bare.key_id, "the return knows the older key"
        done = service.reseal(session, keyring, at=AT)
        assert (done.anew, done.unopened) == (1, ())
        assert service.signer(session, 7, keyring=Keyring("k" * 40), at=AT).public == bare.public
        academy = session.get_one(Academy, 7)
        assert [made.kind for made in service.make(session, Acting(academy, keyring, "x", AT))] == [
            KeyKind.P256
        ]
    schema.downgrade(empty, to="0031")
    with empty.session() as session:
        rows = session.execute(
            text("SELECT r.public FROM sealed_return s JOIN return_key r ON r.id = s.key_id")
        )
        assert rows.scalars().all() == [values["first"]]
