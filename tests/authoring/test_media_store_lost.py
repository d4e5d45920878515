"""The storage of files is lost, or hangs, in the middle of an upload: nothing half-done is kept, the author reads why
on the form with all that was typed, and nobody else waits meanwhile.
"""

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from pme import create_app
from pme.authoring import media_service
from pme.authoring.models import Draft, DraftFile, DraftStatus
from pme.authoring.models_import import DraftImport
from pme.config import Settings
from pme.content.models import AttachmentFile
from pme.db import Database
from pme.stores.bucket import PART, Bucket, Patience
from pme.stores.chosen import STORE
from pme.web.author import media
from tests.authoring.test_bringing import bring
from tests.authoring.test_drafting import begin
from tests.authoring.test_media import send
from tests.content.small_library import Shelf
from tests.durability.test_faults import saved, taken
from tests.support import media_files as make
from tests.support.bucket import Storage, storage
from tests.support.client import Page, Visit
from tests.support.work import run_duty

AWAY = "The platform cannot reach its files just now"
STILL_HERE = "What you typed is still here"
TOLD = "Two people talk, and one of them listens for a long time."
BRISK = Patience(timedelta(seconds=30), timedelta(seconds=2), 1, timedelta(seconds=1))
FILM = make.film(padding=2 * PART + 500_000)
"""In three parts."""


@pytest.fixture
def kept() -> Iterator[Storage]:
    with storage() as kept:
        yield kept


@pytest.fixture
def app(environment: dict[str, str], kept: Storage, tmp_path: Path) -> Iterator[Flask]:
    """An application that keeps its files there, and waits for it briefly."""
    own = environment | kept.environment() | {"PME_INSTANCE_DIR": str(tmp_path / "instance")}
    (tmp_path / "instance").mkdir()
    settings = Settings.from_environment(own)
    app = create_app(settings)
    app.extensions["pme_database"]._carried[STORE] = Bucket(
        settings.shared, aside=tmp_path / "aside", patience=BRISK
    )
    yield app
    app.extensions["pme_database"].dispose()
    app.extensions["pme_renderer"].close()


def send_film(clarke: Visit, draft: str) -> Page:
    return send(clarke, draft, FILM, "film.mp4", says=TOLD, transcript="Listen first.\n\nThen act.")


def count(database: Database, table: type) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def nothing_is_left(database: Database, kept: Storage, aside: Path) -> None:
    """Neither a row nor a file nor half of one."""
    assert count(database, AttachmentFile) == 0
    assert count(database, DraftFile) == 0
    assert kept.objects == {}
    assert [path for path in aside.rglob("*") if path.is_file()] == []


def test_a_storage_that_is_lost_in_the_middle_keeps_nothing_and_the_form_keeps_what_was_typed(
    published: Shelf, database: Database, app: Flask, kept: Storage, tmp_path: Path
):
    clarke = Visit(app, "clarke")
    draft = begin(clarke)
    kept.breaks_after = 2
    page = send_film(clarke, draft)
    assert page.status == 503
    assert AWAY in page.words
    assert STILL_HERE in page.words
    assert page.tree.xpath("string(//textarea[@name='says'])").strip() == TOLD
    assert "Then act." in page.tree.xpath("string(//textarea[@name='transcript'])")
    nothing_is_left(database, kept, tmp_path / "aside")
    kept.breaks_after = None
    done = send_film(clarke, draft)
    assert "film.mp4 is in the draft" in done.words
    assert count(database, AttachmentFile) == 1
    assert len(kept.objects) == 1
    kept.is_away = True
    path = f"{draft}/medium/modules/listening/media/film.mp4"
    other = make.film(padding=PART + 900_000)
    again = clarke.get(path).press(
        "Save in the draft", file=(io.BytesIO(other), "b.mp4"), says="Something else"
    )
    assert again.status == 503
    assert STILL_HERE in again.words
    assert "Something else" in again.tree.xpath("string(//textarea[@name='says'])")
    assert len(kept.objects) == 1


@pytest.mark.database("sqlite")
def test_while_a_storage_hangs_with_half_of_a_film_others_save_what_they_write(
    published: Shelf, database: Database, app: Flask, kept: Storage
):
    adams, clarke = Visit(app, "adams"), Visit(app, "clarke")
    draft = begin(clarke)
    kept.hangs_after = 1
    with ThreadPoolExecutor(1) as hands:
        sending = hands.submit(send_film, clarke, draft)
        try:
            assert kept.is_hanging.wait(30)
            page = adams.get("/learn/core/listening/quiz/listening-check").submit()
            taken(adams, page.path)
            assert saved(database) == 1
            assert not sending.done()
        finally:
            kept.hangs_after = None
            kept.released.set()
        assert "film.mp4 is in the draft" in sending.result(60).words


def test_a_package_from_outside_is_not_taken_by_halves(
    published: Shelf, database: Database, app: Flask, kept: Storage, tmp_path: Path
):
    clarke = Visit(app, "clarke")
    draft = begin(clarke)
    send_film(clarke, draft)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in (1, 2):
            film = make.film(padding=PART + number * 100_000)
            archive.writestr(f"modules/listening/media/film{number}.mp4", film)
    files, objects = count(database, DraftFile), len(kept.objects)
    kept.breaks_after = 3
    page = bring(clarke, packed.getvalue(), "course.zip", title="From outside")
    assert page.status == 503
    assert AWAY in page.words
    assert page.tree.xpath("string(//input[@name='title']/@value)") == "From outside"
    assert (count(database, DraftFile), count(database, DraftImport)) == (files, 0)
    assert count(database, AttachmentFile) == 1
    kept.breaks_after = None
    bring(clarke, packed.getvalue(), "course.zip", title="From outside")
    assert count(database, AttachmentFile) == 3
    assert len(kept.objects) == objects + 2


def test_a_film_for_a_draft_that_closes_in_that_second_is_taken_away_by_itself(
    published: Shelf,
    app: Flask,
    kept: Storage,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
):
    clarke = Visit(app, "clarke")
    draft = begin(clarke)
    bring_it = media_service.brought

    def and_closed(*given: Any) -> Any:
        safe = bring_it(*given)
        with database.writing() as session:
            session.execute(update(Draft).values(status=DraftStatus.DISCARDED))
        return safe

    monkeypatch.setattr(media, "brought", and_closed)
    send_film(clarke, draft)
    assert (len(kept.objects), count(database, AttachmentFile)) == (1, 0)
    run_duty(app, "files that nothing kept")
    assert len(kept.objects) == 1, "it may still be written down"
    run_duty(app, "files that nothing kept", at=app.extensions["pme_clock"]() + timedelta(days=1, minutes=1))
    assert kept.objects == {}
