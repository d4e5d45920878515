"""What names a question of a quiz or bank, and so changes when the question goes. Pure."""

import re
from collections.abc import Iterator, Mapping

from pme.authoring.naming import FileKind, FileName, file_name
from pme.content.yaml_edit import read
from pme.content.yaml_write import Plain
from pme.errors import Conflict, Invalid
from pme.words.speech import _

Files = Mapping[str, bytes]


def uses_of(item: Mapping[str, Plain], name: FileName, files: Files) -> list[str]:
    """A sentence for each place that names a question, or draws it, in the order of the files."""
    return [says for path in sorted(files) for says in _in_file(path, item, name, files)]


def _in_file(path: str, item: Mapping[str, Plain], owner: FileName, files: Files) -> Iterator[str]:
    item_id = str(item.get("id", ""))
    try:
        name = file_name(path)
    except Invalid:
        return
    if not item_id:
        return
    is_translation = bool(name.language)
    if name.kind is FileKind.PAGE and owner.kind is FileKind.BANK:
        asks = re.search(
            rf"\{{check:\s*(?:{re.escape(owner.slug)}/)?{re.escape(item_id)}\s*\}}", _text(files[path])
        )
        if asks:
            yield _("The page {path} asks it as a check.", path=path)
    elif is_translation and (name.kind, name.slug) == (owner.kind, owner.slug):
        if re.search(rf"(?<![A-Za-z0-9_-]){re.escape(item_id)}(?![A-Za-z0-9_-])", _text(files[path])):
            yield _("The translation {path} has its words in another language.", path=path)
    elif name.kind is FileKind.QUIZ and not is_translation:
        yield from _in_quiz(name, item, owner, files)


def _in_quiz(quiz: FileName, item: Mapping[str, Plain], owner: FileName, files: Files) -> Iterator[str]:
    try:
        content = read(_text(files[quiz.path]))
    except Conflict:
        return
    if not isinstance(content, dict):
        return
    lines = content.get("blueprint")
    drawn = [
        line
        for line in (lines if isinstance(lines, list) else ())
        if owner.kind is FileKind.BANK
        and isinstance(line, dict)
        and line.get("bank") == owner.slug
        and line.get("outcome", item.get("outcome")) == item.get("outcome")
    ]
    for line in drawn:
        taken = {"slug": quiz.slug, "count": line.get("count", "")}
        yield (
            _(
                "The quiz {slug} may draw it: its blueprint takes {count} of {outcome} from this bank.",
                outcome=line["outcome"],
                **taken,
            )
            if "outcome" in line
            else _("The quiz {slug} may draw it: its blueprint takes {count} from this bank.", **taken)
        )
    passing = content.get("pass")
    critical = passing.get("critical") if isinstance(passing, dict) else None
    if isinstance(critical, list) and item.get("id") in critical and (drawn or quiz.path == owner.path):
        yield _(
            "The quiz {slug} names it as critical: remove it there too, or the quiz cannot be published.",
            slug=quiz.slug,
        )


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace")
