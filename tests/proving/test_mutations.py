"""No byte of a certificate can be changed, and no field: whatever was touched is never called the original."""

import io
import json
import logging
import random
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import pypdfium2
import pytest

from pme.certificates.models import Certificate
from pme.db import Database
from pme.intake.made import Refused
from pme.proving.envelope import gap_in
from pme.proving.judging import judge
from pme.proving.reading import take_proof
from pme.proving.worth import Worth
from tests.conftest import Visits
from tests.credentials.mutations import changed_fields
from tests.proving.conftest import DONE

SEED, PART = 2026, 25
LETTERS = b"0123456789ABCDEFabcdef"


@dataclass(frozen=True)
class Desk:
    """Where changed files are judged: by this database, as the platform of this address."""

    database: str
    url: str

    def accepted(self, changes: Sequence[bytes]) -> list[tuple[int, str]]:
        """The places of those that were taken for true, or broke what reads them, with what came of it."""
        logging.disable(
            logging.CRITICAL
        )  # pyHanko writes pages about each chain that it was not told to trust
        database = Database(self.database)
        with database.session() as session:
            found = []
            for place, content in enumerate(changes):
                try:
                    told = take_proof(content, {}).told
                    worth = judge(session, told, public_url=self.url, at=DONE).worth
                except Refused:
                    continue
                except Exception as error:  # noqa: BLE001  (each is a fault, and all of them shall be seen)
                    found.append((place, repr(error)[:200]))
                    continue
                if worth is Worth.VALID:
                    found.append((place, worth.value))
        database.dispose()
        logging.disable(logging.NOTSET)
        return found


@pytest.fixture
def desk(database: Database, url: str) -> Desk:
    """A desk beside the record of Adams's certificate."""
    return Desk(database.url.render_as_string(hide_password=False), url)


def places(paper: bytes, *, count: int, chance: random.Random) -> Iterator[int]:
    """Places in a file: half of them anywhere, half where a change is likeliest to be overlooked."""
    gap, table = gap_in(paper), paper.rindex(b"startxref")
    assert gap
    signature, range_ = paper.index(gap), paper.index(b"/ByteRange")
    spans = [
        (signature, signature + len(gap)),
        (range_ - 200, range_ + 80),
        (table - 400, len(paper)),
        (0, 40),
        (paper.index(b"/EmbeddedFile") - 3_000, paper.index(b"/EmbeddedFile") + 200),
    ]
    for number in range(count):
        begin, end = (0, len(paper)) if number % 2 else chance.choice(spans)
        yield chance.randrange(max(0, begin), min(end, len(paper)))


def changed(paper: bytes, *, count: int, seed: int) -> Iterator[bytes]:
    """The file with one byte changed, taken out or put in; sometimes by what reads the same to a careless reader."""
    chance = random.Random(seed)
    for number, place in enumerate(places(paper, count=count, chance=chance)):
        old = paper[place]
        other = chance.choice([each for each in range(256) if each != old])
        if old in LETTERS and number % 3 == 0:  # most of all the same letter in another size
            other = chance.choice(bytes(set(LETTERS) - {old}) + bytes([old]).swapcase() * 9)
            other = other if other != old else ord("!")
        put = {0: b"", 1: bytes([other, old])}.get(chance.randrange(20), bytes([other]))
        yield paper[:place] + put + paper[place + 1 :]


def appended(paper: bytes) -> Iterator[bytes]:
    """The file with something after its end: bytes, lines, and updates as programs append them."""
    start = int(paper.rpartition(b"startxref")[2].split()[0])
    update = (
        b"1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 0\ntrailer\n<</Size 1/Root 1 0 R/Prev %d>>\n" % start
    )
    for more in (
        b"\n",
        b" ",
        b"\0",
        b"%",
        b"%%EOF\n",
        b"\n%%EOF",
        update + b"startxref\n%d\n%%%%EOF\n" % len(paper),
    ):
        yield paper + more
        yield paper + bytes(2_000) + more
    yield paper + paper


def changed_codes(text: str) -> Iterator[str]:
    """What the QR code says, with one letter changed, and with one field changed under the same signature."""
    begins = text.index("#") + 1
    for place in range(begins, len(text)):
        for other in ("A", "B", "_"):
            if other != text[place]:
                yield text[:place] + other + text[place + 1 :]
    tag, payload, signature = text[begins:].split(".")
    fields = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    for place, value in enumerate(fields):
        other = f"{value}x" if isinstance(value, str) else value + 1
        said = json.dumps(
            [*fields[:place], other, *fields[place + 1 :]], ensure_ascii=False, separators=(",", ":")
        )
        yield f"{text[:begins]}{tag}.{urlsafe_b64encode(said.encode()).decode().rstrip('=')}.{signature}"


def fetched(certificate: Certificate, visit: Visits) -> tuple[bytes, dict[str, object]]:
    """The signed file, and the credential that it carries."""
    paper = visit("adams").fetch(f"/certificates/{certificate.number}.pdf").get_data()
    inside = bytes(pypdfium2.PdfDocument(paper).get_attachment(0).get_data())
    return paper, json.loads(inside)


def all_changes(certificate: Certificate, visit: Visits, *, count: int, seed: int) -> list[bytes]:
    """Changed files, changed credentials and changed codes."""
    paper, inside = fetched(certificate, visit)
    code = take_proof(_page(paper), {}).told["text"]
    fields = [json.dumps(each).encode() for each in changed_fields(inside, count=count // 8, seed=seed)]
    codes = [each.encode() for each in changed_codes(code)]
    few = len(codes) if count > len(codes) * 4 else count // 8
    others = [*fields, *random.Random(seed).sample(codes, few), *appended(paper)]
    return [*changed(paper, count=count - len(others), seed=seed), *others]


def _page(paper: bytes) -> bytes:
    out = io.BytesIO()
    pypdfium2.PdfDocument(paper)[0].render(scale=3).to_pil().save(out, "PNG")
    return out.getvalue()


@pytest.mark.database("sqlite")
def test_sixty_changes_are_all_refused_and_the_original_is_not(
    certificate: Certificate, visit: Visits, desk: Desk
) -> None:
    assert desk.accepted([fetched(certificate, visit)[0]]) == [(0, "valid")]
    assert desk.accepted(all_changes(certificate, visit, count=60, seed=7)) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SEED, SEED + 20))
@pytest.mark.database("sqlite")
def test_ten_thousand_changes_are_all_refused(
    certificate: Certificate, visit: Visits, desk: Desk, seed: int
) -> None:
    changes = all_changes(certificate, visit, count=500, seed=seed)
    parts = [changes[start : start + PART] for start in range(0, len(changes), PART)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as hands:
        found = [
            (number * PART + place, what)
            for number, part in enumerate(hands.map(desk.accepted, parts))
            for place, what in part
        ]
    print(f"seed {seed}: {len(changes)} changes, {len(set(changes))} different, not refused: {found}")
    assert found == []
