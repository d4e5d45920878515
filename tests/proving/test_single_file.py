"""The verifier in one file, opened from a disk without a network: it says what `pme verify` says."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page

from pme.credentials.checking import KnownKey, Standing
from pme.credentials.compact import Withdrawn, check
from pme.keys.documents import Place
from pme.keys.public import KeyKind, PublicKey
from pme.proving.single_file import KnownIssuer, verifier
from tests.credentials.test_compact import ADAMS, DID, KEY, METHOD, said

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]
AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
PLACE = Place("https://pme.example", "lakeside")
OWN = PublicKey("key-1", KeyKind.ED25519, KEY.public_key().public_bytes_raw(), AT)
STATES = {
    Standing.VALID: "valid",
    Standing.ALTERED: "altered",
    Standing.REVOKED: "revoked",
    Standing.EXPIRED: "expired",
    Standing.UNKNOWN_ISSUER: "unknown",
    Standing.UNREADABLE: "unreadable",
}
ANSWER = "([text, day]) => ofCode(text, day).then((answer) => answer.state)"


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """The file, opened by a browser that has no network."""
    issuer = KnownIssuer(PLACE, name="Lakeside <Academy>", is_demo=False, keys=(OWN,), withdrawn=((1, 9),))
    path = tmp_path / "verifier.html"
    path.write_text(verifier([issuer], at=AT), encoding="utf-8")
    with chromium.new_context(offline=True, locale="en-GB") as context:
        page = context.new_page()
        page.goto(path.as_uri())
        yield page


def cases() -> list[str]:
    """Texts of every kind, good and bad."""
    good = said()
    begins = good.index("#") + 6
    changed = [
        good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :] for at in range(begins, len(good), 9)
    ]
    return [
        good,
        good.partition("#")[2],
        *changed,
        said(replace(ADAMS, status_index=9)),
        said(replace(ADAMS, valid_until="2026-11-25")),
        said(replace(ADAMS, valid_until="")),
        said(replace(ADAMS, issued_on="2026-13-01")),
        said(replace(ADAMS, method=f"{DID}#key-2")),
        said(replace(ADAMS, method="did:web:elsewhere.example#key-1")),
        said(address="https://pme.example/verify/ZZZZZZZZZZZZZZZZZZZZZZZZ"),
        good[:-4],
        "",
    ]


def test_it_says_what_the_command_says_of_every_text(page: Page) -> None:
    keys = {METHOD: KnownKey(public=OWN.public, issuer=DID)}
    withdrawn = {DID: Withdrawn(frozenset({(1, 9)}), AT)}
    for text in cases():
        expected = check(text, keys=keys, withdrawn=withdrawn, at=AT)
        assert page.evaluate(ANSWER, [text, "2026-11-26"]) == STATES[expected.standing], text


def test_a_browser_without_ed25519_of_its_own_says_the_same(page: Page) -> None:
    page.evaluate("() => { crypto.subtle.importKey = () => Promise.reject(new Error('unknown')); }")
    good = said()
    assert page.evaluate(ANSWER, [good, "2026-11-26"]) == "valid"
    assert page.evaluate(ANSWER, [good[:-20] + "AAAA" + good[-16:], "2026-11-26"]) == "altered"


def test_a_photo_of_the_code_and_a_token_are_read_on_the_page_in_both_languages(
    page: Page, tmp_path: Path
) -> None:
    drawn, out = io.BytesIO(), io.BytesIO()
    segno.make(said(), error="m", mask=2, micro=False).save(drawn, kind="png", scale=6, border=4)
    straight = Image.open(drawn).convert("RGB")
    askew = (1.06, 0.05, -10, -0.03, 1.08, 10, 0.00009, 0.00012)
    tilted = straight.transform(straight.size, Image.Transform.PERSPECTIVE, askew, fillcolor=(200, 195, 180))
    picture = tilted.rotate(4, expand=True, fillcolor=(200, 195, 180)).filter(ImageFilter.GaussianBlur(1))
    picture.save(out, "JPEG", quality=75)
    files = page.locator("#file")
    files.set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    page.get_by_role("button", name="Verify").click()
    page.get_by_role("heading", name="Valid as of 2026-11-26").wait_for()
    assert "Åsa Adams-Шевченко" in page.locator("#answer").inner_text()
    page.get_by_role("button", name="Français").click()
    page.get_by_role("heading", name="Valable au 2026-11-26").wait_for()
    assert page.locator("html").get_attribute("lang") == "fr"
    for name, kind, content, says in (
        ("blank.png", "image/png", _blank(), "Aucun code QR"),
        ("credential.json", "application/json", b'{"type": []}', "Prenez le .jwt"),
        ("certificate.pdf", "application/pdf", b"%PDF-1.7", "lancez pme verify"),
        ("nothing.jwt", "text/plain", b"", "Ce fichier est vide"),
    ):
        files.set_input_files({"name": name, "mimeType": kind, "buffer": content})
        page.get_by_role("button", name="Vérifier").click()
        page.locator("#answer", has_text=says).get_by_role("heading", name="Illisible").wait_for()


def _blank() -> bytes:
    out = io.BytesIO()
    Image.new("L", (300, 300), 255).save(out, "PNG")
    return out.getvalue()
