"""A panel's key and a judges' pass mark put into the text of a quiz or scenario file. Pure.

Only the values named change (`yaml_edit`): comments, blank lines and the author's own layout stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pme.content.shapes import PanelRecord, Standard
from pme.content.yaml_edit import put, value_at
from pme.content.yaml_write import Plain
from pme.errors import Conflict
from pme.words.speech import _

Ratings = Mapping[tuple[str, str], Sequence[int]]
"""The panel's ratings by (decision or item, option)."""
LISTS = {"scenario": ("nodes", "choices"), "quiz": ("items", "options")}


def holds(text: str, kind: str, part: str) -> bool:
    """Whether a decision (or item) stands in the text of a file of this kind; banks are written as quizzes."""
    return value_at(text, (LISTS[kind][0], part)) is not None


def with_ratings(text: str, kind: str, ratings: Ratings) -> str:
    """The text with a panel's ratings as the key of these options. Raises Conflict when it lacks one of them."""
    outer, inner = LISTS[kind]
    for (part, option), rated in ratings.items():
        place = (outer, part, inner, option, "key")
        if value_at(text, place) is None:
            raise Conflict(
                _(
                    "The file has no “{part}, {option}” where the published version has it.",
                    part=part,
                    option=option,
                )
            )
        panel: Plain = {"by": "panel", "panel": [str(rating) for rating in rated]}
        text = put(text, place, panel)
    return text


def with_record(text: str, kind: str, record: PanelRecord) -> str:
    """The text of a quiz or scenario with who its panel was; the next version of a scenario."""
    panel: Plain = {
        "n": str(record.n),
        "date": record.date,
        "composition": [f"{role.role} {role.count}" for role in record.composition],
        "rounds": str(record.rounds),
        "method": record.method,
    }
    text = put(text, ("panel",), panel)
    return put(text, ("version",), _next(value_at(text, ("version",)))) if kind == "scenario" else text


def with_standard(text: str, min_percent: int, standard: Standard) -> str:
    """The text of a quiz with another pass mark, and how, by how many judges and when it was set."""
    told = {"min_percent": min_percent, "method": standard.method, "judges": standard.judges}
    for field, value in (told | {"date": standard.date}).items():
        text = put(text, ("pass", field), str(value))
    return text


def _next(version: Plain | None) -> str:
    """1.0.3 becomes 1.1.0: the words stay, the key is new."""
    major, minor, _unused = str(version).split(".")
    return f"{major}.{int(minor) + 1}.0"
