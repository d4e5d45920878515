"""How templates write dates, numbers and marks, and the few facts that every page knows."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask, g
from markupsafe import Markup

from pme.content.anchors import anchored, standalone
from pme.content.provenance import whose_key, whose_standard
from pme.handouts.paper import for_paper
from pme.web.loaders import may_author
from pme.web.looks import as_wanted
from pme.web.signin import find_current_visitor, settings
from pme.words import numbers, times


def moment(at: datetime) -> Markup:
    """A moment in UTC, as a machine-readable time element."""
    at = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), times.moment(at))


def html(text: str) -> Markup:
    """Text that was rendered and sanitised when it was published."""
    return Markup(as_wanted(text))  # noqa: S704  (only ever given *_html fields of published content)


def by_folder(path: str) -> Markup:
    """The path of a file, which may go on in a new line after each folder, and so does not break within a word."""
    return Markup("/<wbr>").join(path.split("/"))


def plural(number: int, one: str, many: str) -> str:
    """A count with its noun."""
    return f"{number} {one if number == 1 else many}"


def install(app: Flask) -> None:
    """Give templates these filters, and the visitor, product and request that every page shows."""
    filters: dict[str, Callable[..., Any]] = {
        "day": times.day,
        "as_day": lambda text: times.day(date.fromisoformat(text)),
        "moment": moment,
        "percent": numbers.percent,
        "hours": times.hours,
        "html": html,
        "anchored": anchored,
        "standalone": standalone,
        "by_folder": by_folder,
        "plural": plural,
        "for_paper": for_paper,
        "whose_key": whose_key,
        "whose_standard": whose_standard,
    }
    for name, function in filters.items():
        app.add_template_filter(function, name)

    @app.context_processor
    def every_page() -> dict[str, Any]:
        return {
            "visitor": find_current_visitor(),
            "request_id": g.get("request_id", ""),
            "is_development": settings().development,
            "may_author": may_author,
        }
