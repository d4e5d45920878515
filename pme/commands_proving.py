"""The commands that prove: a certificate in any shape, a sealed return; and the verifier in one file."""

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pme.config import Settings
from pme.credentials.compact import is_like_one
from pme.db import opened
from pme.errors import Invalid
from pme.intake.bounded import NotTaken, unnamed
from pme.keys.queries import find_issuer
from pme.proving.elsewhere import judge_elsewhere, known_from
from pme.proving.judging import judge
from pme.proving.reading import looked_at
from pme.proving.single_file import known_issuer, verifier
from pme.proving.worth import Proof, Worth

LARGEST = 50_000_000
ZIP = b"PK\x03\x04"


def verify(given: argparse.Namespace) -> int:
    """Say what a file or the text of a QR code is worth: 0 where it is valid, 1 where it is not."""
    text = sys.stdin.read() if given.what == "-" else given.what
    path = Path(given.what)
    if is_like_one(text):
        told: Mapping[str, Any] = {"kind": "code", "text": text}
    else:
        if _content(path, len(ZIP)) == ZIP:
            from pme.commands_trust import verify_return  # noqa: PLC0415  (a second that other files need not wait)

            given.file = path
            return verify_return(given)
        try:
            with path.open("rb") as body, unnamed(body, LARGEST) as file, looked_at(file) as answer:
                told = answer.told
        except NotTaken as refusal:
            raise Invalid(f"{path}: {refusal}") from refusal
    return _tell(_judged(given, told))


def write_verifier(given: argparse.Namespace) -> int:
    """Write the page that verifies without a network, with what the academies publish today."""
    settings, at = Settings.from_environment(), datetime.now(UTC)
    with opened(settings) as database, database.session() as session:
        known = []
        for slug in given.academy:
            issuer = find_issuer(session, slug)
            if issuer is None:
                raise Invalid(
                    f"There is no academy “{slug}” that ever had a key. To make one: pme keys new {slug}"
                )
            known.append(known_issuer(session, issuer, public_url=settings.public_url))
    try:
        given.out.write_text(verifier(known, at=at), encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{given.out} cannot be written: {error.strerror}.") from error
    print(
        f"{given.out}: the keys and withdrawals of {len(known)}, as of {at:%d %B %Y}. Write it anew now and then."
    )
    return 0


def _judged(given: argparse.Namespace, told: Mapping[str, Any]) -> Proof:
    at = datetime.now(UTC)
    if given.keys:
        keys, lists = (
            [(str(path), _content(path)) for path in paths] for paths in (given.keys, given.status)
        )
        return judge_elsewhere(told, known_from(keys, lists), at=at)
    settings = Settings.from_environment()
    with opened(settings) as database, database.session() as session:
        return judge(session, told, public_url=settings.public_url, at=at)


def _tell(proof: Proof) -> int:
    print(f"{proof.worth.value.upper()}. {' '.join(proof.says)}")
    if proof.is_demo:
        print("DEMO: the academy only shows how the platform works. This is not a real certificate.")
    for each in proof.differences:
        print(f"  {each.field}: issued “{each.on_record or '–'}”, in the file: {each.in_file or 'not there'}")
    if (found := proof.certificate) is not None:
        print(
            f"  {found.number}, {found.holder_name or 'name no longer kept'}, {found.course_title}, {found.issued_on}"
        )
    elif (said := proof.statement) is not None:
        print(f"  {said.number}, {said.holder}, {said.course}, {said.percent:g} %, {said.issued_on}")
    elif proof.document is not None:
        subject = proof.document.get("credentialSubject", {})
        print(f"  {subject.get('licenseNumber', '')}, {proof.document.get('name', '')}")
    return 0 if proof.worth is Worth.VALID else 1


def _content(path: Path, most: int = -1) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid(
                f"{path} is larger than {LARGEST // 1_000_000} MB, which no certificate is. Give its own file."
            )
        with path.open("rb") as file:
            return file.read(most)
    except (OSError, ValueError) as error:
        says = getattr(error, "strerror", None) or "it is no file"
        raise Invalid(
            f"{str(path)[:120]} cannot be read ({says}), and it is not the text of a QR code. Check the path."
        ) from error
