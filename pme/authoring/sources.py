"""A source in the bibliography, put at the end of its file or changed in place; the rest kept to the letter. Pure."""

import re
from collections.abc import Mapping

from pme.content.parse_sources import SOURCES, parse_sources
from pme.content.problems import Findings, Problem, near, with_english
from pme.content.yaml_edit import put, remove, value_at
from pme.content.yaml_write import Plain, field
from pme.errors import Conflict, Invalid
from pme.words.speech import _

MONTHS = (  # not words
    "January February March April May June July August September October November December"  # not words
).split()
DAY = re.compile(rf"(?:(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(MONTHS)}) )?\b(?P<year>\d{{4}})\b")


def with_source(text: str, key: str, fields: Mapping[str, str]) -> str:
    """The bibliography with one more source; fields that are empty are left out.

    Raises Invalid with the field that cannot be so, Conflict where the file cannot be edited by a form.
    """
    entry: Plain = {name: value for name, value in fields.items() if value}
    for problem in _problems(f"{field(key, entry, 0)}\n"):
        raise Invalid(problem.says, field=_field_of(problem, fields))
    if not text.strip():
        return f"{field(key, entry, 0)}\n"
    if value_at(text, (key,)) is not None:
        raise Invalid(
            _("There is a source {key} already. Cite it, or give this one another key.", key=key), field="key"
        )
    findings = Findings(SOURCES)
    known = parse_sources(text, findings).sources
    twin = next((other for other in known if other.casefold() == key.casefold()), None)
    if twin:
        raise Invalid(_("There is a source {key} already.", key=twin) + near(key, known), field="key")
    if findings.broken and not known:
        raise Conflict(_("The bibliography cannot be read. Open it from the contents and correct it first."))
    return put(text, (key,), entry)


def _field_of(problem: Problem, fields: Mapping[str, str]) -> str:
    says = problem.in_english
    return "url" if "web address" in says else next((name for name in fields if f"“{name}”" in says), "key")


def changed_source(text: str, key: str, fields: Mapping[str, str]) -> str:
    """The bibliography with these fields of a source as they shall be; one that is empty is taken out.

    What is not named stays to the letter. Raises Invalid with the field that cannot be so, Conflict where the file
    cannot be edited by a form.
    """
    before = {problem.says for problem in _problems(text)}
    for name, value in fields.items():
        kept = value_at(text, (key, name))
        if not value and kept is not None:
            text = remove(text, (key, name))
        elif value and value != kept and not (name == "status" and value == "seen" and kept is None):
            text = put(text, (key, name), value)
    for problem in _problems(text):
        if problem.says not in before:
            raise Invalid(problem.says, field=_field_of(problem, fields))
    return text


def _problems(text: str) -> list[Problem]:
    return with_english(_read(text), lambda: _read(text))


def _read(text: str) -> list[Problem]:
    findings = Findings(SOURCES)
    parse_sources(text, findings)
    return findings.problems


def day_told(date: str) -> tuple[int, ...]:
    """The first day that a date in words tells ("updated 7 February 2024"): year, month and day, as far as it does.

    What tells no year is nothing.
    """
    found = DAY.search(date)
    if found is None:
        return ()
    month = [MONTHS.index(found["month"]) + 1] if found["month"] else []
    return (int(found["year"]), *month, *([int(found["day"])] if found["day"] else []))
