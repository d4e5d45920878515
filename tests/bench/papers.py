"""Certificates signed and with a credential, one after another: run twice at once, they fill both cores."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

from pme.certificates.pdf import render
from pme.certificates.signing import sign_pdf
from pme.keys import chains
from pme.keys.signers import PaperSigner
from tests.bench.sheets import SHEET

AT = datetime(2026, 11, 23, tzinfo=UTC)
CREDENTIAL = json.dumps({"type": ["VerifiableCredential"], "name": "of the usual size " * 200}).encode()


def signer() -> PaperSigner:
    """A signer with a chain of its own."""
    authority = chains.new_authority("Bench Academy", "Nowhere", is_demo=True, at=AT)
    pair = chains.new_certificate(authority, "Bench Academy", "Nowhere", is_demo=True, at=AT)
    own, *above = chains.as_der(pair.chain)
    return PaperSigner("key-1", pair.private, own, tuple(above), is_demo=True, key_id=1)


def signed(by: PaperSigner, number: int = 1) -> bytes:
    """One certificate, as a student gets it."""
    sheet = replace(SHEET, number=f"BENCH-2026-{number:06d}")
    return sign_pdf(render(sheet, CREDENTIAL), by, at=AT, reason=sheet.number)


def rate(processes: int, count: int) -> float:
    """Certificates a second that so many processes make together, each this many, once they are warm."""
    command = [sys.executable, "-m", "tests.bench.papers", str(count)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    slowest = max(float(run.communicate()[0]) for run in runs)
    return processes * count / slowest


def main() -> None:
    """Make so many, and print the seconds that it took."""
    by, count = signer(), int(sys.argv[1])
    signed(by)
    began = time.perf_counter()
    for number in range(count):
        signed(by, number)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
