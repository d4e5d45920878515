"""Acts on designs: keep a draft, publish it, begin again from a version, take a picture in and away.

Acts expect a writing transaction; they flush, never commit.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.certificates.designs.checking import problems
from pme.certificates.designs.design import Design
from pme.certificates.designs.models import DesignDraft, DesignImage, DesignVersion, PictureKind
from pme.certificates.designs.pictures import Taken
from pme.certificates.designs.queries import current_version, design_of, find_draft, images_of
from pme.db import insert_into
from pme.errors import Conflict, Invalid
from pme.people.models import Academy
from pme.words.lazily import lazy
from pme.words.speech import _

LONGEST_NOTE, LONGEST_SAYS, MOST_IMAGES = 200, 200, 40
NOTHING_NEW = lazy(
    "Nothing is different from the version that certificates are issued in. Change something first."
)


def wrong_with(session: Session, academy_id: int, design: Design) -> dict[str, str]:
    """What is wrong with a design, by field, given the pictures that the academy has."""
    images = images_of(session, academy_id)
    crests = {image.id for image in images if image.kind is PictureKind.CREST}
    return problems(design, crests=crests, facsimiles={image.id for image in images} - crests)


def keep_draft(
    session: Session,
    academy_id: int,
    design: Design,
    *,
    by: int | None,
    at: datetime,
    begun_from: int | None = None,
) -> dict[str, str]:
    """Keep a design as the draft unless something is wrong with it; gives what is."""
    found = wrong_with(session, academy_id, design)
    if found:
        return found
    values = {"content": design.as_json(), "changed_by": by, "changed_at": at}
    if begun_from is not None:
        values["begun_from"] = begun_from
    session.execute(
        insert_into(session, DesignDraft)
        .values(academy_id=academy_id, **values)
        .on_conflict_do_update(index_elements=[DesignDraft.academy_id], set_=values)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return {}


def publish(
    session: Session, academy: Academy, *, note: str, by: int | None, at: datetime, actor: str | None = None
) -> DesignVersion:
    """Make the draft the next version, in which certificates are issued from now on. The academy is locked.

    Raises Invalid for a note that is too long or a draft that is not sound any more, Conflict where nothing is new.
    """
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("Keep the note under {most} characters.", most=LONGEST_NOTE), field="note")
    draft, before = find_draft(session, academy.id), current_version(session, academy.id)
    if draft is None:
        raise Conflict(_("There is no draft. Change something and save it first."))
    design = design_of(session, academy)
    if wrong_with(session, academy.id, design):
        raise Invalid(_("The draft cannot be published as it is. Open it and save it again to see why."))
    hashes = {image.id: image.sha256 for image in images_of(session, academy.id)}
    digest = design.digest(hashes)
    if before is not None and before.sha256 == digest:
        raise Conflict(NOTHING_NEW)
    version = DesignVersion(
        academy_id=academy.id,
        number=before.number + 1 if before else 1,
        content=design.as_json(),
        sha256=digest,
        note=note,
        published_by=by,
        published_at=at,
    )
    session.add(version)
    session.flush()
    audit.record(
        session,
        "design published",
        actor=actor or f"person {by}",
        subject=f"design {version.number}",
        at=at,
        academy_id=academy.id,
        detail={"sha256": digest, "note": note},
    )
    return version


def draft_again(session: Session, version: DesignVersion, *, by: int, at: datetime) -> dict[str, str]:
    """Make a version the draft, in place of whatever the draft was; gives what stands against it."""
    design = Design.from_json(version.content)
    return keep_draft(session, version.academy_id, design, by=by, at=at, begun_from=version.number)


def add_image(
    session: Session,
    academy_id: int,
    taken: Taken,
    *,
    kind: PictureKind,
    says: str,
    by: int | None,
    at: datetime,
    actor: str | None = None,
) -> DesignImage:
    """Keep a picture. Raises Invalid where nothing says what it shows, Conflict where there are too many."""
    said = " ".join(says.split())
    if not said:
        raise Invalid(_("Say what the picture shows, for those who cannot see it."), field="says")
    if len(said) > LONGEST_SAYS:
        raise Invalid(_("Keep this under {most} characters.", most=LONGEST_SAYS), field="says")
    if len(images_of(session, academy_id)) >= MOST_IMAGES:
        raise Conflict(
            _(
                "There are {most} pictures already. Remove one that nothing shows.",
                most=MOST_IMAGES,
            )
        )
    image = DesignImage(
        academy_id=academy_id,
        kind=kind,
        says=said,
        sha256=taken.sha256,
        width=taken.width,
        height=taken.height,
        png=taken.png,
        added_by=by,
        added_at=at,
    )
    session.add(image)
    session.flush()
    audit.record(
        session,
        "design picture added",
        actor=actor or f"person {by}",
        subject=f"picture {image.id}",
        at=at,
        academy_id=academy_id,
        detail={"kind": kind.value, "sha256": taken.sha256},
    )
    return image


def shown_in(session: Session, academy_id: int) -> dict[int, str]:
    """Where each picture that is in use is shown, in words, by its id."""
    wanted = select(DesignVersion).where(DesignVersion.academy_id == academy_id)
    found = {
        id_: _("version {number}", number=version.number)
        for version in session.scalars(wanted.order_by(DesignVersion.number))
        for id_ in Design.from_json(version.content).images
    }
    draft = find_draft(session, academy_id)
    return dict.fromkeys(Design.from_json(draft.content).images if draft else (), _("the draft")) | found


def remove_image(session: Session, image: DesignImage, *, by: int, at: datetime) -> None:
    """Take a picture away for good. Raises Conflict where a version or the draft shows it."""
    if where := shown_in(session, image.academy_id).get(image.id):
        raise Conflict(
            _(
                "This picture is shown in {where}. Certificates keep their appearance, so it stays.",
                where=where,
            )
        )
    audit.record(
        session,
        "design picture removed",
        actor=f"person {by}",
        subject=f"picture {image.id}",
        at=at,
        academy_id=image.academy_id,
        detail={"kind": image.kind.value, "sha256": image.sha256},
    )
    session.delete(image)
    session.flush()
