"""The form of a correction as an instructor fills it in and tries it."""

from typing import Any

from sqlalchemy import func, select

from pme.assessment.regrades import Scope
from pme.db import Database
from tests.regrade.every_type import (
    BRAVO,
    ITEMS,
)
from tests.support.client import Page, Visit

REASON = "Both sources name it; CANARY-reason."


def form_of(visit: Visit, scope: Scope, number: int, kind: str) -> Page:
    return visit.get(f"/teach/core/corrections/check/{scope.version_id}/questions/{number}/{kind}")


def filled(page: Page, number: int) -> dict[str, Any]:
    """Another key for the question, as its fields take it."""
    names = sorted({name for name in page.tree.xpath("//main//*[@name]/@name") if name.startswith("key_")})
    match ITEMS[number - 1].type:
        case "single":
            return {"key": BRAVO}
        case "true-false":
            return {"key": "CANARY-false-wrong"}
        case "multiple":
            return {"key": ["CANARY-foxtrot-wrong"]}
        case "matching":
            return dict(zip(names, ("CANARY-night", "CANARY-noon"), strict=True))
        case "ordering":
            return dict(zip(names, ("3", "2", "1"), strict=True))
        case "numeric":
            return {"answer": "20", "tolerance": "0,5"}
        case "short-text":
            return {"key": "shelter\n  haven "}
        case _:
            return dict(zip(names, ("1", "4"), strict=True))


def try_it(visit: Visit, scope: Scope, number: int = 1, kind: str = "key") -> Page:
    page = form_of(visit, scope, number, kind)
    fields = filled(page, number) if kind in ("key", "accept") else {}
    return page.press("See what it would change", reason=REASON, **fields)


def count(database: Database, model: type[Any]) -> int:
    with database.session() as session:
        return session.scalar(select(func.count(model.id))) or 0
