"""The pages that a text of another program becomes: one for each of its main headings, in Markdown. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pme.content.parse_svg import read_svg
from pme.intake.made import Made, Refused
from pme.intake.pictures import format_of, taken_anew
from pme.words.speech import _

MOST_PAGES = 200
MOST_PICTURES = 400
DEEPEST = 3
LONGEST_TITLE = 200
_NOT_NAME = re.compile(r"[^a-z0-9]+")


@dataclass
class Page:
    """A page as it grows; `level` is that of its last heading."""

    title: str
    blocks: list[str] = field(default_factory=list)
    level: int = 1

    @property
    def text(self) -> str:
        """The page in Markdown."""
        return "\n\n".join([f"# {self.title}", *(block for block in self.blocks if block.strip())]) + "\n"


@dataclass
class Pages:
    """Everything that is made of a text: pages, pictures, and what to tell of it.

    `notes` count what was not understood, `todo` are things that only a person can do.
    """

    made: Made
    title: str = ""
    intro: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    todo: list[str] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)

    def heading(self, level: int, text: str) -> None:
        """A heading: a new page, or a section no deeper than sections go and no level skipped."""
        text = " ".join(text.split())[:LONGEST_TITLE]
        if not text:
            return
        if level == 1 or not self.pages:
            if level > 1:
                self.notes[_("headings before the first main heading, each made a page of its own")] += 1
            if len(self.pages) >= MOST_PAGES:
                raise Refused(
                    _("This text has more than {most_pages} main headings. Divide it.", most_pages=MOST_PAGES)
                )
            self.pages.append(Page(text))
            return
        page = self.pages[-1]
        page.level = min(level, page.level + 1, DEEPEST)
        if page.level != level:
            self.notes[
                _("headings set on another level, because none may be skipped and sections go two deep")
            ] += 1
        page.blocks.append(f"{'#' * page.level} {text}")

    def block(self, text: str) -> None:
        """A paragraph, list, table or figure."""
        (self.pages[-1].blocks if self.pages else self.intro).append(text)

    def picture(self, key: str, content: bytes, alt: str) -> str:
        """A picture made safe; gives its address in a page, or nothing where it cannot be shown."""
        if key in self.pictures:
            return self.pictures[key]
        if len(self.pictures) >= MOST_PICTURES:
            raise Refused(
                _("This text has more than {most_pictures} pictures. Divide it.", most_pictures=MOST_PICTURES)
            )
        try:
            body, ending = _safe(content)
        except Refused as reason:
            self.notes[_("pictures that cannot be shown ({reason})", reason=reason)] += 1
            self.pictures[key] = ""
            return ""
        stem = (
            _NOT_NAME.sub("-", key.rpartition("/")[2].rpartition(".")[0].lower()).strip("-")[:40] or "picture"
        )
        taken = set(self.pictures.values())
        name, number = f"{stem}{ending}", 2
        while f"media/{name}" in taken:
            name, number = f"{stem}-{number}{ending}", number + 1
        self.pictures[key] = f"media/{name}"
        self.made.told.setdefault("pictures", []).append(
            {"name": name, "at": self.made.add(body), "says": alt}
        )
        return self.pictures[key]

    def figure(self, address: str, alt: str, caption: str = "") -> str:
        """A figure; one without a description is put on the list of things to do."""
        alt = " ".join(alt.replace("[", "(").replace("]", ")").split())
        if not alt:
            page = self.pages[-1].title if self.pages else _("the introduction")
            self.todo.append(
                _(
                    "Describe the picture {picture} on “{page}”.",
                    picture=address.rpartition("/")[2],
                    page=page,
                )
            )
        caption = " ".join(caption.replace('"', "”").split())
        return f'![{alt}]({address} "{caption}")' if caption else f"![{alt}]({address})"

    def done(self, name: str) -> Made:
        """What is told of it all."""
        if not self.pages and not self.intro:
            raise Refused(_("There is no text in this file."))
        if not self.pages:
            title = self.title or name or "First page"  # not words
            self.pages.append(Page(title, self.intro))
            self.intro = []
            self.todo.append(
                _("The text has no main heading, so all of it is one page. Divide it where it is long.")
            )
        told: dict[str, Any] = {
            "kind": "pages",
            "title": self.title or (self.pages[0].title if len(self.pages) == 1 else name),
            "intro": "\n\n".join(self.intro) + "\n" if self.intro else "",
            "pages": [{"title": page.title, "text": page.text} for page in self.pages],
            "notes": [[what, count] for what, count in self.notes.items()],
            "todo": self.todo,
        }
        self.made.told = {"pictures": [], **self.made.told, **told}
        return self.made


def _safe(content: bytes) -> tuple[bytes, str]:
    if format_of(content[:16]) is not None:
        return taken_anew(content)
    if b"<svg" in content[:4_096]:
        wrong: list[str] = []
        drawing = read_svg(content, lambda _line, says: wrong.append(says))
        if drawing is None or not (drawing.title and drawing.description):
            raise Refused(_("a drawing that a page may not show: save it as PNG"))
        return content, ".svg"
    raise Refused(_("of a kind that pages do not show, such as EMF or WMF: save it as PNG"))
