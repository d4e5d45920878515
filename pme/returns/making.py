"""Making a sealed return in the background: everything from one state of the database, then one signed ZIP."""

import csv
import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from sqlalchemy.orm import Session

from pme.content import catalogue
from pme.jobs.registry import Work, handler
from pme.keys.keyring import Keyring
from pme.keys.public import fingerprint
from pme.keys.service import signer
from pme.keys.signers import Signer
from pme.people.factors_seal import Seal
from pme.people.queries import get_academy
from pme.reports.datasets.column import Row, Shape
from pme.reports.datasets.completions import SHAPE as COMPLETIONS
from pme.reports.files import pdf
from pme.reports.files.form import Head
from pme.reports.files.paper import sheet
from pme.reports.files.text_files import DICTIONARY, csv_pieces, dictionary_rows, json_pieces
from pme.returns import contents, keeping, manifest, scheduled, service
from pme.returns.models import SealedReturn
from pme.returns.words import README, schema_of
from pme.stores.chosen import scratch_of, store_of
from pme.words.speech import speaking

ALWAYS = (1980, 1, 1, 0, 0, 0)
MOST_PRINTED = 1_000
STEPS = 5


@handler(service.JOB)
def run(work: Work) -> None:
    """Seal the return, and where a schedule asked for it, let it go its way."""
    _seal(work)
    if "schedule" in work.payload:
        scheduled.deliver(work)


def _seal(work: Work) -> None:
    """Read, write, sign; keep the file for good and as the job's result, and the seal with the return."""
    academy_id, at = work.academy_id or 0, work.at()
    with work.database.session() as session:
        key = signer(session, academy_id, keyring=Keyring.of(work.settings), at=at)
    folder = scratch_of(work.settings)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as packed:
        with speaking(None):  # what is sealed says the same, whoever asks for it
            made = _packed(work, packed, key, at)
        if made is None:
            return
        name, sealed_sha256, last_event, counts = made
        packed.seek(0)
        kept = keeping.keep(packed, store_of(work.settings), academy_id, sealed_sha256)
        packed.seek(0)
        with work.result(name, "application/zip") as file:
            shutil.copyfileobj(packed, file)
    with work.writing() as session:
        one = service.find_return(session, academy_id, int(work.payload["return"]), for_update=True)
        if one is not None and one.sealed_at is None:
            service.keep_seal(
                session,
                one,
                key_id=key.key_id,
                sha256=sealed_sha256,
                last_event=last_event,
                counts=counts,
                file=kept,
                at=at,
            )
    work.progress(STEPS, STEPS)


def _packed(
    work: Work, packed: IO[bytes], key: Signer, at: datetime
) -> tuple[str, str, int, dict[str, int]] | None:
    seal = Seal(work.settings.secret_key)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        writer = _Writer(archive)
        with work.database.session() as session:
            one_state(session)
            one = service.find_return(session, work.academy_id or 0, int(work.payload["return"]))
            if one is None or one.sealed_at is not None:
                return None
            head, told = _head(session, one, at), _told(session, one, at)
            before = service.previous_of(session, one)
            last = contents.newest_event(session, one.academy_id)
            call = contents.pseudonym_with(_secret(one, seal)) if one.pseudonyms else None
            work.progress(1, STEPS)
            found = list(contents.completions(session, one, at=at, pseudonym=call))
            sums = contents.sums(found, hides_few=one.hides_few)
            changed = list(contents.changes(session, one, before.last_event if before else 0, pseudonym=call))
            previous = (
                {"number": before.number, "manifest_sha256": before.manifest_sha256} if before else None
            )
            number = one.number
        work.progress(2, STEPS)
        tables: tuple[tuple[Shape, list[Row]], ...] = (
            (COMPLETIONS, found),
            (contents.CHANGES, changed),
            (contents.SUMS, sums),
        )
        for shape, rows in tables:
            writer.write(f"{shape.name}.csv", csv_pieces(shape, rows, has_mark=True))
            writer.write(f"{shape.name}.json", json_pieces(shape, rows, head))
        work.progress(3, STEPS)
        writer.write("report.pdf", [_print(sums, head)])
        work.progress(4, STEPS)
        writer.write("data-dictionary.csv", [_dictionary([shape for shape, _ in tables])])
        writer.write("schema.json", [json.dumps(schema_of([s for s, _ in tables]), indent=1).encode()])
        writer.write("README.txt", [README.encode()])
        counts = {"completions": len(found), "changes": len(changed)}
        sealed = manifest.as_bytes(told | {"previous": previous, "counts": counts, "files": writer.files})
        for name, content in (
            (manifest.MANIFEST, sealed),
            (manifest.SIGNATURE, f"{key.sign(sealed).hex()}\n".encode()),
            (manifest.KEY, _key_text(key).encode()),
        ):
            writer.write(name, [content])
    file = f"return-{head.academy_slug}-{number:04d}.zip"
    return file, hashlib.sha256(sealed).hexdigest(), last, counts


def _key_text(key: Signer) -> str:
    demo = "DEMO key: this return is no real one\n" if key.is_demo else ""
    return f"{key.public.hex()}\nEd25519 public key; fingerprint {fingerprint(key.public)}\n{demo}"


def one_state(session: Session) -> None:
    """Let everything that a session reads from now on be of one moment. In SQLite every reading is so."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


class _Writer:
    """Writes files into a ZIP and notes each by its hash."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: list[dict[str, Any]] = []

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """One file, piece by piece."""
        digest, size = hashlib.sha256(), 0
        with self._opened(name) as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
        self.files.append({"name": name, "size": size, "sha256": digest.hexdigest()})

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        entry = zipfile.ZipInfo(name, ALWAYS)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self._archive.open(entry, "w", force_zip64=True) as file:
            yield file


def _head(session: Session, one: SealedReturn, at: datetime) -> Head:
    academy, titles = get_academy(session, one.academy_id), _titles(session)
    return Head(
        academy=academy.name,
        academy_slug=academy.slug,
        made_at=at,
        filters={"since": one.since.isoformat(), "until": one.until.isoformat(), "courses": one.courses},
        narrowed=(
            ("Period", f"{one.since:%d %B %Y} to {one.until:%d %B %Y}"),
            ("Courses", ", ".join(titles.get(slug, slug) for slug in one.courses)),
        ),
        marking=one.marking,
        name=f"Return {one.number}: completions by course and unit",
    )


def _told(session: Session, one: SealedReturn, at: datetime) -> dict[str, Any]:
    academy, titles = get_academy(session, one.academy_id), _titles(session)
    return {
        "schema": manifest.SCHEMA,
        "academy": {"slug": academy.slug, "name": academy.name, "nation": academy.nation},
        "number": one.number,
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "courses": [{"slug": slug, "title": titles.get(slug, slug)} for slug in one.courses],
        "state_of": at.isoformat(timespec="seconds"),
        "names_people": not one.pseudonyms,
        "hides_under": contents.FEW if one.hides_few else 0,
        "marking": one.marking,
    }


def _titles(session: Session) -> dict[str, str]:
    return {course.content.slug: course.content.title for course in catalogue.current(session).courses}


def _secret(one: SealedReturn, seal: Seal) -> bytes:
    return bytes.fromhex(seal.open(one.pseudonyms, about=f"pseudonyms {one.academy_id}"))


def _print(sums: list[Row], head: Head) -> bytes:
    shown = sums[:MOST_PRINTED]
    return pdf.render(sheet(contents.SUMS, shown, head, None, count=len(shown)), within=pdf.PATIENT)


def _dictionary(shapes: list[Shape]) -> bytes:
    buffer = io.StringIO()
    lines = csv.writer(buffer)
    lines.writerow(DICTIONARY)
    for shape in shapes:
        lines.writerows(dictionary_rows(shape))
    return buffer.getvalue().encode()
