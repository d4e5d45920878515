"""Lists that are sorted by their headings: which order an address asks for, and headings that lead to another.

`sort=name` is from the first to the last, `sort=-name` the other way round; what nobody asks for stands nowhere.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pme.web.addresses import url_for


@dataclass(frozen=True)
class Sorting:
    """The order of a list: `asked` as an address has it, `usual` the one that nobody has to ask for."""

    asked: str
    usual: str

    @classmethod
    def of(cls, given: Mapping[str, str], keys: Collection[str], usual: str) -> "Sorting":
        """What a query or a form asks for; the usual order where it asks for none that there is."""
        asked = given.get("sort", "")
        return cls(asked if asked.removeprefix("-") in keys else usual, usual)

    @property
    def key(self) -> str:
        """By which column."""
        return self.asked.removeprefix("-")

    @property
    def is_down(self) -> bool:
        """Whether the last stands first."""
        return self.asked.startswith("-")

    @property
    def fields(self) -> dict[str, str]:
        """The field of a query, where the order is not the usual one."""
        return {} if self.asked == self.usual else {"sort": self.asked}

    def head(self, key: str, text: str, endpoint: str, where: Mapping[str, Any]) -> dict[str, str]:
        """A column's heading, which sorts by it, and the other way round where the list is sorted so already."""
        is_this = key == self.key
        sort = f"-{key}" if is_this and not self.is_down else key
        fields = {name: value for name, value in where.items() if name not in ("sort", "page")}
        return {
            "text": text,
            "href": url_for(endpoint, **fields, sort=None if sort == self.usual else sort),
            "sorted": ("descending" if self.is_down else "ascending") if is_this else "",
        }

    def heads(
        self,
        texts: Mapping[str, str],
        endpoint: str,
        where: Mapping[str, Any],
        *,
        numbers: Collection[str] = (),
    ) -> list[dict[str, Any]]:
        """The headings of a table whose columns all sort it, in their order; `numbers` are those with figures."""
        return [
            {**self.head(key, text, endpoint, where), "number": key in numbers} for key, text in texts.items()
        ]
