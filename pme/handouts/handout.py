"""What is printed of a page, in plain values: all that the printer is ever given."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

CARD_NAMES = ("job aid", "aide-mémoire")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """A whole document of HTML; its links are relative to `address`. A card is set on one sheet if it fits; what is
    archival is made as PDF/A-3a, too; a book may be long.
    """

    html: str
    address: str
    is_card: bool = False
    is_archival: bool = False
    is_book: bool = False

    def as_json(self) -> bytes:
        """The handout as it travels to the printer."""
        return json.dumps(asdict(self)).encode("ascii")

    @classmethod
    def from_json(cls, text: bytes) -> Handout:
        """The handout that `as_json` wrote."""
        return cls(**json.loads(text))


def is_card(slug: str, title: str) -> bool:
    """Whether a page is a job aid, to be carried on one sheet."""
    return slug == "job-aid" or title.casefold().startswith(CARD_NAMES)
