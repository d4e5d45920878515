"""Which files translate which, and everything that is wrong between the two. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pme.content.files import Tree
from pme.content.problems import Findings, Problem, near
from pme.content.translation import Matched, Stand, State, Written, match, read_translation, source_of
from pme.content.translation_compare import differences
from pme.content.written_in import LANGUAGES
from pme.words.numbers import grouped
from pme.words.speech import _, _n

_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_TRANSLATION = re.compile(
    rf"(?P<stem>modules/{_SLUG}/(?:module|\d{{1,3}}-{_SLUG})|modules/{_SLUG}\.course"
    rf"|quizzes/{_SLUG}\.(?:quiz|bank|scenario))\.(?P<language>[a-z]{{2}})(?P<suffix>\.md|\.yaml)\Z"
)
_SHOWN = 3
MOST_TEXTS = 5_000
"""How many texts a file may have to be translated."""


@dataclass(frozen=True)
class Translation:
    """A translation file beside its source: both paths, the language, and how its texts stand."""

    path: str
    source_path: str
    language: str
    kind: str
    matched: Matched


def parts_of(path: str) -> tuple[str, str] | None:
    """The source of a translation and its language, or None for a path that is no translation."""
    found = _TRANSLATION.match(path)
    return (f"{found['stem']}{found['suffix']}", found["language"]) if found else None


def translation_path(source_path: str, language: str) -> str:
    """Where the translation of a file is kept."""
    stem, _unused, suffix = source_path.rpartition(".")
    return f"{stem}.{language}.{suffix}"


def kind_of(source_path: str) -> str:
    """What a source file is: course, module, page, quiz, bank or scenario."""
    if source_path.endswith(".md"):
        return "module" if source_path.endswith("/module.md") else "page"
    return source_path.split(".")[-2]


def read_translations(
    tree: Tree, languages: Mapping[str, str], problems: list[Problem]
) -> tuple[Translation, ...]:
    """Every translation file beside its source; what is wrong is added to the problems.

    `languages` are those of the source files that could be read, by path.
    """
    found = []
    for path in tree.files:
        if (parts := parts_of(path)) is None:
            continue
        source_path, language = parts
        findings = Findings(path)
        if source_path not in tree.files:
            findings.warn(
                1,
                _(
                    "There is no {source_path} that this translates, so nobody sees it. Remove it.",
                    source_path=source_path,
                ),
            )
            problems += findings.problems
            continue
        says = _misplaced(source_path, language, languages)
        if says:
            findings.error(1, says)
        elif source_path in languages:
            matched = matched_in(tree, source_path, path, findings)
            if len(matched.stands) > MOST_TEXTS:
                findings.error(
                    1, _("The source has more than {most} texts; divide it first.", most=grouped(MOST_TEXTS))
                )
            if not findings.broken:
                _note(matched, findings)
            found.append(Translation(path, source_path, language, kind_of(source_path), matched))
        problems += findings.problems
    return tuple(found)


def matched_in(tree: Tree, source_path: str, path: str, findings: Findings) -> Matched:
    """How the texts of a translation stand to its source; a file that is not there has none."""
    kind = kind_of(source_path)
    source = source_of(kind, tree.text(source_path))
    if path not in tree.files:
        return Matched(tuple(Stand(block) for block in source.blocks))
    return match(source, read_translation(kind, tree.text(path), findings))


def _misplaced(source_path: str, language: str, languages: Mapping[str, str]) -> str:
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        return _(
            "“{language}” is not a language of the platform; it has {known}.{near}",
            language=language,
            known=known,
            near=near(language, LANGUAGES),
        )
    if languages.get(source_path) == language:
        return _(
            "{source_path} is written in “{language}” itself; a translation is in another language.",
            source_path=source_path,
            language=language,
        )
    return ""


def _note(matched: Matched, findings: Findings) -> None:
    """Tell what differs, what is stale and what is missing."""
    by_digest = {stand.block.digest: stand for stand in matched.stands}
    for stand in matched.stands:
        if stand.written is not None and stand.state in (State.CURRENT, State.UNMARKED):
            for says in differences(stand.block, stand.written):
                findings.error(stand.written.line, _("{called}: {says}", called=_called(stand), says=says))
        elif stand.written is not None and stand.state is State.STALE:
            says = _(
                "The source has changed since this was translated; students see the source until the "
                "translation is checked."
            )
            findings.warn(stand.written.line, _("{called}: {says}", called=_called(stand), says=says))
    for written in matched.lost:
        _note_lost(written, by_digest, matched, findings)
    _note_some(matched, State.MISSING, findings)
    _note_some(matched, State.UNMARKED, findings)


def _note_lost(
    written: Written, by_digest: Mapping[str, Stand], matched: Matched, findings: Findings
) -> None:
    if written.source in by_digest and written.place:
        place = by_digest[written.source].block.place
        findings.error(
            written.line,
            _(
                "“{place}” is not in the source; its text stands at “{place2}” there.",
                place=written.place,
                place2=place,
            ),
        )
    elif written.source:
        says = (
            _(
                "The source of “{place}” no longer exists; nobody sees it any more. Remove it.",
                place=written.place,
            )
            if written.place
            else _("The source of this paragraph no longer exists; nobody sees it any more. Remove it.")
        )
        findings.warn(written.line, says)
    elif written.place:
        known = [stand.block.place for stand in matched.stands]
        findings.error(
            written.line,
            _("“{place}” is not in the source.{near}", place=written.place, near=near(written.place, known)),
        )
    else:
        number = sum(stand.block.place.isdigit() for stand in matched.stands)
        says = _(
            "The source has {number} paragraphs; this one is too many. Remove it.",
            number=number,
        )
        findings.error(written.line, says)


def _note_some(matched: Matched, state: State, findings: Findings) -> None:
    found = [stand for stand in matched.stands if stand.state is state]
    if not found:
        return
    first = ", ".join(_called(stand) for stand in found[:_SHOWN])
    if len(found) > _SHOWN:
        first = _("{first} and on", first=first)
    if state is State.MISSING:
        says = _n(
            "One text is not translated: the source is shown ({first}).",
            "{n} texts are not translated: the source is shown ({first}).",
            len(found),
            first=first,
        )
        findings.warn(1, says)
    else:
        line = found[0].written.line if found[0].written else 1
        says = _n(
            "One text is without the mark of its source, and so not shown ({first}). Look at it in the browser, "
            "or run pme mark-translation.",
            "{n} texts are without the mark of its source, and so not shown ({first}). Look at it in the browser, "
            "or run pme mark-translation.",
            len(found),
            first=first,
        )
        findings.warn(line, says)


def _called(stand: Stand) -> str:
    place = stand.block.place
    return _("paragraph {number}", number=place) if place.isdigit() else place


def languages_of(translations: Iterable[Translation]) -> Iterator[str]:
    """Each language that there are translations in, in the order of the platform."""
    found = {translation.language for translation in translations}
    return (language for language in LANGUAGES if language in found)
