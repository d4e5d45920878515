"""A reader of calendars that is as strict as RFC 5545 is: anything else than its letter fails the test.

Written from the RFC's own rules (sections 3.1, 3.2, 3.3.4, 3.3.5, 3.3.11, 3.4, 3.6, 3.6.1, 3.7, 3.8.2, 3.8.7),
not from the code that it reads.
"""

import re
from datetime import UTC, date, datetime
from typing import Any

NAME = re.compile(
    r"^(?P<name>[A-Z0-9-]+)(?P<params>(;[A-Z0-9-]+=[^;:\",\x00-\x1f]+)*):(?P<value>.*)$", re.DOTALL
)
DAY = re.compile(r"^\d{8}$")
MOMENT = re.compile(r"^\d{8}T\d{6}Z$")
TEXTS = {"SUMMARY", "DESCRIPTION", "UID", "X-WR-CALNAME"}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "TRANSP"}
CALENDAR_ONCE = {"VERSION", "PRODID", "CALSCALE"}


def read_calendar(sent: bytes) -> list[dict[str, Any]]:
    """The events of a calendar: name of property -> value as Python knows it."""
    lines = _unfolded(sent)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    open_parts: list[str] = []
    events: list[dict[str, Any]] = []
    heading: dict[str, str] = {}
    parts_within = 0
    for line in lines:
        name, params, value = _property(line)
        if name == "BEGIN":
            open_parts.append(value)
            parts_within += len(open_parts) == 2
            if value == "VEVENT":
                assert open_parts == ["VCALENDAR", "VEVENT"]
                events.append({})
        elif name == "END":
            assert open_parts.pop() == value
        elif open_parts == ["VCALENDAR"]:
            assert name not in heading, f"{name} twice"
            assert parts_within == 0, "properties of a calendar stand before its parts"
            heading[name] = value
        elif open_parts[-1] == "VEVENT":
            assert not (name in ONCE and name in events[-1]), f"{name} twice"
            events[-1][name] = _value(name, params, value)
    assert not open_parts
    assert parts_within, "a calendar holds at least one part"
    assert heading["VERSION"] == "2.0"
    assert heading["PRODID"]
    assert set(CALENDAR_ONCE) >= {"VERSION", "PRODID"}
    assert heading.get("CALSCALE", "GREGORIAN") == "GREGORIAN"
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(event)
        assert isinstance(event["DTSTAMP"], datetime)
        if "DTEND" in event:
            assert type(event["DTEND"]) is type(event["DTSTART"])
            assert event["DTEND"] > event["DTSTART"]
    uids = [event["UID"] for event in events]
    assert len(set(uids)) == len(uids), "a UID stands for one event"
    return events


def _unfolded(sent: bytes) -> list[str]:
    assert sent.endswith(b"\r\n")
    lines = sent.split(b"\r\n")[:-1]
    whole: list[bytes] = []
    for line in lines:
        assert b"\n" not in line, "a bare line feed"
        assert b"\r" not in line, "a bare carriage return"
        assert len(line) <= 75, "a line of more than 75 octets"
        line.decode()  # a fold within a sign of several octets would fail here
        if line[:1] in (b" ", b"\t"):
            assert whole, "nothing to go on from"
            whole[-1] += line[1:]
        else:
            assert line, "an empty line"
            whole.append(line)
    return [line.decode() for line in whole]


def _property(line: str) -> tuple[str, dict[str, str], str]:
    found = NAME.match(line)
    assert found, line
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", found["value"]), "a control sign"
    params = dict(pair.split("=", 1) for pair in found["params"].split(";")[1:])
    return found["name"], params, found["value"]


def _value(name: str, params: dict[str, str], value: str) -> Any:
    if name in ("DTSTART", "DTEND", "DTSTAMP"):
        if params.get("VALUE") == "DATE":
            assert name != "DTSTAMP"
            assert DAY.match(value), value
            return date(int(value[:4]), int(value[4:6]), int(value[6:]))
        assert params == {}, "a moment in UTC has no zone beside it"
        assert MOMENT.match(value), value
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return _text(value) if name in TEXTS else value


def _text(value: str) -> str:
    assert not re.search(r"(?<!\\)(\\\\)*[;,]", value), "a comma or semicolon that is not marked"
    assert not re.search(r"(?<!\\)(\\\\)*\\[^\\;,nN]", value), "a mark before a sign that needs none"
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)
