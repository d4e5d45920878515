"""Long lists, one page at a time: where the page of the request begins, and the addresses of the others."""

from dataclasses import dataclass

from flask import request, url_for

from pme.web.addresses import number_in

SIZE = 50


@dataclass(frozen=True)
class Paging:
    """A page of a list of `total` rows."""

    total: int
    page: int
    size: int = SIZE

    @classmethod
    def asked(cls) -> int:
        """The number of the page that the request asks for."""
        return max(1, number_in(request.args.get("page")) or 1)

    @classmethod
    def of(cls, total: int, *, size: int = SIZE) -> "Paging":
        """The page that the request asks for, or the last one there is."""
        return cls(total, min(cls.asked(), max(1, -(-total // size))), size)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """The first row of this page."""
        return (self.page - 1) * self.size

    @property
    def items(self) -> list[tuple[object, str]]:
        """Pages to go to, with their addresses: the first, the last, and those around; gaps as ("…", "")."""
        near = sorted({1, self.pages, *range(self.page - 1, self.page + 2)} & set(range(1, self.pages + 1)))
        found: list[tuple[object, str]] = []
        for number in near:
            if found and number - int(str(found[-1][0])) > 1:
                found.append(("…", ""))
                found.append((number, self.address(number)))
            else:
                found.append((number, self.address(number)))
        return found

    @property
    def previous(self) -> str:
        """The address of the page before, "" on the first."""
        return self.address(self.page - 1) if self.page > 1 else ""

    @property
    def following(self) -> str:
        """The address of the page after, "" on the last."""
        return self.address(self.page + 1) if self.page < self.pages else ""

    def address(self, number: int) -> str:
        """The address of a page of the same list."""
        values: dict[str, object] = {**request.args.to_dict(), **(request.view_args or {}), "page": number}
        return url_for(request.endpoint or "academy.home", **values)  # type: ignore[arg-type]
