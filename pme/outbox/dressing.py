"""A letter as a page, beside its plain text: the same words in the platform's own look, and nothing fetched.

It is made of the text alone when the letter goes out, every sign of it escaped, so that it can say nothing else
than the text that the log keeps. No picture, no script, no address but those that the text shows.
"""

import re
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pme.outbox.wording import DEFAULT, FOLDER
from pme.words.languages import RIGHT_TO_LEFT

FOOT = "-- "
OPEN = {"en": "Open the page", "fr": "Ouvrir la page", "uk": "Відкрити сторінку", "ar": "فتح الصفحة"}
"""What a link on its own is called where it stands as a button; its address is shown below."""
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Part:
    """A paragraph of a letter."""

    text: str

    @property
    def is_link(self) -> bool:
        """Whether it is an address and nothing else."""
        return _LINK.fullmatch(self.text) is not None

    @property
    def lines(self) -> list[str]:
        """Its lines, as the text breaks them."""
        return self.text.split("\n")


def dressed(text: str, *, subject: str, sender: str, language: str) -> str:
    """The letter as a page of HTML; `text` is what goes out as plain text, its foot after a line of `-- `."""
    said, _, foot = text.partition(f"\n{FOOT}\n")
    return _page().render(
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        subject=subject,
        sender=sender,
        open=OPEN.get(language, OPEN[DEFAULT]),
        parts=[Part(each.strip("\n")) for each in re.split(r"\n{2,}", said.strip()) if each.strip()],
        foot=" ".join(foot.split()),
    )


@cache
def _page() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("letter.html")
