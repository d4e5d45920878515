"""What really arrives on a desk: prints, scans, photos, pieces, locked files and traps. Each is told what it is."""

import io
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageFilter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from pme.certificates.models import Certificate
from pme.intake.bounded import NotTaken, unnamed
from pme.intake.made import Refused
from pme.proving.reading import looked_at, take_proof
from pme.proving.worth import Worth
from tests.conftest import Visits
from tests.proving.conftest import Desk

PRINTER = shutil.which("pdftocairo")
TILTED = (1.08, 0.06, -60, -0.03, 1.1, 20, 0.00002, 0.00003)
"""A perspective, as Pillow takes it: the paper lay askew on the desk."""


@pytest.fixture
def paper(certificate: Certificate, visit: Visits) -> bytes:
    """The original, as Adams was handed it."""
    return visit("adams").fetch(f"/certificates/{certificate.number}.pdf").get_data()


def picture_of(paper: bytes, scale: float) -> Image.Image:
    """The first page as a picture."""
    drawn: Image.Image = pypdfium2.PdfDocument(paper)[0].render(scale=scale).to_pil()
    return drawn.convert("RGB")


def scan(paper: bytes) -> bytes:
    """The page as a scanner keeps it: a PDF that holds a picture."""
    out = io.BytesIO()
    picture_of(paper, 2.5).save(out, "PDF", resolution=180)
    return out.getvalue()


def photo(paper: bytes) -> bytes:
    """The page as a telephone sees it: askew, not quite sharp, grainy, in bad light."""
    seen, out = picture_of(paper, 3), io.BytesIO()
    seen = seen.transform(seen.size, Image.Transform.PERSPECTIVE, TILTED, Image.Resampling.BICUBIC)
    seen = seen.filter(ImageFilter.GaussianBlur(1.2))
    grain = Image.effect_noise(seen.size, 45).convert("RGB")
    Image.blend(seen, grain, 0.2).point(lambda value: int(value * 0.8)).save(out, "JPEG", quality=65)
    return out.getvalue()


def locked(paper: bytes, password: str) -> bytes:
    """The file, encrypted. Without a password to open it, readers show it as usual."""
    out, copy = io.BytesIO(), copy_into_new_writer(PdfFileReader(io.BytesIO(paper)))
    copy.encrypt("of the owner", password)  # type: ignore[no-untyped-call]
    copy.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def trap(content: bytes) -> bytes:
    """A small PDF whose one page unfolds to very much."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    return (
        b"%PDF-1.7\n"
        + b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
        + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"
    )


@pytest.mark.filterwarnings("ignore:Source document contains filled signature fields")
def test_prints_scans_photos_and_pieces_are_told_what_they_are(
    paper: bytes, desk: Desk, certificate: Certificate, tmp_path: Path
) -> None:
    for seen in (scan(paper), photo(paper)):
        by_code = desk.judged(seen)
        assert by_code.worth is Worth.VALID
        assert by_code.says[:2] == (
            "The academy signed what the code says.",
            "Compare each line of the record with the paper in your hands.",
        )
    assert PRINTER, "poppler-utils is needed: it prints as a printer driver does"
    original, printed = tmp_path / "original.pdf", tmp_path / "printed.pdf"
    original.write_bytes(paper)
    subprocess.run([PRINTER, "-pdf", original, printed], check=True)
    again = desk.judged(printed.read_bytes())
    assert (again.worth, again.differences, again.certificate is not None) == (Worth.UNPROVEN, (), True)
    assert again.says[0].startswith("The text matches, but the signature is missing: the file was printed")
    assert "for the original file" in again.says[0]

    cut = desk.judged(paper[:-4_000])
    assert cut.worth is Worth.UNPROVEN
    assert "the file is cut short, and the signature was at its end" in cut.says[0]
    padded = desk.judged(paper + bytes(3_000_000))
    assert (padded.worth, "changed after it was signed" in padded.says[0]) == (Worth.ALTERED, True)
    assert desk.judged(locked(paper, "")).worth is Worth.ALTERED
    with pytest.raises(Refused, match="locked with a password"):
        take_proof(locked(paper, "secret"), {})
    for size in range(5, len(paper), len(paper) // 23):
        try:
            piece = desk.judged(paper[:size])
        except Refused as refusal:
            assert "damaged or cut short" in str(refusal) or "This file cannot be checked" in str(refusal)  # noqa: PT017
        else:
            assert piece.worth is not Worth.VALID


def test_a_trap_is_refused_soon() -> None:
    endless = trap(b"BT /F 9 Tf " + b"(hello) Tj " * 1_000_000 + b"ET")
    with (
        pytest.raises(NotTaken, match="more time or memory"),
        unnamed(io.BytesIO(endless), 15_000_000) as file,
        looked_at(file),
    ):
        pass


def test_the_command_does_not_load_what_it_does_not_need() -> None:
    """Its answer is wanted in two seconds, and half the platform takes longer to load."""
    program = "import sys, pme.commands_proving; print({'alembic', 'pyhanko', 'flask', 'pypdfium2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
