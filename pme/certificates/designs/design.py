"""A design as its academy writes it: layout, colours, crest, who signs, and texts in four languages. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from pme.certificates.press.look import ACCENT, ENGRAVED, METAL, PANEL
from pme.words.lazily import lazy

LANGUAGES = {"en": lazy("English"), "fr": lazy("French"), "uk": lazy("Ukrainian"), "ar": lazy("Arabic")}
HOUSE_CREST, NO_CREST = "house", "none"
MOST_SIGNATORIES = 3


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: `image` is the id of a facsimile, `roles` are by language."""

    name: str = ""
    rank: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    image: int | None = None

    @property
    def printed(self) -> str:
        """The name as it stands beneath the line."""
        return f"{self.rank} {self.name}".strip()

    def role(self, language: str) -> str:
        """What they sign as, in this language or in the first in which it is given."""
        return self.roles.get(language) or next(filter(None, self.roles.values()), "")


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language; an empty one leaves the course's or the house's."""

    heading: str = ""
    opening: str = ""
    statement: str = ""
    footer: str = ""


NO_TEXTS = Texts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Everything that an academy chooses. `crest` is `house`, `none`, or the id of a picture in digits."""

    layout: str = ENGRAVED
    accent: str = ACCENT
    metal: str = METAL
    panel: str = PANEL
    crest: str = HOUSE_CREST
    signatories: tuple[Signatory, ...] = ()
    texts: Mapping[str, Texts] = field(default_factory=dict)

    @property
    def images(self) -> frozenset[int]:
        """The ids of its pictures."""
        crest = (int(self.crest),) if self.crest.isdecimal() else ()
        return frozenset((*crest, *(each.image for each in self.signatories if each.image)))

    def texts_in(self, language: str) -> Texts:
        """The words for a certificate in this language."""
        return self.texts.get(language.lower().partition("-")[0], NO_TEXTS)

    def signed_by(self, language: str) -> list[list[str]]:
        """(name, role) of each signatory, as a certificate keeps them."""
        spoken = language.lower().partition("-")[0]
        return [[each.printed, each.role(spoken)] for each in self.signatories]

    def as_json(self) -> dict[str, Any]:
        """As it is kept: without what is empty."""
        values = asdict(self)
        values["texts"] = {
            language: {name: text for name, text in asdict(texts).items() if text}
            for language, texts in self.texts.items()
            if texts != NO_TEXTS
        }
        values["signatories"] = [
            asdict(each) | {"roles": {name: role for name, role in each.roles.items() if role}}
            for each in self.signatories
        ]
        return values

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Design":
        """What `as_json` wrote."""
        plain = cls(**{name: kept[name] for name in ("layout", "accent", "metal", "panel", "crest")})
        return replace(
            plain,
            signatories=tuple(Signatory(**each) for each in kept["signatories"]),
            texts={language: Texts(**texts) for language, texts in kept["texts"].items()},
        )

    def digest(self, hashes: Mapping[int, str]) -> str:
        """The SHA-256 of everything that it prints; `hashes` are those of its pictures by their ids."""
        told = {"design": self.as_json(), "pictures": {str(id_): hashes[id_] for id_ in sorted(self.images)}}
        return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
