"""What a content file is, told from its path; a path that is nothing is no file of a draft. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from pme.errors import Invalid
from pme.words.speech import _

_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_LANGUAGE = r"(?:\.(?P<language>[a-z]{2}))?"
LONGEST_PATH = 300


class FileKind(StrEnum):
    """The kinds of content files."""

    COURSE = "course"
    MODULE = "module"
    PAGE = "page"
    MEDIA = "media"
    MEDIA_LIST = "media-list"
    QUIZ = "quiz"
    BANK = "bank"
    SCENARIO = "scenario"
    SOURCES = "sources"
    GLOSSARY = "glossary"
    ANSWERS = "answers"


@dataclass(frozen=True)
class FileName:
    """A path taken apart. `slug` is the course, module, quiz, bank or scenario that the file belongs to,
    `part` the page or picture within a module, `language` that of a translation ("" for the source).
    """

    path: str
    kind: FileKind
    slug: str = ""
    part: str = ""
    language: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is written in an editor, not uploaded."""
        return self.kind is not FileKind.MEDIA


_PATTERNS = {
    FileKind.COURSE: rf"modules/(?P<slug>{_SLUG})\.course{_LANGUAGE}\.yaml",
    FileKind.MODULE: rf"modules/(?P<slug>{_SLUG})/module{_LANGUAGE}\.md",
    FileKind.PAGE: rf"modules/(?P<slug>{_SLUG})/(?P<part>\d{{1,3}}-{_SLUG}){_LANGUAGE}\.md",
    FileKind.MEDIA: rf"modules/(?P<slug>{_SLUG})/media/(?P<part>[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*)",
    FileKind.MEDIA_LIST: rf"modules/(?P<slug>{_SLUG})/media\.yaml",
    FileKind.QUIZ: rf"quizzes/(?P<slug>{_SLUG})\.quiz{_LANGUAGE}\.yaml",
    FileKind.BANK: rf"quizzes/(?P<slug>{_SLUG})\.bank{_LANGUAGE}\.yaml",
    FileKind.SCENARIO: rf"quizzes/(?P<slug>{_SLUG})\.scenario{_LANGUAGE}\.yaml",
    FileKind.SOURCES: r"modules/sources\.yaml",
    FileKind.GLOSSARY: r"modules/glossary\.yaml",
    FileKind.ANSWERS: r"modules/answers\.yaml",
}
_COMPILED = {kind: re.compile(pattern + r"\Z") for kind, pattern in _PATTERNS.items()}


def file_name(path: str) -> FileName:
    """The path taken apart. Raises Invalid when no content file has such a path."""
    for kind, pattern in _COMPILED.items():
        match = pattern.match(path) if len(path) <= LONGEST_PATH else None
        if match:
            found = match.groupdict()
            return FileName(
                path, kind, found.get("slug") or "", found.get("part") or "", found.get("language") or ""
            )
    raise Invalid(
        _(
            "This is not the name of a content file. Names use lower-case letters, digits and hyphens, such as "
            "modules/first-response/10-recognise.md."
        ),
        field="path",
    )
