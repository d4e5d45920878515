"""Letters from their templates: plain text, in the language of their person, with nothing but words put in.

A template is `templates/email/<name>.<language>.txt`. Its first line is `Subject: ...`; a second line
`Secret: link` names values that only the addressee may read. Blank, and then the text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, pass_context
from jinja2.runtime import Context

from pme.config import ROOT
from pme.signs import fit

FOLDER = ROOT / "templates" / "email"
LANGUAGES = ("en", "fr", "uk", "ar")
DEFAULT = "en"
LONGEST_VALUE, LONGEST_SUBJECT = 500, 250
SUBJECT, SECRET = "Subject:", "Secret:"
MARK = "[[{}]]"
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split(),
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
}
SHOWN = {
    "en": "(a personal link, for the addressee only)",
    "fr": "(un lien personnel, réservé au destinataire)",
    "uk": "(особисте посилання, лише для адресата)",
    "ar": "(رابط شخصي للمرسل إليه وحده)",
}


@dataclass(frozen=True)
class Wording:
    """A letter in words; in `body` a mark stands for each of `secrets`."""

    language: str
    subject: str
    body: str
    secrets: dict[str, str] = field(default_factory=dict)


def worded(template: str, values: Mapping[str, object], language: str | None) -> Wording:
    """A template with its values, in the nearest language that it is written in."""
    spoken = language if language in LANGUAGES and _is_there(f"{template}.{language}.txt") else DEFAULT
    name = f"{template}.{spoken}.txt"
    hidden = _secrets_of(name)
    plain = {key: MARK.format(key) if key in hidden else _in_line(each) for key, each in values.items()}
    text = _environment().get_template(name).render(plain | {"language": spoken})
    head, _, body = text.partition("\n\n")
    subject = head.splitlines()[0].removeprefix(SUBJECT)
    return Wording(
        language=str(spoken),
        subject=one_line(subject, LONGEST_SUBJECT),
        body=re.sub(r"\n{3,}", "\n\n", body).strip() + "\n",
        secrets={key: one_line(str(values[key]), 2000) for key in hidden if key in values},
    )


def opened(body: str, secrets: Mapping[str, str]) -> str:
    """A letter as it goes to its addressee."""
    for key, secret in secrets.items():
        body = body.replace(MARK.format(key), secret)
    return body


def closed(body: str, language: str) -> str:
    """A letter as the log shows it: without what is for its addressee only."""
    return re.sub(r"\[\[\w+\]\]", SHOWN.get(language, SHOWN[DEFAULT]), body)


def one_line(text: str, most: int = LONGEST_VALUE) -> str:
    """A text without line breaks and signs that no letter may hold, cut where it is too long."""
    return " ".join(fit(text).split())[:most]


def _in_line(value: object) -> object:
    """What people wrote stays within its line, so that no name can look like a part of the letter."""
    if isinstance(value, str):
        return one_line(value).replace("[[", "[ [")
    if isinstance(value, Mapping):
        return {key: _in_line(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_in_line(each) for each in value]
    return value


@pass_context
def _day(context: Context, day: date) -> str:
    """A day in words, in the language of the letter."""
    month = MONTHS[str(context["language"])][day.month - 1]
    number = "1er" if context["language"] == "fr" and day.day == 1 else str(day.day)
    return f"{number} {month} {day.year}"


@pass_context
def _moment(context: Context, moment: datetime) -> str:
    """A moment in words, in UTC, in the language of the letter."""
    at = moment.astimezone(UTC)
    comma = "،" if context["language"] == "ar" else ","
    return f"{_day(context, at.date())}{comma} {at:%H:%M} UTC"


@cache
def _environment() -> Environment:
    # Plain text: nothing to escape; what is put in is kept to one line each.
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _day, "moment": _moment}
    return environment


@cache
def _is_there(name: str) -> bool:
    try:
        _environment().get_template(name)
    except TemplateNotFound:
        return False
    return True


@cache
def _secrets_of(name: str) -> frozenset[str]:
    source = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    line = next((each for each in source[:2] if each.startswith(SECRET)), SECRET)
    return frozenset(line.removeprefix(SECRET).split())
