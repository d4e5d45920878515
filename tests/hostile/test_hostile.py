"""The hostile set through the real forms: refused within two seconds, with a sentence, and nothing left behind."""

import io
import os
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pme.authoring.models import Draft, DraftFile
from pme.authoring.models_import import DraftImport
from pme.content.models import AttachmentFile, AttachmentPart, SourceFile
from pme.db import Base, Database
from pme.intake.bounded import TOO_MUCH
from tests.authoring.test_drafting import begin
from tests.authoring.test_media import SAYS
from tests.conftest import Visits
from tests.content.small_library import Shelf
from tests.hostile.making import Hostile, every
from tests.support.client import Page, Visit

TABLES: tuple[type[Base], ...] = (Draft, DraftFile, DraftImport, AttachmentFile, AttachmentPart, SourceFile)
MOST_SECONDS = 2.0
"""On a machine that has nothing else to do; it may take longer by as much as others are in the way."""
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


def sent(visit: Visit, draft: str, hostile: Hostile, content: bytes) -> Page:
    """Send a file through the form that it is for."""
    file = (io.BytesIO(content), hostile.name)
    if hostile.form == "media":
        return visit.get(f"{draft}/modules/listening/media").press(
            "Add the file", file=file, in_page="y", **SAYS
        )
    return visit.get("/author/bring").press("Create a draft from it", file=file)


def rows(database: Database) -> list[int | None]:
    """How much there is of everything that a file could leave."""
    with database.session() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def children() -> set[str]:
    """Every child process of this one that works for the intake."""
    found = set()
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
            parent = place.with_name("stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if b"pme.intake.work" in words and int(parent) == os.getpid():
            found.add(place.parent.name)
    return found


@pytest.mark.alike(0)
def test_every_hostile_file_is_refused_at_once_with_a_sentence_and_leaves_nothing(
    published: Shelf, database: Database, visit: Visits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    clarke = visit("clarke")
    draft = begin(clarke)
    before, wrong, slowest = rows(database), [], 0.0
    chosen = list(every()) if database.is_sqlite else list(every())[::8]
    for hostile in chosen:
        content = hostile.content()
        begun = time.monotonic()
        page = sent(clarke, draft, hostile, content)
        took = time.monotonic() - begun
        slowest = max(slowest, took)
        told = page.tree.xpath("string(//section[@role='alert'])") if page.tree is not None else ""
        says = " ".join(told.replace("There is a problem", "").split())
        if page.status != 422 or len(says) < 20 or not says.endswith((".", "…", "”")):
            wrong.append(f"{hostile.tries}: {page.status}, “{says}”")
        if says == TOO_MUCH:
            wrong.append(f"{hostile.tries}: was refused only because its child broke down")
        if took > MOST_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)):
            wrong.append(f"{hostile.tries}: {took:.1f} s, “{says}”")
        if rows(database) != before:
            wrong.append(f"{hostile.tries}: left rows")
            before = rows(database)
        if left := [each.name for each in folder.iterdir()]:
            wrong.append(f"{hostile.tries}: left {left}")
        if children():
            wrong.append(f"{hostile.tries}: a child is still there")
        if "Traceback" in page.text or "<script>alert" in page.text or "\u202e" in page.text:
            wrong.append(f"{hostile.tries}: shows what it should not")
    assert not wrong, "\n".join(wrong)
    print(f"slowest: {slowest:.2f} s")
