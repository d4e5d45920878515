"""A storage that takes every call and never answers: whoever asks first waits for a bounded time, the others hear at
once that it is away, and within seconds of its return it is used again.
"""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from pme import create_app
from pme.config import Settings
from pme.content import attachment_store
from pme.content.models import MediaFile
from pme.db import Database
from pme.stores import bucket, resting
from pme.stores.bucket import Bucket, Patience
from pme.stores.chosen import STORE
from tests.durability.test_faults import begun, taken
from tests.support.bucket import Storage, storage
from tests.support.cast import START
from tests.support.client import Visit

WAITS = 0.5
BRIEF = Patience(timedelta(seconds=WAITS), timedelta(seconds=WAITS), 0, timedelta(seconds=WAITS))
FILM = bytes(range(256)) * 9_000
READERS = 6


@pytest.fixture
def kept() -> Iterator[Storage]:
    with storage() as kept:
        yield kept


@pytest.fixture
def app(
    environment: dict[str, str], kept: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """An application that keeps its files there, and is quicker in everything."""
    monkeypatch.setattr(bucket, "BRISK", BRIEF)
    monkeypatch.setattr(resting, "SLOW", WAITS / 2)
    monkeypatch.setattr(resting, "RESTS", WAITS)
    settings = Settings.from_environment(environment | kept.environment())
    app = create_app(settings)
    app.extensions["pme_database"]._carried[STORE] = Bucket(settings.shared, aside=tmp_path, reading=BRIEF)
    yield app
    app.extensions["pme_database"].dispose()
    app.extensions["pme_renderer"].close()


@pytest.mark.database("sqlite")  # it waits for the storage, and no database has a part in that
def test_only_who_asks_first_waits_for_it_and_it_is_used_again_within_seconds_of_its_return(
    app: Flask, database: Database, kept: Storage
):
    sha256 = hashlib.sha256(FILM).hexdigest()
    own: Database = app.extensions["pme_database"]
    with own.writing() as session:
        attachment_store.keep(session, sha256, [FILM], at=START)
        session.add(MediaFile(sha256=sha256, name="video.mp4", mime="video/mp4", content=b""))
    address = f"/media/{sha256}/video.mp4"

    def watch(_number: int = 0) -> int:
        return Visit(app).fetch(address).status_code

    assert watch() == 200
    kept.hangs = True
    assert watch() == 503, "the first has waited"
    hung = kept.calls
    with ThreadPoolExecutor(READERS) as hands:
        assert set(hands.map(watch, range(READERS))) == {503}
    assert kept.calls <= hung + 1, "one at most has asked again"
    adams = Visit(app, "adams")
    taken(adams, begun(adams))
    for _ in range(3):
        time.sleep(2 * WAITS)
        before = kept.calls
        with ThreadPoolExecutor(READERS) as hands:
            assert set(hands.map(watch, range(READERS))) == {503}
        assert kept.calls <= before + 1, "one asks for all"
    kept.hangs = False
    kept.released.set()
    back = time.monotonic()
    while watch() != 200:
        assert time.monotonic() - back < 10
        time.sleep(0.05)
