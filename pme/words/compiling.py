"""From catalogues as people write them to the file that is read: made anew where it is missing or older.

`python -m pme.words.compiling` makes them all, so that nobody waits for one later.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO

from pme.words.languages import LANGUAGES, SOURCE, locale_of
from pme.words.plurals import header

CATALOGUES = Path(__file__).parent / "catalogues"
TRANSLATED = tuple(each for each in LANGUAGES if each != SOURCE)


@contextmanager
def compiled(language: str) -> Iterator[IO[bytes]]:
    """The compiled catalogue of a language, opened; kept for the next time where the folder may be written to."""
    kept = CATALOGUES / f"{language}.mo"  # not words
    if _is_fresh(kept, language):
        with kept.open("rb") as file:
            yield file
        return
    made = _compile(language)
    with suppress(OSError):
        _keep(made, kept)
    yield BytesIO(made)


def sources(language: str) -> list[Path]:
    """The files of a language, one a room."""
    return sorted((CATALOGUES / language).glob("*.po"))


def _is_fresh(kept: Path, language: str) -> bool:
    try:
        since = kept.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    folder = CATALOGUES / language
    return all(path.stat().st_mtime_ns <= since for path in (folder, *sources(language)))


def _compile(language: str) -> bytes:
    from babel.messages import Catalog  # noqa: PLC0415  (needed once, where nothing is compiled yet)
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    whole = Catalog(locale=locale_of(language), charset="utf-8")
    whole.mime_headers = [("Plural-Forms", header(language))]
    for path in sources(language):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale_of(language)):
                if message.id and message.string:
                    whole.add(message.id, message.string, context=message.context)
    out = BytesIO()
    write_mo(out, whole)
    return out.getvalue()


def _keep(made: bytes, kept: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=kept.parent, suffix=".part", delete=False) as part:
        part.write(made)
    Path(part.name).chmod(0o644)
    Path(part.name).replace(kept)


def main() -> None:
    """Compile what is missing or older than its sources."""
    for language in TRANSLATED:
        with compiled(language):
            pass


if __name__ == "__main__":
    main()
