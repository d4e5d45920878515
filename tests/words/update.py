"""`make words`: find what the code says, write it into the catalogues, and tell what is not translated yet.

Translations that are there are kept, also where their room has changed or a merge has left both sides. With
names of rooms, tells what is missing in each of them, text by text. `--fill FILE` takes translations from a file
of JSON first: {"fr": {"Text": "Texte", ...}, ...}; a counted text is known by its singular and has a list of forms,
one with a context is written "context|Text".
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from pme.words.compiling import TRANSLATED
from pme.words.compiling import main as compile_all
from tests.words import po
from tests.words.said import Text, everything


def update(more: dict[str, dict[str, str | list[str]]] | None = None) -> tuple[list[str], list[str]]:
    """Write the catalogues anew; tells which files have changed, and which given translations fitted nothing."""
    said, wanted, lost = everything(), {}, []
    for language in TRANSLATED:
        known = {text.key: (text, forms) for text, forms in po.known(language).items()}
        given = dict((more or {}).get(language, {}))
        rooms: dict[str, list[po.Entry]] = defaultdict(list)
        for text, files in said.where.items():
            own = given.pop(_name(text), None)
            forms = _fitting(text, language, own, known.get(text.key))
            rooms[said.room(text)].append(po.Entry(text, forms, files))
        lost += [f"{language}: {each}" for each in given]
        wanted[language] = rooms
    return po.write_all(wanted), lost


def _name(text: Text) -> str:
    return f"{text.context}|{text.one}" if text.context else text.one


def _fitting(
    text: Text, language: str, own: str | list[str] | None, known: tuple[Text, tuple[str, ...]] | None
) -> tuple[str, ...]:
    """The forms of a text: those given now, else those known, as far as they fit it."""
    empty = po.empty(text, language)
    if own is not None:
        forms = (own,) if isinstance(own, str) else tuple(own)
        if len(forms) != len(empty):
            sys.exit(f"{language}: “{text.one}” has {len(forms)} forms and needs {len(empty)}")
        return tuple(_set(each) for each in forms) if language == "fr" else forms
    if known is None or len(known[1]) != len(empty) or known[0].many != text.many:
        return empty
    return known[1]


def _set(form: str) -> str:
    """French as it is set: apostrophes, and no-break spaces before double signs."""
    parts = re.split(r"(<[^>]*>)", form)
    for place in range(0, len(parts), 2):
        part = parts[place].replace("'", "’")
        part = re.sub(r" (?=[?!;:»])", "\u00a0", part)
        parts[place] = part.replace("« ", "«\u00a0")
    return "".join(parts)


def missing(language: str) -> dict[str, list[Text]]:
    """What is not translated into a language, by room."""
    said, known = everything(), po.known(language)
    found: dict[str, list[Text]] = defaultdict(list)
    for text in said.where:
        if not all(known.get(text, ("",))):
            found[said.room(text)].append(text)
    return found


def main(given: list[str]) -> None:
    """Do what the command line asks."""
    more = None
    while "--fill" in given:
        place = given.index("--fill")
        more = _merged(more or {}, json.loads(Path(given[place + 1]).read_text(encoding="utf-8")))
        del given[place : place + 2]
    changed, lost = update(more)
    compile_all()
    said = everything()
    for problem in said.problems:
        print(problem)
    for each in lost:
        print(f"fits nothing that is said: {each}")
    lacking = {language: missing(language) for language in TRANSLATED}
    for room in sorted({said.room(text) for text in said.where}):
        whole = sum(said.room(text) == room for text in said.where)
        counts = "  ".join(f"{each} {len(lacking[each].get(room, ())):4}" for each in TRANSLATED)
        print(f"{room:16} {whole:5} texts; not translated: {counts}")
    for room in given:
        for language in TRANSLATED:
            for text in sorted(lacking[language].get(room, ())):
                print(f"{language}  {_name(text)!r}" + (f" / {text.many!r}" if text.many else ""))
    print(f"{len(changed)} files of catalogues changed")
    sys.exit(bool(said.problems))


def _merged(
    first: dict[str, dict[str, str | list[str]]], second: dict[str, dict[str, str | list[str]]]
) -> dict[str, dict[str, str | list[str]]]:
    return {each: first.get(each, {}) | second.get(each, {}) for each in {*first, *second}}


if __name__ == "__main__":
    main(sys.argv[1:])
