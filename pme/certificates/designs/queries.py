"""Reads of designs: the draft, the versions, the pictures, and the look in which a certificate is printed."""

from base64 import b64encode
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from pme.certificates.designs.design import HOUSE_CREST, NO_CREST, Design, Signatory
from pme.certificates.designs.models import DesignDraft, DesignImage, DesignVersion
from pme.certificates.designs.texts import filled
from pme.certificates.press.look import Look, Picture
from pme.people.models import Academy, Person


def find_draft(session: Session, academy_id: int) -> DesignDraft | None:
    """What the academy is trying out, if anything."""
    return session.scalar(select(DesignDraft).where(DesignDraft.academy_id == academy_id))


def current_version(session: Session, academy_id: int) -> DesignVersion | None:
    """The version in which certificates are issued, or None for the house's design."""
    wanted = select(DesignVersion).where(DesignVersion.academy_id == academy_id)
    return session.scalar(wanted.order_by(DesignVersion.number.desc()).limit(1))


def versions_of(session: Session, academy_id: int) -> Sequence[DesignVersion]:
    """Every version, the latest first."""
    wanted = select(DesignVersion).where(DesignVersion.academy_id == academy_id)
    return session.scalars(wanted.order_by(DesignVersion.number.desc())).all()


def publishers_of(session: Session, academy_id: int) -> dict[int, str]:
    """Who published each version, by its id."""
    wanted = (
        select(DesignVersion.id, Person.rank, Person.name)
        .join(Person, Person.id == DesignVersion.published_by)
        .where(DesignVersion.academy_id == academy_id)
    )
    return {id_: f"{rank} {name}".strip() for id_, rank, name in session.execute(wanted)}


def find_version(session: Session, academy_id: int, version_id: int) -> DesignVersion | None:
    """A version of this academy, or None."""
    return session.scalar(
        select(DesignVersion).where(DesignVersion.academy_id == academy_id, DesignVersion.id == version_id)
    )


def images_of(session: Session, academy_id: int) -> Sequence[DesignImage]:
    """The pictures of an academy, the latest first, without their bytes."""
    wanted = select(DesignImage).where(DesignImage.academy_id == academy_id)
    return session.scalars(wanted.order_by(DesignImage.id.desc())).all()


def find_image(session: Session, academy_id: int, image_id: int) -> DesignImage | None:
    """A picture of this academy with its bytes, or None."""
    return session.scalar(
        select(DesignImage)
        .where(DesignImage.academy_id == academy_id, DesignImage.id == image_id)
        .options(undefer(DesignImage.png))
    )


def design_of(session: Session, academy: Academy) -> Design:
    """The draft; else what is current; else the house's, signed by whoever the settings name."""
    kept = find_draft(session, academy.id) or current_version(session, academy.id)
    if kept is not None:
        return Design.from_json(kept.content)
    return Design(
        signatories=tuple(Signatory(name=name, roles={"en": role}) for name, role in academy.signatories)
    )


def look_of(
    session: Session, academy_id: int, design: Design, *, language: str, values: dict[str, str]
) -> Look:
    """A design as the press is given it; `values` are what stands for the names in its texts."""
    wanted = select(DesignImage).where(
        DesignImage.academy_id == academy_id, DesignImage.id.in_(design.images)
    )
    rows = session.scalars(wanted.options(undefer(DesignImage.png))) if design.images else ()
    pictures = {row.id: Picture(b64encode(row.png).decode(), row.says) for row in rows}
    texts = design.texts_in(language)
    crest = pictures.get(int(design.crest)) if design.crest not in (HOUSE_CREST, NO_CREST) else None
    return Look(
        layout=design.layout,
        accent=design.accent,
        metal=design.metal,
        panel=design.panel,
        house_crest=design.crest == HOUSE_CREST,
        crest=crest,
        facsimiles=tuple(
            (each.printed, pictures[each.image]) for each in design.signatories if each.image in pictures
        ),
        opening=filled(texts.opening, values),
        footer=filled(texts.footer, values),
    )
