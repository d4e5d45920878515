"""Markdown of another program: one file, or a folder packed as ZIP, becomes pages with their pictures."""

import posixpath
import re

from pme.intake.archive import Archive, shown
from pme.intake.draft_pages import Pages
from pme.intake.made import Made, Refused
from pme.intake.plain_text import plain_text
from pme.words.speech import _

MOST_TEXT = 300_000
MOST_FILES = 200
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*\Z")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,60})\]:")
_MARK = re.compile(r"\[\^([^\]\s]{1,60})\]")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^\s()<>]+)>?(?:\s+[\"']([^\"']*)[\"'])?\s*\)")
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(\s*([^\s()]+\.(?:md|markdown))(#[^\s()]*)?\s*\)")
_HTML = re.compile(r"<[a-zA-Z/!][^>]*>")
_FRONT_TITLE = re.compile(r"(?m)^title:\s*[\"']?(.+?)[\"']?\s*$")


class _Folder:
    """The files that pictures are looked for in; none for a single file."""

    def __init__(self, archive: Archive | None) -> None:
        self.archive = archive

    def find(self, here: str, address: str) -> str | None:
        """The entry that an address of a file means, or None."""
        if self.archive is None:
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(here), address.replace("%20", " ")))
        return path if path in self.archive.entries else None


def from_text(name: str, text: str) -> Made:
    """The pages of one Markdown text."""
    pages, stem = Pages(Made({})), name.rpartition(".")[0]
    _read(pages, name, text, _Folder(None), {})
    return pages.done(stem)


def from_folder(archive: Archive) -> Made:
    """The pages of all Markdown files of a folder, in the order of their names."""
    pages, folder = Pages(Made({})), _Folder(archive)
    names = sorted(each for each in archive.entries if each.lower().endswith((".md", ".markdown")))
    names = [each for each in names if not each.startswith("__MACOSX/")]
    if len(names) > MOST_FILES:
        raise Refused(
            _("This folder has more than {most_files} Markdown files. Divide it.", most_files=MOST_FILES)
        )
    firsts: dict[str, int] = {}
    for name in names:
        firsts[name] = len(pages.pages)
        before = len(pages.pages)
        text = plain_text(name, archive.read(name, MOST_TEXT))
        if not any(line.startswith("# ") for line in text.split("\n")):
            pages.heading(1, posixpath.basename(name).rpartition(".")[0].lstrip("0123456789-_ ") or name)
        _read(pages, name, text, folder, firsts)
        firsts[name] = min(before, len(pages.pages) - 1)
    used = set(pages.pictures)
    left = [each for each in archive.entries if each not in used and each not in names]
    for each in left[:20]:
        pages.notes[_("files that no page shows, left out: {name}", name=shown(each))] += 1
    _link_pages(pages, firsts)
    return pages.done("")


def _read(pages: Pages, name: str, text: str, folder: _Folder, firsts: dict[str, int]) -> None:
    text = _without_front(pages, text)
    first = len(pages.pages)
    body, notes = _without_footnotes(text)
    held: list[str] = []
    fence = ""
    for line in [*body.split("\n"), "# "]:
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1][:3]
        heading = None if fence or mark else _HEADING.match(line)
        if heading is None and not (line == "# " and not fence):
            held.append(line)
            continue
        _put(pages, name, "\n".join(held), folder)
        held = []
        if heading and heading[2]:
            pages.heading(len(heading[1]), heading[2])
    if fence:
        _put(pages, name, "\n".join(held[:-1]), folder)
    for page in pages.pages[first:] or pages.pages[-1:]:
        wanted = dict.fromkeys(match[1] for block in page.blocks for match in _MARK.finditer(block))
        page.blocks += [notes[key] for key in wanted if key in notes]
    if not pages.pages:
        pages.intro += list(notes.values())
    firsts.setdefault(name, first)


def _without_front(pages: Pages, text: str) -> str:
    if not text.startswith("---\n") or "\n---" not in text[4:]:
        return text
    front, _unused, body = text[4:].partition("\n---")
    title = _FRONT_TITLE.search(front)
    if title and not pages.title:
        pages.title = title[1].strip()
    pages.notes[_("fields above the text (front matter), left out but for the title")] += 1
    return body.partition("\n")[2]


def _without_footnotes(text: str) -> tuple[str, dict[str, str]]:
    """The text without its footnotes, and each of them: they go to the page that has their mark."""
    kept, notes, key = list[str](), dict[str, str](), ""
    for line in text.split("\n"):
        match = _FOOTNOTE.match(line)
        if match:
            key = match[1]
            notes[key] = line
        elif key and _goes_on(line, notes[key]):
            notes[key] += f"\n{line}"
        else:
            key = key if not line.strip() else ""
            kept.append(line)
    return "\n".join(kept), notes


def _goes_on(line: str, note: str) -> bool:
    """Whether a line belongs to the footnote above it."""
    is_lazy = bool(line.strip() and note.rpartition("\n")[2].strip()) and not line.startswith("#")
    return line.startswith(("    ", "\t")) or is_lazy


def _put(pages: Pages, name: str, text: str, folder: _Folder) -> None:
    if not text.strip():
        return
    if "```" not in text and _HTML.search(text):
        pages.notes[_("pieces of HTML, which are taken out when the page is shown")] += len(
            _HTML.findall(text)
        )

    def placed(match: re.Match[str]) -> str:
        alt, address, caption = match[1], match[2], match[3] or ""
        entry = folder.find(name, address)
        if entry is None or folder.archive is None:
            pages.notes[_("pictures that are not in the file: {name}", name=shown(address))] += 1
            pages.todo.append(_("Add the picture {shown}, or take it out of the text.", shown=shown(address)))
            return alt
        found = pages.picture(entry, folder.archive.read(entry, 20_000_000), alt)
        return f"\n\n{pages.figure(found, alt, caption)}\n\n" if found else alt

    lines = [_PICTURE.sub(placed, line) for line in text.strip("\n").split("\n")]
    pages.block(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"))


def _link_pages(pages: Pages, firsts: dict[str, int]) -> None:
    """Links between the files become links between the pages; `page:#3` is filled in when the pages have addresses."""

    def linked(match: re.Match[str]) -> str:
        name = posixpath.basename(match[2])
        found = next((number for path, number in firsts.items() if posixpath.basename(path) == name), None)
        if found is None:
            pages.notes[_("links to files that are not here: {name}", name=shown(match[2]))] += 1
            return match[1]
        return f"[{match[1]}](page:#{found})"

    for page in pages.pages:
        page.blocks = [_LINK.sub(linked, block) for block in page.blocks]
    pages.intro = [_LINK.sub(linked, block) for block in pages.intro]
