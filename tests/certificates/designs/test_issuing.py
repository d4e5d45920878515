"""A certificate keeps the design that it was issued in, whatever is designed afterwards."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pme.certificates.designs.design import Design, Signatory, Texts
from pme.certificates.designs.models import DesignImage, DesignVersion, PictureKind
from pme.certificates.designs.queries import current_version, find_draft, look_of
from pme.certificates.designs.service import (
    NOTHING_NEW,
    add_image,
    draft_again,
    keep_draft,
    publish,
    remove_image,
)
from pme.certificates.handing import certificate_look
from pme.certificates.models import Certificate
from pme.certificates.queries import latest_of
from pme.certificates.service import reissue
from pme.certificates.sheet import sheet_of
from pme.errors import Conflict, Invalid
from pme.people.models import Academy, Person
from tests.support.cast import AWAY, HOME, START
from tests.support.designs import taken
from tests.support.graduates import graduate

DONE = START + timedelta(days=1)
LATER = START + timedelta(days=30)


def academy(session: Session, slug: str = HOME) -> Academy:
    return session.scalars(select(Academy).where(Academy.slug == slug)).one()


def evans(session: Session) -> int:
    return session.scalars(select(Person.id).where(Person.email.startswith("evans"))).one()


def picture(session: Session, kind: PictureKind, slug: str = HOME) -> DesignImage:
    made, of = taken(kind.value), academy(session, slug)
    return add_image(session, of.id, made, kind=kind, says=f"{kind} of {slug}", by=evans(session), at=START)


def drafted(session: Session, design: Design) -> None:
    found = keep_draft(session, academy(session).id, design, by=evans(session), at=START)
    assert found == {}


def published(session: Session, design: Design, note: str = "") -> DesignVersion:
    drafted(session, design)
    return publish(session, academy(session), note=note, by=evans(session), at=START)


def ours(session: Session) -> Design:
    """A design with everything in it."""
    crest, facsimile = picture(session, PictureKind.CREST), picture(session, PictureKind.FACSIMILE)
    return Design(
        layout="open",
        accent="#5a1a2b",
        crest=str(crest.id),
        signatories=(Signatory("Jo Evans", "Col.", {"en": "Commandant", "fr": "Commandante"}, facsimile.id),),
        texts={
            "en": Texts(
                "Diploma in {course}", "{academy} certifies that", "has done well", "To {rank} {holder}"
            )
        },
    )


def certified(session: Session, name: str = "adams") -> Certificate:
    enrolment = graduate(session, name, at=DONE)
    found = latest_of(session, enrolment.academy_id, enrolment.id)
    assert found is not None
    return found


def test_a_certificate_is_issued_in_the_current_design_and_keeps_it(session: Session):
    design = ours(session)
    first = published(session, design)
    kept = certified(session)
    assert kept.design_version_id == first.id
    assert kept.signatories == [["Col. Jo Evans", "Commandant"]]
    assert (kept.certificate_title, kept.statement) == (f"Diploma in {kept.course_title}", "has done well")
    look = certificate_look(session, kept)
    assert look is not None
    assert look.crest is not None
    assert (look.layout, look.accent, look.crest.says) == ("open", "#5a1a2b", "crest of home")
    assert (look.opening, look.footer) == ("Home Academy certifies that", "To Captain Adams Person")
    assert b64decode(look.facsimiles[0][1].png) == taken("facsimile").png
    published(session, replace(design, accent="#123456", crest="none"))
    assert certificate_look(session, kept) == look
    assert sheet_of(kept, public_url="https://x", look=look).dressed == look


def test_without_a_design_it_is_the_house_s_and_stays_so(session: Session):
    kept = certified(session)
    published(session, ours(session))
    assert kept.design_version_id is None
    assert certificate_look(session, kept) is None
    assert sheet_of(kept, public_url="https://x").as_json().count(b"look") == 0  # kept files keep their names


def test_a_reissue_takes_the_current_design_and_no_facsimile_stands_above_another_name(session: Session):
    kept = certified(session)
    design = ours(session)
    version = published(session, design)
    session.get_one(Person, kept.person_id).rank = "Major"
    corrected = reissue(session, kept, taking=["statement"], reason="Better.", by=evans(session), at=LATER)
    assert corrected.design_version_id == version.id
    assert corrected.signatories == kept.signatories != design.signed_by("en")
    look = certificate_look(session, corrected)
    assert look is not None
    assert not {name for name, _ in look.facsimiles} & {name for name, _ in corrected.signatories}
    assert (kept.design_version_id, kept.statement) == (None, kept.statement)


def test_versions_and_pictures_are_never_changed(session: Session):
    version = published(session, ours(session))
    for act in (
        update(DesignVersion).where(DesignVersion.id == version.id).values(note="other"),
        delete(DesignVersion).where(DesignVersion.id == version.id),
        update(DesignImage).values(says="other"),
    ):
        with pytest.raises(DBAPIError, match="designs never change"), session.begin_nested():
            session.execute(act)


def test_publishing_counts_up_refuses_what_is_not_new_and_begins_again_from_before(session: Session):
    with pytest.raises(Conflict, match="no draft"):
        publish(session, academy(session), note="", by=evans(session), at=START)
    design = ours(session)
    first = published(session, design, "Ours")
    with pytest.raises(Conflict, match=NOTHING_NEW[:20]):
        publish(session, academy(session), note="", by=evans(session), at=START)
    with pytest.raises(Invalid, match="under 200"):
        publish(session, academy(session), note="n" * 201, by=evans(session), at=START)
    second = published(session, replace(design, accent="#123456"))
    assert (first.number, second.number, first.note) == (1, 2, "Ours")
    assert first.sha256 != second.sha256
    assert draft_again(session, first, by=evans(session), at=LATER) == {}
    draft = find_draft(session, academy(session).id)
    assert draft is not None
    assert (draft.content, draft.begun_from) == (first.content, 1)
    third = publish(session, academy(session), note="", by=evans(session), at=LATER)
    assert (third.number, third.sha256) == (3, first.sha256)


def test_a_picture_of_another_academy_is_as_if_there_were_none(session: Session):
    theirs = picture(session, PictureKind.CREST, AWAY)
    design = Design(crest=str(theirs.id))
    found = keep_draft(session, academy(session).id, design, by=evans(session), at=START)
    assert found == {"crest": "Choose a crest, or none."}
    stolen = look_of(session, academy(session).id, design, language="en", values={})
    assert stolen.crest is None  # even where a design came to name it


def test_a_picture_that_something_shows_stays(session: Session):
    design = ours(session)
    published(session, design)
    drafted(session, Design())
    image = session.get_one(DesignImage, int(design.crest))
    with pytest.raises(Conflict, match="shown in version 1"):
        remove_image(session, image, by=evans(session), at=START)
    other = picture(session, PictureKind.CREST)
    remove_image(session, other, by=evans(session), at=START)
    assert current_version(session, academy(session, AWAY).id) is None
    assert b64encode(image.png)
