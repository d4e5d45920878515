"""A page that says no tells where to go on: what may be tried again, what is opened anew, where to look instead."""

from typing import Any

import pytest
from flask import Flask

from tests.conftest import Visits
from tests.support.cast import NOBODY
from tests.support.client import Page

FIRST = ("Go to the first page", "/")


def ways(page: Page) -> list[tuple[str, str]]:
    """The buttons that lead on, the first the one that stands out."""
    assert page.tree is not None
    links: list[Any] = page.tree.xpath("//main//a[contains(@class, 'button')]")
    links.sort(key=lambda link: "secondary" in link.get("class"))
    return [(" ".join(link.xpath("string()").split()), link.get("href")) for link in links]


def test_what_is_not_found_is_searched_for_or_signed_in_for(visit: Visits):
    assert ways(visit("adams").get("/nowhere")) == [FIRST, ("Search", "/search")]
    assert ways(visit(NOBODY).get("/nowhere?a=1")) == [FIRST, ("Sign in", "/sign-in?next=/nowhere?a%3D1")]
    assert ways(visit("evans").get("/nowhere")) == [FIRST]
    assert ways(visit(NOBODY).get(f"/preview/{'x' * 43}/")) == [FIRST]  # a link opens it, and no account


def test_what_goes_by_is_tried_again_at_the_same_address(app: Flask, visit: Visits):
    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("CANARY")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    again = ("Try again", "/broken?lang=fr")
    page = visit("adams").get("/broken?lang=fr")
    assert page.status == 500
    assert ways(page) == [("Réessayer", again[1]), ("Aller à la première page", "/")]


@pytest.mark.parametrize(
    ("before", "leads"),
    [
        ("http://localhost/account?lang=en", [("Back to where you were", "/account?lang=en"), FIRST]),
        (
            "http://localhost//elsewhere.example/x",
            [("Back to where you were", "/elsewhere.example/x"), FIRST],
        ),
        ("https://elsewhere.example/x", [FIRST]),
        ("", [FIRST]),
    ],
)
def test_a_form_that_is_too_old_leads_back_to_its_own_page_and_never_elsewhere(
    before: str, leads: list[tuple[str, str]], visit: Visits
):
    adams = visit("adams")
    response = adams.http.post("/sign-out", data={}, headers={"Referer": before})
    page = Page(adams, response)
    assert page.status == 400
    assert ways(page) == leads
