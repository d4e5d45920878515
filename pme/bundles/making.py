"""Making the certificates of a cohort in the background: each is printed and kept, then all are put together.

A run that follows another goes on after the last certificate that was printed; putting together begins again, from
what is kept.
"""

import shutil
import tempfile
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from queue import LifoQueue
from typing import IO

from pme.bundles import service
from pme.bundles.index import README, Line, as_csv, file_name
from pme.bundles.merging import Merged
from pme.certificates.handing import paper_for
from pme.certificates.models import Certificate
from pme.certificates.pdf import CERTIFICATES
from pme.certificates.sheet import Paper, pdf_of
from pme.errors import Invalid, Unavailable
from pme.jobs.registry import Work, handler
from pme.jobs.tries import is_given_up
from pme.keys.keyring import Keyring
from pme.keys.service import paper_signer
from pme.keys.signers import PaperSigner
from pme.press.keeper import Press
from pme.stores.chosen import scratch_of, store_of
from pme.words.lazily import lazy

CHECK_EVERY = 10
"""Certificates after which is written down how far the job is."""
AT_ONCE = 2
"""How many are printed or signed at the same time, each at a press of its own."""
PRINTING, PACKING = 9, 1
"""What printing one and packing one count in the progress."""
MOST_TOLD = 50
"""Problems that are told on the page of the job; the list has all of them."""
ERASED = lazy("The name of the holder is no longer kept, so there is nothing to print.")
NONE_PRINTED = lazy("Not one of these certificates could be printed. The first: {}")

SECOND = Press(CERTIFICATES)
"""Prints beside the press of this process, while there is such a job."""


@dataclass(frozen=True)
class Ready:
    """A certificate that is in force: its line in the list, and its paper unless there is a problem."""

    line: Line
    paper: Paper | None


class Bench:
    """What one run works with: the certificates of its cohort, and who signs them."""

    def __init__(self, work: Work) -> None:
        self._work, self._at = work, work.at()
        self.academy_id, self.cohort_id = work.academy_id or 0, int(work.payload["cohort"])
        self._keyring = Keyring.of(work.settings)
        self._presses: LifoQueue[Press | None] = LifoQueue()
        for press in (SECOND, None):  # the one of this process comes first
            self._presses.put(press)
        with work.database.session() as session:
            self._signer: PaperSigner = paper_signer(
                session, self.academy_id, keyring=self._keyring, at=self._at
            )
            self.ids: Sequence[int] = service.ids_in_force(
                session, self.academy_id, self.cohort_id, at=self._at
            )

    def ready(self, certificate_id: int) -> Ready | None:
        """A certificate as it is to be printed; None where it is in force no more."""
        place = self._work.settings
        with self._work.database.session() as session:
            found = service.find_in_force(
                session, self.academy_id, self.cohort_id, certificate_id, at=self._work.at()
            )
            if found is None:
                return None
            line = _line(found, place.public_url)
            if not found.holder_name:
                return Ready(replace(line, problem=str(ERASED)), None)
            paper = paper_for(
                session,
                found,
                public_url=place.public_url,
                store=store_of(place),
                keyring=self._keyring,
                signer=self._signer,
                at=self._at,
            )
        return Ready(line, paper)

    def print(self, paper: Paper) -> tuple[bytes, str]:
        """Its signed PDF, or why it has none. Raises Unavailable as long as trying again later may help."""
        place, press = self._work.settings, self._presses.get()
        store = store_of(place)
        try:
            pdf = pdf_of(paper, store=store, within=place.print_seconds, at=self._at, press=press)
        except Invalid as refusal:
            return b"", refusal.says
        except Unavailable as refusal:
            if not is_given_up(self._work.tries):
                raise
            return b"", refusal.says
        finally:
            self._presses.put(press)
        return pdf, ""


@handler(service.JOB)
def run(work: Work) -> None:
    """Print what is not printed yet, put all together, and say so on record."""
    if "printed" in work.state:  # the run before had only its own end left to tell
        return
    bench = Bench(work)
    with closing(SECOND):
        _print_all(work, bench)
        with tempfile.TemporaryFile(dir=_folder(work)) as pages:
            name = f"certificates-cohort-{bench.cohort_id}.zip"
            with work.result(name, "application/zip") as file:
                printed, problems = _pack(work, bench, file, pages)
    with work.writing() as session:
        work.checkpoint(problems=problems[:MOST_TOLD], unprinted=len(problems), printed=printed)
        detail = {"printed": printed, "not printed": len(problems)}
        service.note(
            session,
            "certificates put together",  # not words
            bench.academy_id,
            bench.cohort_id,
            work.person_id,
            work.at(),
            detail,
        )


def _folder(work: Work) -> str:
    folder = scratch_of(work.settings)
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _print_all(work: Work, bench: Bench) -> None:
    """Print each certificate after the last one of the run before; while some are printed, the next is made ready."""
    last, steps = int(work.state.get("after", 0)), len(bench.ids) * (PRINTING + PACKING)
    under_way: deque[tuple[int, int, Future[object] | None]] = deque()

    def take() -> None:
        number, each, printing = under_way.popleft()
        if printing is not None:
            printing.result()
        if number % CHECK_EVERY == 0 or number == len(bench.ids):
            work.checkpoint(after=each)
        work.progress(number * PRINTING, steps)

    hands = ThreadPoolExecutor(AT_ONCE)
    try:
        for number, each in enumerate(bench.ids, start=1):
            if each > last:
                ready = bench.ready(each)
                paper = ready.paper if ready else None
                under_way.append((number, each, hands.submit(bench.print, paper) if paper else None))
            if len(under_way) > AT_ONCE:
                take()
        while under_way:
            take()
    finally:
        hands.shutdown(cancel_futures=True)


def _pack(work: Work, bench: Bench, file: IO[bytes], pages: IO[bytes]) -> tuple[int, list[dict[str, str]]]:
    """Write the ZIP; tells how many are in it, and those that are not with the reason."""
    merged, lines = Merged(pages), []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for line, pdf in _packed(work, bench):
            lines.append(line)
            if pdf:
                archive.writestr(line.file, pdf)
                merged.add(pdf)
        problems = [{"number": line.number, "says": line.problem} for line in lines if line.problem]
        if len(problems) == len(lines):
            raise Invalid(NONE_PRINTED.format(problems[0]["says"]) if problems else service.NONE_IN_FORCE)
        merged.close()
        pages.seek(0)
        with archive.open("for-printing.pdf", "w", force_zip64=True) as whole:
            shutil.copyfileobj(pages, whole)
        archive.writestr("index.csv", as_csv(lines))
        archive.writestr("README.txt", str(README))
    return len(lines) - len(problems), problems


def _packed(work: Work, bench: Bench) -> Iterator[tuple[Line, bytes]]:
    """Each certificate that is in force still, with its file's content."""
    count = len(bench.ids)
    for number, each in enumerate(bench.ids, start=1):
        ready = bench.ready(each)
        if ready is not None and ready.paper is None:
            yield ready.line, b""
        elif ready is not None and ready.paper is not None:
            pdf, problem = bench.print(ready.paper)
            line = ready.line
            file = f"certificates/{file_name(line.number, line.holder)}" if pdf else ""
            yield replace(line, file=file, problem=problem), pdf
        work.progress(count * PRINTING + number * PACKING, count * (PRINTING + PACKING))


def _line(certificate: Certificate, public_url: str) -> Line:
    return Line(
        number=certificate.number,
        rank=certificate.holder_rank,
        holder=certificate.holder_name,
        course=certificate.course_title,
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        verify_at=f"{public_url}/verify/{certificate.code}",
    )
