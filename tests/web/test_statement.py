"""The accessibility statement names the very programs that the tests use, and what no person has tested."""

import json
from pathlib import Path

import pytest

from pme.web.public.statement import PROGRAMS
from tests.conftest import Visits

PINNED = json.loads((Path(__file__).parents[2] / "package.json").read_text(encoding="utf-8"))[
    "devDependencies"
]


def test_the_versions_are_those_that_the_tests_use():
    named = {"axe": "axe-core", "html_validate": "html-validate", "lighthouse": "lighthouse"}
    assert {name: PROGRAMS[name] for name in named} == {
        name: PINNED[pinned] for name, pinned in named.items()
    }


@pytest.mark.alike
@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "last on 28 November 2026"),
        ("fr", "28 novembre 2026"),
        ("uk", "28 листопада 2026"),
        ("ar", "2026"),
    ],
)
def test_it_tells_when_and_with_what_in_every_language(visit: Visits, language: str, says: str):
    words = visit("nobody").get(f"/accessibility?lang={language}").words
    assert says in words
    assert all(version in words for version in PROGRAMS.values())
