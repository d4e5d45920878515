"""The checks of a page as Adams meets them: refused, moved, told right and told wrong, on the page and on paper."""

from typing import Any

from tests.browser.album import Album
from tests.support.client import Page, Visit
from tests.support.student import BASICS

FIRST = f"{BASICS}/first"
REFUSED: tuple[tuple[int, dict[str, str]], ...] = (
    (1, {}),
    (3, {"answer": "many"}),
    (4, {"rate-1": "4"}),
    (5, {"row-1": "1"}),
)
TOLD: tuple[tuple[int, dict[str, str]], ...] = (
    (1, {"answer": "1", "sure": "3"}),
    (3, {"answer": "73"}),
    (4, {"rate-1": "4", "rate-2": "4"}),
    (5, {"row-1": "1", "row-2": "1"}),
)


def played(album: Album, adams: Visit) -> None:
    """Answer every check of the first page, wrongly in form before."""
    for number, fields in REFUSED:
        album.take(_send(adams, number, fields), f"check {number} refused")
    for number, fields in TOLD:
        _send(adams, number, fields)
    album.take(_send(adams, 2, {}), "every check told")
    album.take(adams.get(f"{BASICS}/whole-module"), "every check told")


def _send(adams: Visit, number: int, fields: dict[str, str]) -> Page:
    """Send the form of a check, with its steps in the order that is shown."""
    page = adams.get(FIRST)
    assert page.tree is not None
    (section,) = page.tree.xpath(f"//section[@id='check-{number}']")
    prefix = f"check-{number}-"
    data: dict[str, Any] = {f"{prefix}{name}": value for name, value in fields.items()}
    data[f"{prefix}order"] = section.xpath(f".//input[@name='{prefix}order']/@value")
    return adams.post(
        f"{FIRST}/checks/{number}", asked=section.xpath(".//input[@name='asked']/@value"), **data
    )
