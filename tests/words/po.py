"""Catalogues as files: one a language and room, sorted, and the same for the same words, so that merges are rare."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import normalize, read_po

from pme.words.compiling import CATALOGUES, TRANSLATED
from pme.words.languages import locale_of
from pme.words.plurals import FORMS, header
from tests.words.said import Text

CONFLICT = re.compile(rb"^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( .*)?\n", re.MULTILINE)
Translations = dict[Text, tuple[str, ...]]


@dataclass
class Entry:
    """A text with its translation, one form or several, and where it is said."""

    text: Text
    said: tuple[str, ...]
    files: list[str] = field(default_factory=list)


def file_of(language: str, room: str) -> Path:
    """Where the words of a room are."""
    return CATALOGUES / language / f"{room}.po"


def read(content: bytes, language: str) -> Translations:
    """What is translated in a file, also in one that is left of a merge; the first that is not empty counts."""
    found: Translations = {}
    for message in read_po(BytesIO(CONFLICT.sub(b"", content)), locale=locale_of(language)):
        if not message.id:
            continue
        one, many = message.id if isinstance(message.id, tuple) else (message.id, "")
        said = message.string if isinstance(message.string, tuple | list) else (message.string or "",)
        text = Text(str(one), message.context or "", str(many))
        if not all(found.get(text, ("",))):
            found[text] = tuple(str(each or "") for each in said)
    return found


def known(language: str) -> Translations:
    """All that is translated into a language, in whichever file it stands."""
    found: Translations = {}
    for path in sorted((CATALOGUES / language).glob("*.po")):
        for text, said in read(path.read_bytes(), language).items():
            if not all(found.get(text, ("",))):
                found[text] = said
    return found


def written(language: str, entries: Iterable[Entry]) -> str:
    """A file of a room."""
    head = (
        f"Language: {language}\\n",
        "Content-Type: text/plain; charset=utf-8\\n",
        f"Plural-Forms: {header(language)}\\n",
    )
    parts = ['msgid ""\nmsgstr ""\n' + "".join(f'"{line}"\n' for line in head)]
    by_text = sorted(entries, key=lambda each: (each.text.one.casefold(), each.text))
    parts += ["".join(f"{line}\n" for line in _lines(entry)) for entry in by_text]
    return "\n".join(parts)


def _lines(entry: Entry) -> Iterable[str]:
    yield from (f"#: {name}" for name in entry.files[:3])
    if entry.text.context:
        yield f"msgctxt {normalize(entry.text.context, width=0)}"
    yield f"msgid {normalize(entry.text.one, width=0)}"
    if not entry.text.many:
        yield f"msgstr {normalize(entry.said[0], width=0)}"
        return
    yield f"msgid_plural {normalize(entry.text.many, width=0)}"
    for number, form in enumerate(entry.said):
        yield f"msgstr[{number}] {normalize(form, width=0)}"


def empty(text: Text, language: str) -> tuple[str, ...]:
    """What is not translated yet."""
    return ("",) * (FORMS[language] if text.many else 1)


def write_all(wanted: Mapping[str, Mapping[str, list[Entry]]]) -> list[str]:
    """Write the files of each language and room anew, drop those of no room; tells which have changed."""
    changed = []
    for language in TRANSLATED:
        rooms = wanted[language]
        for path in (CATALOGUES / language).glob("*.po"):
            if path.stem not in rooms:
                path.unlink()
                changed.append(path.name)
        for room, entries in rooms.items():
            path, content = file_of(language, room), written(language, entries)
            if not path.exists() or path.read_text(encoding="utf-8") != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
                changed.append(f"{language}/{path.name}")
    return changed
