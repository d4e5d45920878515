"""Every page of the platform, for each of the cast in each state: what axe, html-validate, a narrow screen, larger
text and a mirror say about it, in both themes, with and without JavaScript, each in one more language than English;
and the shipped content likewise."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from pme.db import Database
from tests.browser import shipped, stories
from tests.browser.album import BARE, SEEN, SPOKEN, Album, Picture, Replay
from tests.browser.budget import too_dear
from tests.browser.looking import (
    faults_again,
    faults_in_any_language,
    faults_in_every_rule,
    faults_in_its_language,
    faults_of,
    faults_the_other_way,
    faults_without_script,
    out_of_place_in_other_words,
    out_of_place_on_a_wide_desk,
)
from tests.browser.watching import Watch
from tests.support.browser import live
from tests.support.html import html_validate
from tests.support.templates import share_templates

pytestmark = pytest.mark.browser

PARTS = range(4)
"""Each album is looked at in this many tests, which can run at the same time."""
HEARD = 4
"""Of the pages of known parts, and of those in other languages, axe is asked about one in so many; of all in the soak,
in each language."""
MESSAGES_SHOWN = 25
CHANGED_BY_SCRIPT = ('class="term"', "data-words", "data-focus")
"""Signs of what a script changes in a page as soon as it is loaded."""


@pytest.fixture(scope="session")
def _albums() -> dict[str, Album]:
    """The albums of this run."""
    return {}


@pytest.fixture
def cast_album(app: Flask, database: Database, _albums: dict[str, Album]) -> Album:
    """Everything that the cast lives through with the small library."""
    if "cast" not in _albums:
        _albums["cast"] = stories.played(app, database)
    return _albums["cast"]


@pytest.fixture
def shipped_album(
    _albums: dict[str, Album], compiled_templates: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Album]:
    """A tour through the content as it is shipped."""
    if "shipped" not in _albums:
        folder = tmp_path_factory.mktemp("shipped")
        share_templates(folder, compiled_templates)
        _albums["shipped"] = shipped.toured(shipped.installed(folder))
    yield _albums["shipped"]
    database: Database = _albums["shipped"].app.extensions["pme_database"]
    database.dispose()


@contextmanager
def looking_at(album: Album, chromium: Browser) -> Iterator[tuple[Page, str, Watch]]:
    """A page of a browser at which the album is shown."""
    with live(Replay(album)) as address, chromium.new_context() as context:
        watch = Watch(context, address)
        yield context.new_page(), address, watch


def faults_in(
    pictures: Sequence[tuple[int, Picture]],
    album: Album,
    chromium: Browser,
    look: Callable[[Page], Iterator[str]],
    *,
    at: str = SEEN,
) -> list[str]:
    """What a look finds in these pictures of an album, by name of the page."""
    faults = []
    with looking_at(album, chromium) as (page, address, watch):
        for number, picture in pictures:
            page.goto(f"{address}{at}{number}")
            faults += [f"{picture.name}: {fault}" for fault in (*look(page), *watch.faults)]
            watch.faults.clear()
    return faults


def faults_in_any_look(pictures: Sequence[tuple[int, Picture]], album: Album, chromium: Browser) -> list[str]:
    """What is wrong with these pictures, each seen in light and in dark: every other one the other way round."""
    one_way, other_way = pictures[::2], pictures[1::2]
    found = faults_in(one_way, album, chromium, faults_of)
    return found + faults_in(other_way, album, chromium, faults_the_other_way)


def places_in(
    pictures: Sequence[tuple[int, Picture]], album: Album, chromium: Browser, *, at: str = SEEN
) -> list[str]:
    """What is out of place in these pictures, on a phone, and on a desk or a wide one in turns."""
    found = faults_in(pictures[::2], album, chromium, out_of_place_in_other_words, at=at)
    return found + faults_in(pictures[1::2], album, chromium, out_of_place_on_a_wide_desk, at=at)


def part_of(album: Album, part: int, wanted: Iterable[int]) -> list[tuple[int, Picture]]:
    """One part of these pictures of an album, by number."""
    return [(number, album.pictures[number]) for number in sorted(wanted)][part :: len(PARTS)]


def again_in(album: Album, *, refused: bool) -> list[int]:
    """Other pages of known parts, or refusals of known parts, by number."""
    elsewhere = album.firsts | album.repeats
    return [
        number
        for number, picture in enumerate(album.pictures)
        if number not in elsewhere and (picture.status != HTTPStatus.OK) == refused
    ]


def changed_in(album: Album) -> list[tuple[int, Picture]]:
    """The pages that a script changes, by number, but for those that show nothing new."""
    return [
        (number, picture)
        for number, picture in enumerate(album.pictures)
        if number not in album.repeats and any(sign in picture.html for sign in CHANGED_BY_SCRIPT)
    ]


def none_of(faults: list[str]) -> None:
    shown = "\n".join(faults[:MESSAGES_SHOWN])
    assert not faults, f"{len(faults)} faults:\n{shown}"


def test_the_album_shows_every_page_of_the_application(cast_album: Album):
    rules = cast_album.app.url_map.iter_rules()
    pages = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    shown = {picture.endpoint for picture in cast_album.pictures if picture.status == 200}
    assert pages - stories.NOT_PAGES - stories.ALWAYS_ELSEWHERE - shown == set()


def test_the_album_shows_every_kind_of_refusal(cast_album: Album):
    statuses = {picture.status for picture in cast_album.pictures}
    assert statuses >= {200, 400, 403, 404, 405, 409, 413, 422, 429, 500, 503}


def test_no_page_of_the_album_broke_down(cast_album: Album):
    pictures = (*cast_album.pictures, *cast_album.spoken)
    assert [
        each.name for each in pictures if each.status == HTTPStatus.INTERNAL_SERVER_ERROR and each.endpoint
    ] == []


@pytest.mark.parametrize("part", PARTS)
def test_pages_of_the_cast_have_no_fault_in_any_look(cast_album: Album, chromium: Browser, part: int):
    none_of(faults_in_any_look(part_of(cast_album, part, cast_album.firsts), cast_album, chromium))
    again, refusals = again_in(cast_album, refused=False), again_in(cast_album, refused=True)
    none_of(faults_in(part_of(cast_album, part, again[::HEARD]), cast_album, chromium, faults_again))
    others = {*again, *refusals} - set(again[::HEARD])
    none_of(places_in(part_of(cast_album, part, others), cast_album, chromium))


@pytest.mark.parametrize("part", PARTS)
def test_shipped_pages_have_no_fault_in_any_look(shipped_album: Album, chromium: Browser, part: int):
    none_of(faults_in_any_look(part_of(shipped_album, part, shipped_album.firsts), shipped_album, chromium))


@pytest.mark.soak
def test_pages_of_the_cast_that_show_nothing_new_have_no_fault(cast_album: Album, chromium: Browser):
    repeats = [(number, cast_album.pictures[number]) for number in sorted(cast_album.repeats)]
    none_of(faults_in(repeats, cast_album, chromium, faults_again))
    none_of(html_validate({each.name: each.html for _, each in repeats}))


@pytest.mark.soak
def test_every_page_has_no_fault_by_any_rule_in_all_looks(
    cast_album: Album, shipped_album: Album, chromium: Browser
):
    for album in (cast_album, shipped_album):
        shown = [(n, album.pictures[n]) for n in range(len(album.pictures)) if n not in album.repeats]
        none_of(faults_in(shown, album, chromium, faults_in_every_rule))


@pytest.mark.soak
def test_shipped_pages_that_repeat_the_parts_of_others_have_no_fault(shipped_album: Album, chromium: Browser):
    firsts = shipped_album.firsts
    again = [(n, picture) for n, picture in enumerate(shipped_album.pictures) if n not in firsts]
    none_of(faults_in(again, shipped_album, chromium, faults_again))


def test_pages_that_a_script_changes_have_no_fault_as_they_were_sent(cast_album: Album, chromium: Browser):
    firsts = [(number, picture) for number, picture in changed_in(cast_album) if number in cast_album.firsts]
    assert firsts
    none_of(faults_in(firsts, cast_album, chromium, faults_without_script, at=BARE))


@pytest.mark.soak
def test_pages_of_known_parts_that_a_script_changes_have_no_fault_as_they_were_sent(
    cast_album: Album, chromium: Browser
):
    again = [
        (number, picture) for number, picture in changed_in(cast_album) if number not in cast_album.firsts
    ]
    none_of(faults_in(again, cast_album, chromium, faults_without_script, at=BARE))


def test_nothing_is_out_of_place_in_the_other_languages(
    cast_album: Album, shipped_album: Album, chromium: Browser
):
    for album in (cast_album, shipped_album):
        spoken = list(enumerate(album.spoken))
        some, others = spoken[::HEARD], [each for each in spoken if each[0] % HEARD]
        none_of(faults_in(some, album, chromium, faults_in_its_language, at=SPOKEN))
        none_of(places_in(others, album, chromium, at=SPOKEN))


@pytest.mark.soak
def test_every_page_of_the_cast_has_no_fault_in_any_language(
    app: Flask, database: Database, chromium: Browser
):
    none_spoken_wrongly(stories.played(app, database, every_language=True), chromium)


@pytest.mark.soak
def test_every_shipped_page_has_no_fault_in_any_language(tmp_path: Path, chromium: Browser):
    content = shipped.installed(tmp_path)
    none_spoken_wrongly(shipped.toured(content, every_language=True), chromium)
    content.database.dispose()


def none_spoken_wrongly(album: Album, chromium: Browser) -> None:
    none_of(html_validate({each.name: each.html for each in album.spoken}))
    none_of(faults_in(list(enumerate(album.spoken)), album, chromium, faults_in_any_language, at=SPOKEN))


def test_pages_of_the_cast_are_valid_html(cast_album: Album):
    shown = [each for number, each in enumerate(cast_album.pictures) if number not in cast_album.repeats]
    none_of(html_validate({each.name: each.html for each in (*shown, *cast_album.spoken)}))


def test_shipped_pages_are_valid_html(shipped_album: Album):
    none_of(
        html_validate({each.name: each.html for each in (*shipped_album.pictures, *shipped_album.spoken)})
    )


def test_every_page_of_the_cast_takes_few_requests_and_bytes(cast_album: Album):
    none_of(list(too_dear(cast_album)))


def test_every_shipped_page_takes_few_requests_and_bytes(shipped_album: Album):
    none_of(list(too_dear(shipped_album)))


def test_every_link_and_form_of_the_cast_works_without_javascript(cast_album: Album):
    none_of(cast_album.dead_ends)


def test_every_link_and_form_of_the_shipped_content_works_without_javascript(shipped_album: Album):
    none_of(shipped_album.dead_ends)
