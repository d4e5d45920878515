"""Evans looks at reports, narrows one, keeps it as a view and lets it be made."""

from dataclasses import replace
from unittest.mock import patch

from sqlalchemy import select

from pme.db import Database
from pme.people.models import Academy
from pme.reports import kept
from pme.reports.datasets import registry
from tests.browser.album import Album
from tests.support.cast import HOME
from tests.support.client import Visit
from tests.support.work import run_jobs

REPORTS = "/academy/reports"
KEPT = "item-quality"
FIGURES = f"{REPORTS}/{KEPT}"


def told(album: Album, evans: Visit, database: Database) -> None:
    """Every kind of page about reports, each once: they are made of parts that others show too."""
    worked_out(album, evans, database)
    album.walk(evans, [f"{REPORTS}/completions"], "with rows")
    shown = (f"{REPORTS}/critical-failures?sort=action", f"{REPORTS}/progress?status=waiting")
    album.walk(evans, shown, "narrowed and sorted", dead_ends=False)
    album.walk(evans, [f"{REPORTS}/activity/dictionary"], "explained")
    album.take(
        evans.get(f"{REPORTS}/completions?since=2026-05-01&until=2026-04-01"), "a period that cannot be"
    )
    page = f"{REPORTS}/courses/core/commander"
    album.walk(evans, [page], "for commanders", dead_ends=False)
    album.take(evans.get(f"{page}?first=2026-05&last=2026-04"), "months that cannot be")
    view = evans.get(f"{REPORTS}/completions?sort=-percent").press(
        "Save this view", name="By result", shared="y"
    )
    album.take(view.press("Make it automatically"), "made by itself")
    album.take(evans.get(REPORTS), "with a view")


def worked_out(album: Album, evans: Visit, database: Database) -> None:
    """Figures that are kept: before anybody asked, waiting for their turn, worked out, and out of date."""
    with patch.dict(
        registry.DATASETS, {KEPT: replace(registry.DATASETS[KEPT], at_most=1)}
    ):  # one is many here
        asked = album.take(evans.get(FIGURES), "not worked out yet")
        album.take(asked.press("Calculate them"), "waiting")
        run_jobs(album.app)
        album.walk(evans, [FIGURES], "worked out")
        with database.writing() as session:
            kept.outdate(session, session.scalars(select(Academy.id).where(Academy.slug == HOME)).one())
        album.walk(evans, [FIGURES], "out of date")
