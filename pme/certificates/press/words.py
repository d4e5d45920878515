"""The fixed words of a certificate, as a language must have them to be printed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

LEVELS = ("remember", "understand", "apply", "analyse", "evaluate", "create")
"""The six levels of the taxonomy of educational objectives, by the names that a certificate keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words. `date_pattern` takes day, month and year; `more` a number; `level` a level;
    `facsimile` a name.

    `languages` names the languages of instruction, `levels` those of LEVELS; `decimal` stands before tenths.
    """

    language: str
    direction: str = "ltr"
    joined: bool = False
    certifies: str
    record: str
    outcomes: str
    outcome: str
    outcome_level: str
    level: str
    more: str
    hours: str
    count_hours: Callable[[float, str], str]
    credits: str
    result: str
    issued: str
    valid_until: str
    number: str
    version: str
    replaces: str
    verify: str
    hint: str
    next_page: str
    crest: str
    seal: str
    seal_says: str
    code: str
    facsimile: str
    specimen: str
    discreet: str
    supplement: str
    supplement_says: str
    holder: str
    course: str
    details: str
    instruction: str
    sha256: str
    assessment: str
    assessed: str
    how_to_verify: str
    step_address: str
    step_signature: str
    step_credential: str
    on_paper: str
    demo: str
    months: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]
    levels: tuple[str, ...]
    decimal: str = "."
    date_pattern: str = "{day} {month} {year}"

    def day(self, day: date) -> str:
        """The date as people write it in this language."""
        month = self.months[day.month - 1]
        return self.date_pattern.format(day=day.day, month=month, year=day.year)

    def figure(self, number: float) -> str:
        """A number to two places at most, as people write it in this language."""
        return f"{round(number, 2):g}".replace(".", self.decimal)

    def workload(self, hours: float) -> str:
        """Hours in words, like “5 hours”."""
        return self.count_hours(hours, self.figure(hours))

    def language_named(self, tag: str) -> str:
        """A language of instruction by its name in this language, or by its tag."""
        return dict(self.languages).get(tag.lower().partition("-")[0], tag)

    def outcome_level_named(self, level: str) -> str:
        """The level of an outcome in this language, or as it is where it is none of the six."""
        return dict(zip(LEVELS, self.levels, strict=True)).get(level, level)

    def level_named(self, level: str) -> str:
        """A level of a framework: “5” as “Level 5”, and longer words as they are."""
        return self.level.format(level) if len(level) <= len("10a") else level
