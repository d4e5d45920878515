"""Captions of films, as WebVTT: read, and written anew with nothing in them but times and words. Pure."""

import re
from dataclasses import dataclass
from html import unescape

from pme.signs import fit
from pme.words.speech import _

LIMIT = 300_000
MOST_CUES = 5_000
_TIME = re.compile(
    r"(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})\s+-->\s+(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})(?:\s.*)?\Z"
)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Cue:
    """Words that stand under the film from one moment (in milliseconds) to another."""

    start: int
    end: int
    text: str


class NotCaptions(Exception):
    """A text that is no WebVTT; says why, with the line."""


def read_captions(content: bytes) -> tuple[Cue, ...]:
    """The cues of a WebVTT or SubRip file. Raises NotCaptions."""
    lines = _lines(content)
    cues, at = [], 0
    while at < len(lines):
        line, at = lines[at].strip(), at + 1
        if "-->" not in line:
            continue
        start, end = _times(line, at)
        words = []
        while at < len(lines) and lines[at].strip():
            words.append(" ".join(unescape(_TAG.sub("", lines[at])).split()))
            at += 1
        if any(words):
            cues.append(Cue(start, end, "\n".join(word for word in words if word)))
    if not 0 < len(cues) <= MOST_CUES:
        raise NotCaptions(
            _(
                "These captions hold no words with their times, or more than {most_cues} pieces.",
                most_cues=MOST_CUES,
            )
        )
    return tuple(cues)


def written(cues: tuple[Cue, ...]) -> bytes:
    """The cues as WebVTT: no styles, no regions, no notes, no markup."""
    parts = [
        f"{_told(cue.start)} --> {_told(cue.end)}\n"
        + cue.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for cue in cues
    ]
    return ("WEBVTT\n\n" + "\n\n".join(parts) + "\n").encode()


def _lines(content: bytes) -> list[str]:
    if len(content) > LIMIT:
        raise NotCaptions(_("Captions have at most {limit} kB.", limit=LIMIT // 1000))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotCaptions(_("Captions have to be text in UTF-8; save them as UTF-8.")) from None
    lines = fit(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    if not lines[0].startswith("WEBVTT") and not any(_TIME.match(line.strip()) for line in lines[:3]):
        raise NotCaptions(_("Captions begin with the line WEBVTT."))
    return lines


def _times(line: str, number: int) -> tuple[int, int]:
    match = _TIME.match(line)
    if match is None:
        raise NotCaptions(_("Line {number} should be a time such as 00:01.000 --> 00:04.000.", number=number))
    start, end = _moment(match.groups()[:4]), _moment(match.groups()[4:])
    if end <= start:
        raise NotCaptions(_("The words of line {number} would end before they begin.", number=number))
    return start, end


def _moment(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _told(moment: int) -> str:
    return f"{moment // 3_600_000:02}:{moment // 60_000 % 60:02}:{moment // 1000 % 60:02}.{moment % 1000:03}"
