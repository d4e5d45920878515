"""What every request pays for is taken by shorter ways than the libraries': each leads where theirs does."""

import flask
import pytest
from flask import Flask, Response
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map

from pme.web.answers import Answer, vary_by
from pme.web.looks import aids_address
from pme.web.tokens import KeptKey, Sha1Kept, Signing

SECRET = "a secret of some length, for tests"
THINGS = ["", "a" * 40, "Слово", {"_user_id": "x" * 43, "_fresh": True}, ["long"] * 200]
pytestmark = pytest.mark.database("sqlite")


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("salt", ["cookie-session", "wtf-csrf-token"])
def test_what_the_library_signs_is_opened_and_the_other_way_round(thing: object, salt: str):
    ours, theirs = Signing(SECRET, salt=salt), URLSafeTimedSerializer(SECRET, salt=salt)
    assert ours.loads(theirs.dumps(thing), max_age=60) == thing
    assert theirs.loads(ours.dumps(thing), max_age=60) == thing
    assert ours.loads(theirs.dumps(thing).encode()) == thing


@pytest.mark.parametrize("spoil", ["x{}", "{}x", "{}.", ".{}", "", ".", "..", "а.б.в"])
def test_what_was_changed_on_the_way_is_refused_as_the_library_does(spoil: str):
    ours, theirs = Signing(SECRET, salt="s"), URLSafeTimedSerializer(SECRET, salt="s")
    told = spoil.format(theirs.dumps("thing"))
    with pytest.raises(BadSignature) as expected:
        theirs.loads(told, max_age=60)
    with pytest.raises(type(expected.value)):
        ours.loads(told, max_age=60)
    other = URLSafeTimedSerializer("another secret", salt="s").dumps("thing")
    with pytest.raises(BadSignature):
        ours.loads(other, max_age=60)


def test_what_is_too_old_is_refused_and_what_is_young_enough_is_not(monkeypatch: pytest.MonkeyPatch):
    ours, signed = Signing(SECRET, salt="s"), Signing(SECRET, salt="s").dumps("thing")
    now = TimestampSigner(SECRET).get_timestamp()
    for later, is_open in ((60, True), (61, False), (10_000, False)):
        monkeypatch.setattr(KeptKey, "get_timestamp", lambda _self, later=later: now + later)
        if is_open:
            assert ours.loads(signed, max_age=61 if later == 60 else 60) == "thing"
        else:
            with pytest.raises(SignatureExpired):
                ours.loads(signed, max_age=later - 2)


@pytest.mark.parametrize("length", [0, 20, 64, 65, 300])
def test_a_kept_code_is_that_of_the_key(length: int):
    import hmac  # noqa: PLC0415

    key = bytes(range(256))[:length] * (1 if length <= 256 else 2)
    for text in (b"", b"text", b"x" * 1_000):
        assert Sha1Kept(key).of(text) == hmac.digest(key, text, "sha1")


def test_a_way_that_was_found_is_found_again_and_none_other(app: Flask):
    for _time in range(2):
        with app.test_request_context("/attempts/quiz/7/questions/3"):
            assert flask.request.endpoint == "attempts.question"
            assert flask.request.view_args == {"attempt_id": 7, "number": 3}
            assert flask.request.view_args is not None
            flask.request.view_args.clear()
        with app.test_request_context("/attempts/quiz/7/questions/3", method="POST"):
            assert flask.request.endpoint == "attempts.answer"
        with app.test_request_context("/attempts/quiz/7/questions/3", method="DELETE"):
            assert isinstance(flask.request.routing_exception, MethodNotAllowed)
        with app.test_request_context("/nothing/here"):
            assert isinstance(flask.request.routing_exception, NotFound)
        with app.test_request_context("/learn/core/basics"):  # leads to the address with its stroke
            assert flask.request.routing_exception is not None
            assert flask.request.routing_exception.code == 308
            assert str(getattr(flask.request.routing_exception, "new_url", "")).endswith(
                "/learn/core/basics/"
            )
    assert len(app.url_map.found) >= 2  # type: ignore[attr-defined]
    assert type(app.url_map) is not Map


@pytest.mark.parametrize("place", ["/learn", "/learn/ä b/+&=?x=1&y=ü%20", "/q/'a'(b)!$*,;:@", '/<b>"~'])
def test_the_address_of_the_reading_aids_is_that_of_the_library(
    app: Flask, monkeypatch: pytest.MonkeyPatch, place: str
):
    monkeypatch.setattr("pme.web.looks.here", lambda: place)
    with app.test_request_context("/learn"):
        assert aids_address() == flask.url_for("public.looking", back=place)


@pytest.mark.parametrize("status", [200, 204, 303, 304, 404, 500])
@pytest.mark.parametrize("location", [None, "/learn/core", "/ü?b=1", "relative"])
def test_an_answer_has_the_headers_that_the_library_would_send(app: Flask, status: int, location: str | None):
    told = []
    for kind in (Answer, Response):
        answer = kind("Grüße", status=status, mimetype="text/html")
        if location:
            answer.headers["Location"] = location
        vary_by(answer, "Accept-Language", "Cookie")
        vary_by(answer, "cookie", "Accept-Encoding")
        with app.test_request_context("/learn"):
            told.append(sorted(answer.get_wsgi_headers(flask.request.environ)))
    assert told[0] == told[1]
    assert ("Vary", "Accept-Language, Cookie, Accept-Encoding") in told[0]
