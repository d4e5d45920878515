"""Questions as a draft has them: their file, their forms, what stands in a field."""

from typing import Any

from pme.content.yaml_edit import read
from tests.content.small_library import QUIZ
from tests.support.client import Page, Visit


def text_of(visit: Visit, draft: str, path: str = QUIZ) -> str:
    """A file as the draft has it."""
    return str(visit.get(f"{draft}/file/{path}").tree.xpath("string(//textarea)")).removeprefix("\n")


def items_of(visit: Visit, draft: str) -> Any:
    """The questions of a quiz as the draft has them."""
    content: Any = read(text_of(visit, draft))
    return content["items"]


def form_at(visit: Visit, draft: str, number: int, path: str = QUIZ) -> Page:
    """The form of a question."""
    return visit.get(f"{draft}/question/{number}/form/{path}")


def value(page: Page, name: str) -> str:
    """What stands in a field of a page."""
    field = page.tree.xpath(f"//*[@name='{name}']")[0]
    return field.get("value") if field.tag == "input" else (field.text or "").removeprefix("\n")
