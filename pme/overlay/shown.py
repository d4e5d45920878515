"""What stands at a marked place for the students of an academy. Pure.

Its own text with its name and the day, or the sentence that the academy is to be asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from pme.content.local_places import LocalPlace, put_in
from pme.words.lazily import lazy
from pme.words.speech import _, speaking
from pme.words.times import day

NOT_YET = lazy("Your academy has not filled this in yet. Ask your academy about it before you need it:")
NOT_HERE = lazy("Your academy has said that this does not apply to it.")
Place = tuple[str, str]
"""A module and the name of a place in it."""


@dataclass(frozen=True)
class OwnText:
    """What an academy has at a place in one language; `is_filled` False: it does not apply there."""

    language: str
    html: str
    saved_at: datetime
    is_filled: bool


@dataclass(frozen=True)
class LocalTexts:
    """Everything that an academy has at places; nothing for nobody's academy."""

    academy: str = ""
    texts: Mapping[Place, tuple[OwnText, ...]] = field(default_factory=dict)

    def at(self, module: str, place: str, language: str) -> OwnText | None:
        """The text in this language; else in whatever language there is one."""
        known = self.texts.get((module, place), ())
        return next((text for text in known if text.language == language), known[0] if known else None)

    def put_in(self, html: str, module: str, language: str) -> str:
        """A rendered text of a module with the academy's own in its places."""
        with speaking(language):  # of the text that it stands in
            return put_in(
                html, lambda place: self._block(place, self.at(module, place.id, language), language)
            )

    def _block(self, place: LocalPlace, text: OwnText | None, language: str) -> str:
        title = f'<p class="admonition-title">{escape(place.title)}</p>'
        if text is None:
            return _box(place, f"{title}<p>{NOT_YET}</p>{place.prompt_html}")
        academy = f"<bdi>{escape(self.academy)}</bdi>"
        said = _("Local text of {academy}, {day}.", academy=academy, day=day(text.saved_at))
        named = f'<p class="small">{said}</p>'
        if not text.is_filled:
            return _box(place, f"{title}<p>{NOT_HERE}</p>{named}")
        spoken = f' lang="{escape(text.language)}" dir="auto"' if text.language != language else ""
        return _box(place, f"{title}<div{spoken}>{text.html}</div>{named}")


def _box(place: LocalPlace, inside: str) -> str:
    return f'<aside class="admonition local" id="local-{place.id}" role="note">{inside}</aside>'
