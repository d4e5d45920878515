"""The rules of templates: a title each, nothing undefined, nothing inline, all of them compile."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, StrictUndefined, TemplateRuntimeError, UndefinedError, nodes

from pme.people.look import Look

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
BASES = ("base.html", "print.html")
LETTERS = "email/"
"""Pages that go out by mail: no content policy holds there, and a style sheet must come along."""
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
INLINE = {
    "a style attribute": re.compile(r"""[\s"'%}]style\s*="""),
    "a style element": re.compile(r"<style\b"),
    "a script with words in it": re.compile(r"<script\b(?![^>]*\bsrc=)"),
    "a handler attribute": re.compile(r"""[\s"'%}]on[a-z]+\s*="""),
    "an address that is a script": re.compile(r"""[="'(]\s*javascript:""", re.IGNORECASE),
}
pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def templates(app: Flask) -> Environment:
    """The environment that the application renders with."""
    return app.jinja_env


def text_of(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def test_there_are_templates():
    assert len(NAMES) > 40


def test_every_template_compiles(templates: Environment):
    for name in NAMES:
        templates.compile(text_of(name), name)


def test_every_page_fills_the_title(templates: Environment):
    untitled = []
    for name in NAMES:
        tree = templates.parse(text_of(name))
        extends = next(tree.find_all(nodes.Extends), None)
        if extends is not None:
            assert isinstance(extends.template, nodes.Const)
            assert extends.template.value in BASES, name
            titles = [block for block in tree.find_all(nodes.Block) if block.name == "title"]
            if not titles or not titles[0].body:
                untitled.append(name)
    assert untitled == []


@pytest.mark.parametrize("base", BASES)
def test_a_base_refuses_a_page_without_a_title(templates: Environment, base: str):
    blocks = {block.name: block for block in templates.parse(text_of(base)).find_all(nodes.Block)}
    assert blocks["title"].required
    with pytest.raises(TemplateRuntimeError, match=r"title.*not found"):
        templates.from_string(f"{{% extends {base!r} %}}").render(
            visitor=None,
            look_here=Look,
            request_id="",
            is_development=False,
            csrf_token=str,
            get_flashed_messages=lambda **_: [],
        )


def test_what_is_not_defined_is_an_error_and_not_a_blank(templates: Environment):
    assert templates.undefined is StrictUndefined
    with pytest.raises(UndefinedError, match="nowhere"):
        templates.from_string("{{ nowhere }}").render()


@pytest.mark.parametrize("what", INLINE)
def test_no_template_carries_what_the_content_policy_refuses(what: str):
    served = [name for name in NAMES if what != "a style element" or not name.startswith(LETTERS)]
    found = [name for name in served if INLINE[what].search(COMMENT.sub("", text_of(name)))]
    assert found == [], f"{what} in {found}"


def test_only_published_words_are_trusted_as_html():
    assert [name for name in NAMES if re.search(r"\|\s*safe\b|autoescape", text_of(name))] == []
