"""Which addresses can name anything at all: what no database could hold is not found before it is asked."""

import re

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter


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


def install(app: Flask) -> None:
    """Let every address of the app be read this way."""
    app.url_map.converters |= {"int": Number, "default": Name}
