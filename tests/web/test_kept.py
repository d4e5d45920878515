"""Parts of pages that are kept for everybody: nothing of one person, academy, language or look gets to another."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

from pme.web import signin
from pme.web.kept import MOST, Part, Shelf, spliced
from pme.web.session import db_session
from pme.web.shell import token
from tests.conftest import Visits
from tests.support import student

TEMPLATES = Path(__file__).parents[2] / "templates"
ANYWHERE = {"_", "url_for", "languages_spoken", "language_spoken", "main_address", "csrf_token"}
"""What is the same for everybody who reads a language; a preview has addresses of its own, and keeps nothing. Where
the token of a form stands is the same for everybody, too, and what it is comes in for each reader.
"""
pytestmark = pytest.mark.database("sqlite")


def kept_blocks(app: Flask) -> list[tuple[str, nodes.CallBlock, nodes.Template]]:
    """Each block with its template."""
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if "{% kept " in text:
            tree = app.jinja_env.parse(text, path.name)
            found += [(path.name, each, tree) for each in tree.find_all(nodes.CallBlock) if is_kept(each)]
    return found


def is_kept(block: nodes.CallBlock) -> bool:
    return isinstance(block.call.node, nodes.ExtensionAttribute)


def test_a_kept_part_reads_nothing_but_its_key(app: Flask):
    blocks = kept_blocks(app)
    assert len(blocks) > 4
    for name, block, tree in blocks:
        keys = {each.name for key in block.call.args for each in key.find_all(nodes.Name)}
        keys |= {key.name for key in block.call.args if isinstance(key, nodes.Name)}
        imported = {each for line in tree.find_all(nodes.FromImport) for each in line.names}
        own = {macro.name for macro in tree.find_all(nodes.Macro)}
        reads = meta.find_undeclared_variables(nodes.Template(block.body, environment=app.jinja_env))
        assert reads <= keys | imported | own | ANYWHERE | {"main_address"}, f"{name}:{block.lineno}"


def test_what_belongs_to_one_person_cannot_be_asked_for_in_a_kept_part(app: Flask):
    page = app.jinja_env.from_string("{% kept 'x' %}{{ ask() }}{% endkept %}")
    for ask in (signin.find_current_visitor, db_session):
        with app.test_request_context("/"), pytest.raises(RuntimeError, match="kept for everybody"):
            page.render(ask=ask)


def test_a_kept_part_has_the_token_of_whoever_reads_it_also_within_another(app: Flask):
    inner = "{% kept 'inner' %}<i>{{ csrf_token() }}</i>{% endkept %}"
    page = app.jinja_env.from_string(
        f"{{% kept 'outer' %}}{{{{ csrf_token() }}}}{inner}{{% endkept %}}{inner}"
    )
    seen = []
    for _reader in range(3):
        with app.test_request_context("/"):
            shown, own = page.render(csrf_token=token), token()
        assert shown == f"{own}<i>{own}</i><i>{own}</i>"
        seen.append(own)
    assert len(set(seen)) == len(seen)


def test_a_part_without_a_key_is_not_kept(app: Flask):
    page = app.jinja_env.from_string("{% kept key, more %}{{ says }}{% endkept %}")
    with app.test_request_context("/"):
        assert [page.render(key=None, more=1, says=each) for each in "ab"] == ["a", "b"]
        assert [page.render(key="k", more=1, says=each) for each in "ab"] == ["a", "a"]
        assert page.render(key="k", more=2, says="c") == "c"
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/pme"}):
        assert page.render(key="k", more=1, says="d") == "d"


def test_two_readers_get_the_same_text_and_each_their_own_name_token_and_navigation(visit: Visits):
    adams, baker, clarke = visit("adams"), visit("baker"), visit("clarke")
    page = f"{student.BASICS}/first"
    for who, name in ((adams, "Adams"), (baker, "Baker"), (adams, "Adams")):
        shown = who.fetch("/learn").get_data(as_text=True)
        assert f"{name} Person</bdi>" in shown
    texts = [adams.fetch(page).get_data(as_text=True) for _ in range(2)]
    tokens = [set(re.findall(r'name="csrf_token" value="([^"]+)"', text)) for text in texts]
    assert [len(each) for each in tokens] == [1, 1]
    bare = [re.sub(r'value="[^"]+"', "", text) for text in texts]
    assert bare[0] == bare[1]
    assert "Teaching" not in texts[0]
    assert "Teaching" in clarke.fetch("/teach").get_data(as_text=True)
    adams.fetch("/learn?lang=fr")
    assert "Enseignement" not in clarke.fetch("/teach").get_data(as_text=True)
    assert 'lang="fr"' in adams.fetch(f"{page}?lang=fr").get_data(as_text=True)[:60]


def test_a_body_with_kept_parts_in_it_is_what_it_was():
    parts = [Part(each * 400) for each in ("<p>наголос</p>", "<i>one</i>", "never there")]  # type: ignore[arg-type]
    body = "".join(["a" * 700, parts[0].html, "b" * 300, parts[1].html, "a" * 700]).encode()
    for order in (parts, parts[::-1], [parts[0], parts[0]], []):
        assert gzip.decompress(spliced(body, order)) == body
    assert gzip.decompress(spliced(parts[0].html.encode(), parts[:1])).decode() == parts[0].html


def test_a_process_keeps_no_more_than_it_may():
    shelf = Shelf(most=250)
    for key in "abc":
        shelf.put(key, Part("x" * 100))  # type: ignore[arg-type]
        shelf.get("a")
    assert [shelf.get(key) is not None for key in "abc"] == [True, False, True]
    assert MOST <= 4_000_000
