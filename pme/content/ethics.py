"""The check of ethics and language of one file's texts: every rule that can be told without the rest. Pure.

Called by the check of everything, by the preview of a page and by the forms of questions, so that all say the same.
English only: of another language it says that it was not looked at.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pme.content.answers import Answer
from pme.content.lint_ethics import help_offered, themes, wording
from pme.content.lint_facts import Known, real_names, uncited_numbers
from pme.content.lint_language import language
from pme.content.parse_fields import Passage
from pme.content.parse_sources import Bibliography, Terms
from pme.content.problems import Problem, Severity
from pme.content.shapes import ContentNote
from pme.words.lazily import lazy
from pme.words.speech import _

LANGUAGE = "en"
"""The only language whose words are known here."""
MODULE_GRADE = 8
SCENARIO_GRADE = 6
_LANGUAGES = {"fr": lazy("French"), "uk": lazy("Ukrainian"), "ar": lazy("Arabic")}


def ethics(
    passages: Iterable[Passage],
    *,
    language_code: str,
    most_grade: int,
    known: Known,
    note: ContentNote | None = None,
) -> Iterator[Problem]:
    """Every warning about these texts. `known` are words of the bibliography and the glossary (`known_words`)."""
    ordered = sorted(passages, key=lambda passage: (passage.file, passage.line))
    if language_code != LANGUAGE:
        yield from (_not_looked_at(passage, language_code) for passage in ordered[:1])
        return
    for _unused, group in groupby(ordered, key=lambda passage: passage.file):
        told = list(group)
        yield from language(told, most_grade=most_grade)
        yield from wording(told)
        yield from uncited_numbers(told)
        yield from real_names(told, known)
        yield from themes(told, note)


def of_note(note: ContentNote | None, *, file: str, line: int) -> Iterator[Problem]:
    """What a content note leaves its reader without."""
    yield from help_offered(note, file=file, line=line)


def known_words(bibliography: Bibliography, terms: Terms, answers: Iterable[Answer]) -> Known:
    """What the bibliography and the glossary say (a name that stands there is a known one), and names let stand."""
    sources = (f"{each.title} {each.body} {each.note or ''}" for each in bibliography.sources.values())
    told = (
        f"{term.term} {term.definition}" for glossary in terms.glossaries.values() for term in glossary.terms
    )
    allowed = tuple(answer.name for answer in answers if answer.name and answer.reason)
    return Known("\n".join((*sources, *told)), allowed)


def _not_looked_at(passage: Passage, language_code: str) -> Problem:
    called = _LANGUAGES.get(language_code, language_code)
    says = _(
        "This is written in {called}. Blame, gendered wording, graphic detail, names, numbers and reading grade "
        "are looked for in English only: let a person who reads it look for them.",
        called=called,
    )
    return Problem(passage.file, passage.line, says, Severity.WARNING)
