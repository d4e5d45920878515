"""A file of another program that becomes a draft: a course as ZIP, a Word document, or Markdown."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pme.content.attachments import ENDINGS, described, ending_of, look, made
from pme.content.files import KILO, LIMITS
from pme.content.media_reading import Bytes, NotMedia
from pme.content.parse_svg import read_svg
from pme.content.problems import Findings
from pme.content.yaml_tree import read_yaml
from pme.intake.archive import Archive, opened, shown
from pme.intake.made import Made, Refused
from pme.intake.markdown_pages import from_folder, from_text
from pme.intake.medium import PICTURE_LIMIT, sha256_kept
from pme.intake.pictures import kept_if_clean, taken_anew
from pme.intake.plain_text import plain_text
from pme.intake.word import from_word
from pme.words.speech import _

MANIFEST = "pme-package.json"
RASTER = (".png", ".jpg", ".jpeg", ".webp")
"""A reader of the shapes of content would take longer to load than most files to read."""
LEFT_OUT = ("__MACOSX/", "README", "LICENSE", ".DS_Store", "Thumbs.db")  # not words
PACKED = (".course.yaml", ".quiz.yaml", ".scenario.yaml", ".bank.yaml")
ATTACHMENT_LIMIT = 300_000_000
_PLACE = re.compile(r"(?:\A|/)(?:modules|quizzes)/")


def take_package(data: Bytes, options: Mapping[str, Any]) -> Made:
    """What a file holds: the files of a package, or the pages and pictures of a text. Raises Refused."""
    content = data[0 : len(data)]
    name = str(options.get("name", ""))
    if content.startswith(b"PK"):
        archive = opened(content)
        if "word/document.xml" in archive.entries:
            return from_word(archive)
        if _is_package(archive):
            return _package(archive)
        if any(each.lower().endswith((".md", ".markdown")) for each in archive.entries):
            return from_folder(archive)
        raise Refused(
            _(
                "This ZIP file holds neither a course (modules/, quizzes/) nor a Word document nor Markdown "
                "files (.md)."
            )
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            _("This Word document is locked or of the old kind (.doc). Save it as .docx without a lock.")
        )
    if content.startswith(b"%PDF-"):
        raise Refused(
            _("This is a PDF. Bring in the document that it was made from: Word (.docx) or Markdown (.md).")
        )
    return from_text(name, plain_text(name or _("The file"), content))


def _is_package(archive: Archive) -> bool:
    return any(
        _PLACE.search(each) or each.rpartition("/")[2] in ("module.md", MANIFEST) or each.endswith(PACKED)
        for each in archive.entries
    )


def _package(archive: Archive) -> Made:
    result = Made({"kind": "package", "files": [], "left": [], "manifest": {}})
    top = _top(archive)
    for name in archive.entries:
        path = name.removeprefix(top)
        if path.startswith(LEFT_OUT) or path.rpartition("/")[2].startswith(LEFT_OUT):
            result.told["left"].append(path)
        elif path == MANIFEST:
            result.told["manifest"] = _manifest(archive.read(name, 2_000 * KILO))
        else:
            result.told["files"].append(_file(archive, name, path, result))
    return result


def _top(archive: Archive) -> str:
    """The one folder that everything lies in, where there is one that is no part of a course."""
    firsts = {name.partition("/")[0] for name in archive.entries if not name.startswith("__MACOSX/")}
    only = next(iter(firsts)) if len(firsts) == 1 else ""
    return (
        f"{only}/"
        if only and only not in ("modules", "quizzes") and all("/" in name for name in archive.entries)
        else ""
    )


def _manifest(content: bytes) -> dict[str, str]:
    try:
        read = json.loads(content)
        files = read["files"]
        return {str(path): str(sha256) for path, sha256 in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused(
            _(
                "The list {manifest} in this ZIP file cannot be read. Take it out, and send the rest.",
                manifest=MANIFEST,
            )
        ) from None


def _file(archive: Archive, name: str, path: str, result: Made) -> dict[str, Any]:
    ending = ending_of(path)
    if ending in LIMITS:
        content = archive.read(name, LIMITS[ending])
        text = plain_text(path, content)
        if ending == ".yaml":
            _must_be_yaml(path, text)
        return {"path": path, "at": result.add(content)}
    if ending in RASTER:
        content = archive.read(name, PICTURE_LIMIT)
        return {"path": path, "at": result.add(content)} | _picture(path, content, result)
    if ending == ".svg":
        content = archive.read(name, 1_000 * KILO)
        _must_be_drawing(path, content)
        return {"path": path, "at": result.add(content)}
    if ending in ENDINGS:
        return _attachment(path, archive.read(name, ATTACHMENT_LIMIT), result)
    if ending in (".vtt", ".txt"):
        content = archive.read(name, 300 * KILO)
        plain_text(path, content)
        return {"path": path, "at": result.add(content)}
    return {"path": path, "unknown": True}


def _picture(path: str, content: bytes, result: Made) -> dict[str, Any]:
    """The picture written anew, where there is more in it than its points."""
    try:
        if kept_if_clean(content) is not None:
            return {}
        anew, ending = taken_anew(content)
    except Refused as reason:
        raise Refused(f"{shown(path)}: {reason}") from None
    if ending != ending_of(path).replace(".jpeg", ".jpg"):
        raise Refused(
            _(
                "{shown} is not what its name says. Its name has to end in {ending}.",
                shown=shown(path),
                ending=ending,
            )
        )
    return {"anew": result.add(anew)}


def _attachment(path: str, content: bytes, result: Made) -> dict[str, Any]:
    try:
        attachment, looked = described(path, content), look(content)
    except NotMedia as reason:
        raise Refused(f"{shown(path)}: {reason}") from None
    place = result.add(content)
    clean = made(looked, sha256_kept(content, looked), looked.end - looked.start)
    return {
        "path": path,
        "at": place,
        "attachment": vars(attachment),
        "clean": vars(clean),
        "start": looked.start,
        "end": looked.end,
        "over": [(at, new.hex()) for at, new in looked.blank],
        "zero": looked.zero,
    }


def _must_be_yaml(path: str, text: str) -> None:
    findings = Findings(path)
    if read_yaml(text, findings) is None or findings.broken:
        first = findings.problems[0] if findings.problems else None
        why = _("line {line}: {says}", line=first.line, says=first.says) if first else _("it is empty.")
        raise Refused(f"{shown(path)}, {why}")


def _must_be_drawing(path: str, content: bytes) -> None:
    wrong: list[str] = []
    if read_svg(content, lambda line, says: wrong.append(f"line {line}: {says}")) is None:
        raise Refused(f"{shown(path)}, {wrong[0] if wrong else _('it cannot be read.')}")
