"""Evans looks at reports, narrows one, keeps it as a view and lets it be made."""

from tests.browser.album import Album
from tests.support.client import Visit

REPORTS = "/academy/reports"


def told(album: Album, evans: Visit) -> None:
    """Every kind of page about reports, each once: they are made of parts that others show too."""
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
        "Keep this view", name="By result", shared="y"
    )
    album.take(view.press("Let it be made"), "made by itself")
    album.take(evans.get(REPORTS), "with a view")
