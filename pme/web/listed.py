"""Long lists that are narrowed: the address as it was asked for is kept, so that every way back leads there.

What was asked for stands in the address alone. The browser's own signed cookie remembers the last address of each
list, and forgets it when the person signs out; nothing of it is kept on the server.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, session

from pme.web.addresses import url_for
from pme.words.speech import _

KEPT = "lists"
MOST, LONGEST = 8, 300


def remember_list() -> None:
    """Remember how the list of this request was narrowed; a list that is not narrowed is forgotten."""
    name = _name(request.endpoint or "", request.view_args or {})
    asked = urlencode([each for each in request.args.items(multi=True) if each[0] != "lang"])
    kept: dict[str, str] = dict(session.get(KEPT, {}))
    was = kept.pop(name, "")
    if asked and len(asked) <= LONGEST:
        kept[name] = asked
    elif not was:
        return  # the cookie stays as it is
    session[KEPT] = dict(list(kept.items())[-MOST:])


def list_address(endpoint: str, **values: Any) -> str:
    """The address of a list as the visitor left it."""
    asked = session.get(KEPT, {}).get(_name(endpoint, values), "")
    address = url_for(endpoint, **values)
    return f"{address}?{asked}" if asked else address


def _name(endpoint: str, values: Mapping[str, Any]) -> str:
    return " ".join([endpoint, *(f"{values[name]}" for name in sorted(values))])


def narrowed(endpoint: str, fields: Mapping[str, Any], but: str) -> str:
    """The address of a list by all of these fields but one: what its chip leads to."""
    return url_for(endpoint, **{name: value for name, value in fields.items() if name != but and value})


def chip(label: object, value: object) -> str:
    """What one field narrows a list to, in words."""
    return _("{what}: {number}", what=str(label), number=str(value))


def install(app: Flask) -> None:
    """Let pages name the addresses of lists."""
    app.jinja_env.globals |= {"list_address": list_address}
