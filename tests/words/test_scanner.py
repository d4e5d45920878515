"""What the reader of code finds to be words for people."""

import ast

import pytest

from tests.words import unmarked as scanner
from tests.words.said import environment
from tests.words.unmarked_python import _Code

pytestmark = pytest.mark.database("sqlite")


def in_template(source: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    tree = environment().parse(source)
    monkeypatch.setattr(scanner, "parsed", lambda _name: tree)
    return [each.text for each in scanner._in_template("templates/any.html")]


def in_code(source: str) -> list[str]:
    code, tree = _Code("pme/any.py", source.splitlines()), ast.parse(source)
    return sorted({each.text for each in (*code.found(tree), *code.among_marked(tree))})


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<p>{{ name or "nobody" }}</p>', ["nobody"]),
        ('<p>{{ since ~ " to " ~ until }}</p>', [" to "]),
        ('<p>{{ {"a": "added", "b": _("gone")}[what] }}</p>', ["added"]),
        ('{{ status_tag("waiting", "waiting") }}', ["waiting"]),
        ('{{ rows([{"term": _("Key"), "value": key or "none"}]) }}', ["none"]),
        ('{{ _("Until {day}", day=day or "then") }}', ["then"]),
        ('<p class="{{ "small" if is_small }}">{{ name }}</p>', []),
        ('{{ icon("arrow") }}{{ {"a": "▲"}[way] }}{{ "CSV" }}', []),
    ],
)
def test_of_templates(source: str, found: list[str], monkeypatch: pytest.MonkeyPatch):
    assert in_template(source, monkeypatch) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('said = {True: "yes", False: _("no")}[value]', ["yes"]),
        ('said = {"a": "Added to it"}[what]', ["Added to it"]),
        ('kept = {True: "yes"}[value]  # not words', []),
        ('Column("rank", "Rank of the person")', ["Rank of the person"]),
        ('Column("rank", lazy("Rank"))', []),
        ('said = _("late") if is_late else "done"', ["done"]),
        ('said = "late" if is_late else "done"', []),
        ('said = {"a": _("added"), "b": "gone"}', ["gone"]),
        ('choices = (("all", _("all of them")), ("none", "none"))', ["none"]),
        ('choices = [Choice("all", text=lazy("all")), Choice("none", text="none")]', ["none"]),
        ('def said(n):\n    if n:\n        return _("some")\n    return "none"', ["none"]),
        ('def said(n):\n    if n:\n        return _("some"), "problem"\n    return _("none"), "done"', []),
        ('def said(n):\n    text = _("some")\n    if n:\n        text = "none"\n    kind = "good"', ["none"]),
        ('flash(_("Changed: {names}", names=listed(names) or "nothing"))', ["nothing"]),
        ('form.error("hours", "has to be a number of hours.")', ["has to be a number of hours."]),
        ('get_logger().error("the worker could not go on")', []),
    ],
)
def test_of_code(source: str, found: list[str]):
    assert in_code(source) == found
