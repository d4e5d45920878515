"""What is wrong with an xAPI statement, by the text of xAPI 1.0.3, part two; independent of what makes them.

Stricter than the specification in one point: what it lets be and we never say is wrong too.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
DURATION = re.compile(r"PT\d+(\.\d{1,2})?S")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
STATEMENT = {"id", "actor", "verb", "object", "result", "context", "timestamp"}
CONTEXT = {"registration", "contextActivities", "platform", "language", "revision", "extensions"}
GROUPS = {"parent", "grouping", "category", "other"}


def faults(given: Any) -> list[str]:
    """Every fault of a statement, in words."""
    return list(_faults(given)) if isinstance(given, dict) else ["no object"]


def _faults(one: dict[str, Any]) -> Iterator[str]:
    yield from _nothing_empty(one, "statement")
    yield from _keys(one, STATEMENT, {"id", "actor", "verb", "object", "context", "timestamp"}, "statement")
    try:
        if str(UUID(one.get("id", ""))) != one["id"] or UUID(one["id"]).variant != "specified in RFC 4122":
            yield "id is not in its standard form"
    except (ValueError, TypeError, AttributeError):
        yield "id is no UUID"
    yield from _actor(one.get("actor", {}))
    verb = one.get("verb", {})
    yield from _keys(verb, {"id", "display"}, {"id", "display"}, "verb")
    yield from _iri(verb.get("id"), "verb.id")
    yield from _language_map(verb.get("display", {}), "verb.display")
    yield from _activity(one.get("object", {}), "object")
    yield from _result(one.get("result"))
    yield from _context(one.get("context", {}))
    stamp = one.get("timestamp", "")
    if not TIMESTAMP.fullmatch(stamp):
        yield f"timestamp {stamp!r}"
    else:
        datetime.fromisoformat(stamp)


def _actor(actor: dict[str, Any]) -> Iterator[str]:
    yield from _keys(actor, {"objectType", "account"}, {"objectType", "account"}, "actor")
    account = actor.get("account", {})
    yield from _keys(account, {"homePage", "name"}, {"homePage", "name"}, "account")
    yield from _iri(account.get("homePage"), "homePage")
    if actor.get("objectType") != "Agent" or not re.fullmatch(r"[0-9a-f]{32}", account.get("name", "")):
        yield "the actor is no pseudonymous agent"


def _result(result: Any) -> Iterator[str]:
    if result is None:
        return
    yield from _keys(result, {"score", "success", "completion", "duration"}, set(), "result")
    for name in ("success", "completion"):
        if not isinstance(result.get(name, True), bool):
            yield f"result.{name} is no boolean"
    if "duration" in result and not DURATION.fullmatch(result["duration"]):
        yield f"duration {result['duration']!r}"
    if (score := result.get("score")) is not None:
        yield from _keys(score, {"scaled", "raw", "min", "max"}, {"scaled", "raw", "min", "max"}, "score")
        if any(isinstance(each, bool) or not isinstance(each, int | float) for each in score.values()):
            yield "a score is no number"
        elif not (-1 <= score["scaled"] <= 1 and score["min"] <= score["raw"] <= score["max"]):
            yield f"score out of range: {score}"


def _context(context: dict[str, Any]) -> Iterator[str]:
    yield from _keys(
        context, CONTEXT, {"registration", "contextActivities", "language", "revision"}, "context"
    )
    try:
        UUID(context.get("registration", ""))
    except ValueError:
        yield "registration is no UUID"
    if not LANGUAGE.fullmatch(context.get("language", "")):
        yield f"language {context.get('language')!r}"
    activities = context.get("contextActivities", {})
    yield from _keys(activities, GROUPS, {"category"}, "contextActivities")
    for group, found in activities.items():
        if not isinstance(found, list) or not found:
            yield f"{group} is no list"
            continue
        for each in found:
            yield from _activity(each, group)
    for key in context.get("extensions", {}):
        yield from _iri(key, "extension")


def _activity(activity: dict[str, Any], where: str) -> Iterator[str]:
    yield from _keys(activity, {"objectType", "id", "definition"}, {"objectType", "id", "definition"}, where)
    yield from _iri(activity.get("id"), f"{where}.id")
    if activity.get("objectType") != "Activity":
        yield f"{where} is no activity"
    definition = activity.get("definition", {})
    yield from _keys(definition, {"type", "name"}, {"type"}, f"{where}.definition")
    yield from _iri(definition.get("type"), f"{where}.type")
    if "name" in definition:
        yield from _language_map(definition["name"], f"{where}.name")


def _language_map(found: Any, where: str) -> Iterator[str]:
    if not isinstance(found, dict) or not found:
        yield f"{where} is no language map"
        return
    for language, text in found.items():
        if not LANGUAGE.fullmatch(language) or not isinstance(text, str) or not text.strip():
            yield f"{where}: {language!r}"


def _iri(found: Any, where: str) -> Iterator[str]:
    if not isinstance(found, str) or not IRI.fullmatch(found) or not urlsplit(found).scheme:
        yield f"{where} is no IRI: {found!r}"


def _keys(found: Any, allowed: set[str], needed: set[str], where: str) -> Iterator[str]:
    if not isinstance(found, dict):
        yield f"{where} is no object"
        return
    yield from (f"{where} has {each}" for each in sorted(found.keys() - allowed))
    yield from (f"{where} lacks {each}" for each in sorted(needed - found.keys()))


def _nothing_empty(found: Any, where: str) -> Iterator[str]:
    """No null anywhere (part two, 2.2), and nothing that says nothing."""
    if found is None or found in ("", {}, []):
        yield f"{where} is empty"
    if isinstance(found, dict):
        for key, value in found.items():
            yield from _nothing_empty(value, f"{where}.{key}")
    if isinstance(found, list):
        for value in found:
            yield from _nothing_empty(value, where)
