"""One statement from its facts, always the same from the same facts. Pure.

In the shape of xAPI 1.0.3 (part two, 2.4): nothing is null, durations are ISO 8601, moments RFC 3339 in UTC. The id
is a UUIDv5 of what the statement tells, so that an LRS knows one that comes twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pme.xapi.vocabulary import PROFILE_TYPE, Extension, Kind, Verb, Words

HUNDRED = 100
LANGUAGES = {"en": "en-US"}
LONGEST_NAME = 300
Statement = dict[str, Any]


@dataclass(frozen=True)
class Activity:
    """What something was done to: its address, kind, and what it is called in its language."""

    id: str
    kind: Kind
    name: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Outcome:
    """How it came out: `percent` is 0-100, `seconds` how long it took."""

    percent: float | None = None
    success: bool | None = None
    completion: bool | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Told:
    """All that a statement says. `name` tells it from every other of the academy; `actor` is a pseudonym there.

    `parents` are what the activity is directly part of, `grouping` what it belongs to in the end. `revision` is
    the hash of the version of the content, `registration` what keeps together all that one enrolment did.
    """

    name: str
    actor: str
    verb: Verb
    activity: Activity
    at: datetime
    registration: str
    outcome: Outcome = Outcome()
    parents: tuple[Activity, ...] = ()
    grouping: tuple[Activity, ...] = ()
    language: str = ""
    revision: str = ""
    extensions: Mapping[Extension, str | int | bool] = field(default_factory=dict)


def statement(told: Told, words: Words, *, home: str) -> Statement:
    """The statement; `home` is the address of the academy, where its pseudonyms belong."""
    made: Statement = {
        "id": statement_id(home, told.name),
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": told.actor}},
        "verb": {"id": words.verb(told.verb), "display": {"en-US": told.verb.value}},
        "object": _activity(told.activity, words),
    }
    if result := _result(told.outcome):
        made["result"] = result
    made["context"] = _context(told, words, home)
    made["timestamp"] = moment(told.at)
    return made


def statement_id(home: str, name: str) -> str:
    """The id of what is told under this name at an academy."""
    return str(uuid5(NAMESPACE_URL, f"{home}#xapi/{name}"))


def as_text(made: Statement) -> str:
    """The bytes in which a statement is kept and sent, the same for the same statement."""
    return json.dumps(made, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond: what every LRS keeps (part two, 4.5)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def duration(seconds: float) -> str:
    """ISO 8601, to a hundredth of a second, which is what has to be told apart (part two, 4.6)."""
    return f"PT{round(max(0.0, seconds), 2):.2f}".rstrip("0").rstrip(".") + "S"


def _activity(activity: Activity, words: Words) -> dict[str, Any]:
    definition: dict[str, Any] = {"type": words.kind(activity.kind)}
    if activity.name:
        language = LANGUAGES.get(activity.language, activity.language)
        definition["name"] = {language: activity.name[:LONGEST_NAME]}
    return {"objectType": "Activity", "id": activity.id, "definition": definition}


def _result(outcome: Outcome) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if outcome.percent is not None:
        percent = round(outcome.percent, 4)
        scaled = round(percent / HUNDRED, 6)
        result["score"] = {"scaled": scaled, "raw": percent, "min": 0, "max": HUNDRED}
    if outcome.success is not None:
        result["success"] = outcome.success
    if outcome.completion is not None:
        result["completion"] = outcome.completion
    if outcome.seconds is not None:
        result["duration"] = duration(outcome.seconds)
    return result


def _context(told: Told, words: Words, home: str) -> dict[str, Any]:
    activities: dict[str, Any] = {
        "category": [
            {"objectType": "Activity", "id": words.version, "definition": {"type": PROFILE_TYPE}},
        ]
    }
    if told.parents:
        activities["parent"] = [_activity(each, words) for each in told.parents]
    if told.grouping:
        activities["grouping"] = [_activity(each, words) for each in told.grouping]
    context: dict[str, Any] = {
        "registration": str(uuid5(NAMESPACE_URL, f"{home}#enrolment/{told.registration}")),
        "contextActivities": activities,
        "platform": "PME",
    }
    if told.language:
        context["language"] = told.language
    if told.revision:
        context["revision"] = told.revision
    if told.extensions:
        context["extensions"] = {words.extension(key): value for key, value in told.extensions.items()}
    return context
