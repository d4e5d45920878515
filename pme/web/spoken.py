"""In which language a page speaks: as its address asks, else as the person chose, as the browser asks, as the
academy speaks, or in English. It is found out when something is first said.
"""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from flask import Flask, Response, current_app, g, request
from flask.templating import Environment
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from pme.web.answers import vary_by
from pme.web.at_hand import this_g, this_request
from pme.web.personal import require_personal
from pme.web.signin import find_current_visitor
from pme.words import numbers, speech, templates, times
from pme.words.folding import SETTLED, SpeakingEnvironment
from pme.words.languages import LANGUAGES, OWN_NAMES, SOURCE

LANG = "lang"
COOKIE = "pme_language"
"""What a browser keeps for somebody who is not signed in."""


REMEMBERED, LONGEST = 1_024, 500
"""What browsers ask for, as often the same: so many of these are remembered, and so much of each is read."""


class Templates(SpeakingEnvironment, Environment):
    """The pages' templates, compiled once for each language."""


def language_chosen() -> str:
    """The language of this request's answer."""
    return next((each for each in _wanted() if each in LANGUAGES), SOURCE)


def _wanted() -> Iterator[str | None]:
    """What asks for a language, in the order in which it counts; what is not needed is not looked at."""
    asked, visitor = this_request(), find_current_visitor()
    yield (asked.args.get(LANG) if asked.query_string else "") or _asked_of_the_form()
    yield visitor.interface_language if visitor else None
    yield asked.cookies.get(COOKIE)
    yield from _languages_of(asked.environ.get("HTTP_ACCEPT_LANGUAGE", "")[:LONGEST])
    yield visitor.academy_language if visitor else g.get("academy_language")


@lru_cache(maxsize=REMEMBERED)
def _languages_of(accepted: str) -> tuple[str, ...]:
    """The languages that a browser asks for, the dearest first."""
    tags = parse_accept_header(accepted, LanguageAccept)
    return tuple(tag.partition("-")[0].lower() for tag, _quality in tags)


def _asked_of_the_form() -> str:
    """The language that the address of the page asked for on which a form stands: its answer speaks it, too."""
    before = urlsplit(request.referrer or "") if this_request().method == "POST" else None
    if before is None or before.netloc != request.host:
        return ""
    return next(iter(parse_qs(before.query).get(LANG, ())), "")


def academy_speaks(language: str | None) -> None:
    """Let a page for somebody who is not signed in speak as its academy does, where the browser asks for nothing."""
    if find_current_visitor() is None:
        g.academy_language = language
        g.pop("language", None)
        speech.speak(_asked)


def here() -> str:
    """The address of this page with all that it was asked, to come back to; the first page where it cannot be."""
    require_personal()
    notes = this_g()
    if notes.get("tells_no", False):
        return "/"
    found: str | None = notes.get("here")
    if found is None:
        notes.here = found = _here()
    return found


def _here() -> str:
    request = this_request()
    is_there = request.method == "GET" and request.url_rule is not None  # it was found just now
    if not is_there and not current_app.url_map.bind("").test(request.path, "GET"):
        return "/"
    if request.method != "GET":
        return request.path
    if not request.query_string:
        return quote(request.path)
    asked = urlencode([each for each in request.args.items(multi=True) if each[0] != LANG])
    return f"{quote(request.path)}?{asked}" if asked else quote(request.path)


def _asked() -> str:
    notes = this_g()
    found: str | None = notes.get("language")
    if found is None:
        found = notes.language = language_chosen()
    speech.speak(found)  # a page says some hundred things: it is asked for once
    return found


def install(app: Flask) -> None:
    """Speak the language of each request, in Python and in templates."""
    templates.teach(app.jinja_env)
    app.jinja_env.policies[SETTLED] = frozenset({"static_url", "icon_url"})
    app.jinja_env.globals |= {"address_here": here, "languages_spoken": tuple(OWN_NAMES.items())}
    app.jinja_env.filters |= {
        "listed": numbers.listed,
        "either": numbers.either,
        "grouped": numbers.grouped,
        "decimal": numbers.decimal,
        "with_percent": numbers.with_percent,
        "file_size": numbers.size,
        "month": times.month,
        "weekday": times.weekday,
        "clock": times.clock,
    }

    def listen() -> None:
        speech.speak(_asked)

    app.before_request_funcs.setdefault(None, []).insert(0, listen)  # before what may refuse the request

    @app.after_request
    def tell(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Language", speech.current())
            vary_by(response, "Accept-Language", "Cookie")
        return response

    @app.teardown_request
    def fall_silent(_error: BaseException | None) -> None:
        speech.speak(None)
