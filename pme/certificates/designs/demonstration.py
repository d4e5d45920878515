"""The design of the demonstration: a lighthouse above three waves, and two signatures of nobody, drawn for it."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from pme.certificates.designs.design import Design, Signatory, Texts
from pme.certificates.designs.models import DesignVersion, PictureKind
from pme.certificates.designs.pictures import Taken
from pme.certificates.designs.service import add_image, keep_draft, publish
from pme.certificates.press.raster import size_of
from pme.people.models import Academy

FOLDER = Path(__file__).resolve().parents[2] / "static" / "demonstration"
ACTOR = "command line"
CREST = "A shield with a lighthouse above waves"
COMMANDANT = {"en": "Commandant", "fr": "Commandante", "uk": "Начальниця академії", "ar": "قائدة الأكاديمية"}
DIRECTOR = {
    "en": "Director of Studies",
    "fr": "Directeur des études",
    "uk": "Директор із навчання",
    "ar": "مدير الدراسات",
}


def design_demonstration(session: Session, academy: Academy, *, at: datetime) -> DesignVersion:
    """Publish the demonstration's design."""

    def picture(name: str, kind: PictureKind, says: str) -> int:
        body = (FOLDER / f"{name}.png").read_bytes()
        taken = Taken(body, *size_of(body))
        return add_image(session, academy.id, taken, kind=kind, says=says, by=None, at=at, actor=ACTOR).id

    design = Design(
        accent="#123a5a",
        metal="#a37a2c",
        panel="#f7f4ea",
        crest=str(picture("crest", PictureKind.CREST, CREST)),
        signatories=tuple(
            Signatory(name, rank, roles, picture(file, PictureKind.FACSIMILE, f"Signature of {name}"))
            for name, rank, roles, file in (
                ("Ada Lindvall", "Brigadier", COMMANDANT, "facsimile-commandant"),
                ("Jo Evans", "Lieutenant Colonel", DIRECTOR, "facsimile-director"),
            )
        ),
        texts={"en": Texts(footer="Given at {academy}, which exists for demonstration only.")},
    )
    keep_draft(session, academy.id, design, by=None, at=at)
    return publish(session, academy, note="Of the demonstration", by=None, at=at, actor=ACTOR)
