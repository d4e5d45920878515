"""Which addresses can name anything at all: what no database could hold is not found before it is asked.

And the addresses that pages link to, which a process remembers: a page has dozens, the same for everybody.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import flask
from flask import Flask, has_request_context
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from pme.web.at_hand import this_app, this_request

REMEMBERED = 8_192
"""Addresses that a process keeps."""
PLAIN = frozenset({str, int})


class Number(IntegerConverter):
    """A whole number as ids are: in plain digits, and never larger than the column that holds them (2**31)."""

    regex = "[0-9]{1,9}|1[0-9]{9}|20[0-9]{8}"


class Name(UnicodeConverter):
    """A part of an address without NUL, which PostgreSQL refuses."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)
        self.regex = "[^/\x00]+"


def number_in(text: str | None) -> int | None:
    """The id that a part of a query or a form names, or None where it can be none."""
    return int(text) if text and re.fullmatch(Number.regex, text) else None


def url_for(endpoint: str, **values: Any) -> str:
    """The address of an endpoint, as Flask's own function gives it; plain ones are made once."""
    if not _is_plain(endpoint, values) or not has_request_context():
        return flask.url_for(endpoint, **values)
    made: Callable[..., str] = this_app().extensions["pme_addresses"]
    return made(this_request().script_root, endpoint, tuple(values.items()))


def _is_plain(endpoint: str, values: dict[str, Any]) -> bool:
    """Whether an address is the same for everybody: what depends on the request is made for it."""
    for name, value in values.items():  # a loop is quicker than `all` here, and it runs for every link
        if name[0] == "_" or type(value) not in PLAIN:
            return False
    return endpoint[0] != "."


def install(app: Flask) -> None:
    """Let every address of the app be read this way, and pages name addresses that are remembered."""
    app.url_map.converters |= {"int": Number, "default": Name}

    @lru_cache(maxsize=REMEMBERED)
    def made(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return flask.url_for(endpoint, **dict(values))

    def in_page(endpoint: str, **values: Any) -> str:
        if not _is_plain(endpoint, values) or not has_request_context():
            return flask.url_for(endpoint, **values)
        return made(this_request().script_root, endpoint, tuple(values.items()))

    app.extensions["pme_addresses"] = made
    app.add_template_global(in_page, "url_for")
