"""The short statement in a QR code: what is believed of it, and what is not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pme.credentials.checking import KnownKey, Standing
from pme.credentials.compact import Statement, Verdict, Withdrawn, check, qr_text, short

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DID = "did:web:pme.example:academies:lakeside"
METHOD = f"{DID}#key-1"
AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
ADAMS = Statement(
    method=METHOD,
    code="23456789ABCDEFGHJKMNPQRS",
    number="LAKESIDE-2026-000001",
    holder="Åsa Adams-Шевченко",
    rank="Captain",
    course="First on the scene",
    edition="0123456789ab",
    percent=87.5,
    issued_on="2026-11-20",
    valid_until="2028-11-20",
    status_list=1,
    status_index=4711,
)
ADDRESS = f"https://pme.example/verify/{ADAMS.code}"
KNOWN = {METHOD: KnownKey(public=KEY.public_key().public_bytes_raw(), issuer=DID)}
NOTHING = {DID: Withdrawn(frozenset(), AT)}


def said(statement: Statement = ADAMS, address: str = ADDRESS) -> str:
    return qr_text(statement, address=address, sign=KEY.sign)


def asked(text: str, **other: object) -> Verdict:
    return check(text, **{"keys": KNOWN, "withdrawn": NOTHING, "at": AT, **other})  # type: ignore[arg-type]


def test_what_the_academy_signed_stands_as_of_the_day_it_was_looked_up() -> None:
    found = asked(said())
    assert (found.standing, found.statement) == (Standing.VALID, ADAMS)
    assert "as of 26 November 2026 it is valid" in found.says
    assert "could not be looked up" in asked(said(), withdrawn={}).says


def test_a_code_is_read_through_line_breaks_and_without_its_address() -> None:
    text = said()
    assert asked("\n".join(text[at : at + 60] for at in range(0, len(text), 60))).standing is Standing.VALID
    assert asked(text.partition("#")[2]).standing is Standing.VALID


def test_every_single_changed_letter_is_refused() -> None:
    text = said()
    begins = text.index("#") + 1
    for place in range(begins, len(text)):
        for letter in "A", "b", "-":
            if text[place] != letter:
                changed = text[:place] + letter + text[place + 1 :]
                assert asked(changed).statement is None, changed


def test_a_statement_moved_to_the_address_of_another_certificate_is_refused() -> None:
    moved = said(address="https://pme.example/verify/ZZZZZZZZZZZZZZZZZZZZZZZZ")
    assert asked(moved).standing is Standing.ALTERED


def test_what_was_withdrawn_no_longer_stands() -> None:
    found = asked(said(), withdrawn={DID: Withdrawn(frozenset({(1, 4711)}), AT)})
    assert found.standing is Standing.REVOKED
    elsewhere = {DID: Withdrawn(frozenset({(2, 4711), (1, 4712)}), AT)}
    assert asked(said(), withdrawn=elsewhere).standing is Standing.VALID


def test_the_last_valid_day_is_still_valid() -> None:
    last, over = datetime(2028, 11, 20, 23, tzinfo=UTC), datetime(2028, 11, 21, tzinfo=UTC)
    assert [asked(said(), at=at).standing for at in (last, over)] == [Standing.VALID, Standing.EXPIRED]


def test_a_key_that_is_unknown_taken_back_or_put_away_before_proves_nothing() -> None:
    key = KNOWN[METHOD]
    taken_back = {METHOD: replace(key, revoked_on=date(2026, 11, 25))}
    put_away = {METHOD: replace(key, retired_on=date(2026, 11, 19))}
    put_away_later = {METHOD: replace(key, retired_on=date(2026, 11, 20))}
    of_another = {METHOD: replace(key, issuer="did:web:pme.example:academies:hillside")}
    for keys in ({}, taken_back, put_away, of_another):
        assert asked(said(), keys=keys).standing is Standing.UNKNOWN_ISSUER
    assert asked(said(), keys=put_away_later).standing is Standing.VALID


@pytest.mark.parametrize(
    "text",
    ["", "#pme1.", "pme1.WzFd", said()[:-3], said()[:200], "https://pme.example/verify/ABC", "🙂" * 90],
)
def test_what_is_cut_short_or_something_else_is_said_to_be_so(text: str) -> None:
    found = asked(text)
    assert found.standing is Standing.UNREADABLE
    assert "Scan the code again" in found.says


def test_signed_fields_of_another_shape_are_not_taken() -> None:
    wrong = replace(ADAMS, percent="87", status_index=True)  # type: ignore[arg-type]
    assert asked(said(wrong)).standing is Standing.UNREADABLE
    assert asked(said(replace(ADAMS, issued_on="2026-13-01"))).standing is Standing.UNREADABLE
    assert asked(said(replace(ADAMS, issued_on=""))).standing is Standing.UNREADABLE


def test_long_names_are_shortened_so_that_the_code_stays_readable() -> None:
    assert short("x" * 60) == "x" * 60
    assert short("x" * 61) == "x" * 59 + "…"
