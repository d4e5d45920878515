"""The form of a design: its fields by name, and the design that they make."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Field, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme.certificates.designs.design import (
    HOUSE_CREST,
    LANGUAGES,
    MOST_SIGNATORIES,
    NO_CREST,
    NO_TEXTS,
    Design,
    Signatory,
    Texts,
)
from pme.certificates.designs.models import DesignImage, PictureKind
from pme.certificates.press.look import ENGRAVED, OPEN
from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy, lazy_p
from pme.words.speech import _

LAYOUTS = {ENGRAVED: lazy("Engraved"), OPEN: lazy_p("layout", "Open")}
LAYOUT_HINTS = {
    ENGRAVED: lazy("Everything on one axis, within a frame of fine engraved lines."),
    OPEN: lazy("Everything aligned to one side, with a bar of colour and much white space."),
}
TEXTS = {
    "heading": lazy("Heading, in place of the course’s"),
    "opening": lazy("Line before the name"),
    "statement": lazy("Line after the name, in place of the course’s"),
    "footer": lazy("Line at the foot"),
}


class DesignForm(SpokenForm):
    """Every field of a design. `shown` is the language of the preview, and no part of it."""

    layout = RadioField(
        lazy("Layout"), choices=[SelectChoice(*each) for each in LAYOUTS.items()], validate_choice=False
    )
    accent = StringField(lazy("Colour of headings and lines"))
    metal = StringField(lazy("Colour of fine lines"))
    panel = StringField(lazy("Background of the record"))
    crest = SelectField(lazy("Crest"), validate_choice=False)
    shown = SelectField(
        lazy("Language of the preview"),
        choices=[SelectChoice(*each) for each in LANGUAGES.items()],
        validate_choice=False,
    )

    def offer(self, images: Sequence[DesignImage]) -> None:
        """Put the academy's pictures into the lists."""
        crests = [
            (HOUSE_CREST, _("The platform’s crest")),
            (NO_CREST, _("No crest")),
            *_named(images, PictureKind.CREST),
        ]
        self.crest.choices = [SelectChoice(*each) for each in crests]
        signed = [("", _("A line to sign by hand")), *_named(images, PictureKind.FACSIMILE)]
        for place in places():
            self[f"image_{place}"].choices = [SelectChoice(*each) for each in signed]

    @property
    def language(self) -> str:
        """The language of the preview."""
        return self.shown.data if self.shown.data in LANGUAGES else "en"

    @property
    def design(self) -> Design:
        """What was chosen and typed."""
        return Design(
            layout=self._of("layout"),
            accent=self._of("accent").lower(),
            metal=self._of("metal").lower(),
            panel=self._of("panel").lower(),
            crest=self._of("crest"),
            signatories=tuple(
                signatory for place in places() if (signatory := self._signatory(place)) != Signatory()
            ),
            texts={
                language: texts
                for language in LANGUAGES
                if (texts := Texts(**{kind: self._of(f"{kind}_{language}") for kind in TEXTS})) != NO_TEXTS
            },
        )

    def tell(self, problems: Mapping[str, str]) -> None:
        """Put each sentence beside its field."""
        filled = [place for place in places() if self._signatory(place) != Signatory()]
        for name, says in problems.items():
            kind, _, place = name.rpartition("_")
            # The design counts its signatories without those that were left empty.
            at = f"{kind}_{filled[int(place) - 1]}" if kind and place.isdecimal() else name
            field: Field = self[at]
            field.errors = [*field.errors, says]

    def _of(self, name: str) -> str:
        return " ".join((self[name].data or "").split())

    def _signatory(self, place: int) -> Signatory:
        image = self._of(f"image_{place}")
        roles = {language: self._of(f"role_{language}_{place}") for language in LANGUAGES}
        return Signatory(
            name=self._of(f"name_{place}"),
            rank=self._of(f"rank_{place}"),
            roles={language: role for language, role in roles.items() if role},
            image=int(image)
            if image.isdecimal() and len(image) < len(str(1 << 31))
            else 0
            if image
            else None,
        )


def places() -> range:
    """The places of signatories, from 1."""
    return range(1, MOST_SIGNATORIES + 1)


def data_of(design: Design) -> dict[str, Any]:
    """What the form shows of a design."""
    found: dict[str, Any] = {
        name: getattr(design, name) for name in ("layout", "accent", "metal", "panel", "crest")
    }
    for place, each in enumerate(design.signatories, start=1):
        found |= {
            f"name_{place}": each.name,
            f"rank_{place}": each.rank,
            f"image_{place}": str(each.image or ""),
        }
        found |= {f"role_{language}_{place}": role for language, role in each.roles.items()}
    for language, texts in design.texts.items():
        found |= {f"{kind}_{language}": getattr(texts, kind) for kind in TEXTS}
    return found


def _named(images: Sequence[DesignImage], kind: PictureKind) -> list[tuple[str, str]]:
    return [(str(image.id), image.says) for image in images if image.kind is kind]


for _place in places():
    setattr(DesignForm, f"name_{_place}", StringField(lazy("Name"), [fits]))
    setattr(DesignForm, f"rank_{_place}", StringField(lazy("Rank or title"), [fits]))
    setattr(
        DesignForm, f"image_{_place}", SelectField(lazy("Facsimile of the signature"), validate_choice=False)
    )
    for _language, _named_so in LANGUAGES.items():
        setattr(
            DesignForm,
            f"role_{_language}_{_place}",
            StringField(lazy("Signs as, in {language}", language=_named_so), [fits]),
        )
for _language in LANGUAGES:
    for _kind, _label in TEXTS.items():
        setattr(DesignForm, f"{_kind}_{_language}", StringField(_label, [fits]))
