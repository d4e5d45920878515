"""A page that is kept whole is the very page that would be made for its reader, and only theirs: byte for byte, but for
the token of its forms, in each language and look, whatever changes between two visits.
"""

import gzip
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select, update

from pme.db import Database
from pme.people.look import Look
from pme.people.models import BrowserSession, Person, Personnel
from pme.web import whole
from pme.web.session import db_session
from pme.web.shell import Shell
from pme.web.signin import find_current_visitor
from pme.web.splicing import Spliced
from pme.web.spoken import here
from pme.words.speech import current
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import email_of
from tests.support.client import Visit

PAGE, OTHER = f"{student.BASICS}/second", f"{student.FURTHER}/first"
CHECKED = f"{student.BASICS}/first"
TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+"')
pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the pages that were taken as they were kept."""
    taken: list[int] = []
    fill = Spliced.filled

    def note(page: Spliced, values: dict[str, bytes]) -> bytes:
        body = fill(page, values)
        if current():  # within a request, not when it is put together
            taken.append(len(body))
        return body

    monkeypatch.setattr(Spliced, "filled", note)
    return taken


def made(visit: Visit, address: str, **more: str) -> str:
    """The page as it is made for one reader: a browser that takes nothing squeezed gets no kept one."""
    return visit.fetch(address, headers=more).get_data(as_text=True)


def kept(visit: Visit, address: str, **more: str) -> str:
    """The page as it is kept, asked for often enough for that; it is the same each time."""
    seen = []
    for _time in range(3):
        answer = visit.fetch(address, headers={"Accept-Encoding": "gzip"} | more)
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        seen.append(gzip.decompress(answer.data).decode())
    assert len({TOKEN.sub("", each) for each in seen}) == 1
    return seen[-1]


def is_same(one: str, other: str) -> bool:
    return TOKEN.sub("", one) == TOKEN.sub("", other)


@pytest.mark.parametrize("language", ["en", "fr", "uk", "ar"])
def test_the_kept_page_is_the_one_that_would_be_made(visit: Visits, filled: list[int], language: str):
    adams = visit("adams")
    for address in (PAGE, OTHER):
        for _read in range(2):
            asked = {"Accept-Language": language}
            page = kept(adams, address, **asked)
            assert is_same(page, made(adams, address, **asked))
            assert f'<html lang="{language}"' in page
            assert "\0" not in page
            adams.get(address).press("Mark as read and continue" if not _read else "Go on")
    assert len(filled) >= 8


def test_each_reader_has_their_own_name_account_and_token(
    visit: Visits, database: Database, filled: list[int]
):
    with database.writing() as session:
        person = session.scalars(select(Person).where(Person.email == email_of("adams"))).one()
        named = {"rank": "Maj & Co", "name": 'Адамс <b>"O\'Neil"'}
        session.execute(update(Personnel).where(Personnel.person_id == person.id).values(**named))
    first, again = visit("adams"), visit("adams")
    texts = [kept(first, PAGE), kept(again, PAGE)]
    assert filled
    assert is_same(*texts)
    assert is_same(texts[0], made(first, PAGE))
    assert "Maj &amp; Co Адамс &lt;b&gt;&#34;O&#39;Neil&#34;</bdi>" in texts[0]
    tokens = [set(re.findall(r'name="csrf_token" value="([^"]+)"', text)) for text in texts]
    assert [len(each) for each in tokens] == [1, 1]
    assert tokens[0] != tokens[1]
    for reader, (own,) in ((first, tokens[0]), (again, tokens[1])):
        answer = reader.http.post(PAGE, data={"csrf_token": own})
        assert answer.status_code == 303


def test_a_reader_with_anything_of_their_own_gets_it_at_once(visit: Visits, filled: list[int]):
    adams = visit("adams")
    kept(adams, PAGE)
    adams.get(PAGE).press("Save the note", text="Asked by Adams alone.")
    filled.clear()
    for _time in range(2):
        assert "Asked by Adams alone." in kept(adams, PAGE)
    assert not filled
    adams.get(OTHER)
    assert "deleted" not in kept(adams, OTHER)


def test_a_page_with_a_check_is_its_readers_own(visit: Visits, filled: list[int]):
    adams = visit("adams")
    assert is_same(kept(adams, CHECKED), made(adams, CHECKED))
    assert not filled


def test_a_look_that_was_chosen_holds_on_the_next_page(visit: Visits, filled: list[int]):
    adams = visit("adams")
    plain = kept(adams, PAGE)
    adams.get("/reading-aids").press("Save", theme="dark", size="large", spacing="", measure="", data="")
    adams.get("/learn")  # where it is said that the look is kept
    dark = kept(adams, PAGE)
    assert 'data-theme="dark"' in dark
    assert is_same(dark, made(adams, PAGE))
    assert 'data-theme="dark"' not in plain
    adams.get("/reading-aids").press("Save", theme="", size="", spacing="", measure="", data="sparing")
    adams.get("/learn")
    filled.clear()
    assert is_same(kept(adams, PAGE), made(adams, PAGE))
    assert not filled


def test_what_is_said_once_is_said_on_a_page_that_is_kept(visit: Visits):
    adams = visit("adams")
    kept(adams, PAGE)
    with adams.http.session_transaction() as session:
        session["_flashes"] = [("success", "This was said once.")]
    seen = [adams.fetch(PAGE, headers={"Accept-Encoding": "gzip"}).data for _time in range(2)]
    assert ["This was said once." in gzip.decompress(each).decode() for each in seen] == [True, False]


def test_whoever_was_signed_out_elsewhere_sees_nothing_of_it(visit: Visits, database: Database):
    adams = visit("adams")
    kept(adams, PAGE)
    with database.writing() as session:
        person = session.scalars(select(Person).where(Person.email == email_of("adams"))).one()
        ended = update(BrowserSession).where(BrowserSession.person_id == person.id)
        session.execute(ended.values(ended_at=datetime.now(UTC)))
    answer = adams.fetch(PAGE, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 303
    assert "/sign-in" in answer.location


def test_a_template_that_showed_somebody_cannot_be_kept(app: Flask):
    frame = whole.Frame("en", "", "/", Shell("", is_kept=True), Look())
    assert app.jinja_env.loader is not None
    odd = DictLoader({"odd.html": "{{ visitor.name }} {{ ask() }}"})
    app.jinja_env.loader = ChoiceLoader([odd, app.jinja_env.loader])
    lengths = {whole.ACCOUNT: 16, whole.TOKEN: 91}
    for ask in (find_current_visitor, db_session, here):
        with app.test_request_context("/"), pytest.raises(RuntimeError, match="kept for everybody"):
            whole._made("odd.html", frame, {"ask": ask}, lengths)


def test_a_process_keeps_no_more_than_it_may(app: Flask):
    pages = whole.Pages(most=9_000)
    for key in "abc":
        assert not pages.is_worth_it(key)
        assert pages.is_worth_it(key)
        pages.put(key, Spliced([bytes(range(256)) * 8], [], {}))
        pages.get("a")
    held = [pages.get(key) is not None for key in "abc"]
    assert held[0]
    assert not all(held) or 3 * pages._kept["a"].size <= 9_000
    assert whole.MOST <= 4_000_000
    assert app.extensions["pme_pages"] is not None
