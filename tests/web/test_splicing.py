"""A page with holes comes out as if it had been squeezed with what fills them."""

import gzip
import zlib
from random import Random

import pytest

from pme.web.splicing import BEST, Spliced

WORDS = ["<p>", "люди", "hello ", ' name="csrf_token" value="', "عالم", "</form>\n"]
LENGTHS = {"token": 91, "account": 16}


def some_text(dice: Random) -> bytes:
    return "".join(dice.choices(WORDS, k=dice.choice([0, 3, 200, 4_000]))).encode()


def some_values(dice: Random) -> dict[str, bytes]:
    fixed = {name: bytes(dice.choices(b"abcdef012-_", k=length)) for name, length in LENGTHS.items()}
    return fixed | {"rank": b"x" * dice.randint(0, 9), "name": "Ганна ".encode() * dice.randint(0, 300)}


@pytest.mark.parametrize("seed", range(40))
def test_whatever_fills_its_holes_a_page_unfolds_to_its_texts_with_that_in_between(seed: int):
    dice = Random(seed)
    texts = [some_text(dice) for _ in range(dice.randint(1, 9))]
    holes = dice.choices([*LENGTHS, "rank", "name"], k=len(texts) - 1)
    page = Spliced(texts, holes, LENGTHS)
    for _reader in range(3):
        values = some_values(dice)
        filled = [values[hole] for hole in holes]
        whole = b"".join(piece for pair in zip(texts, [*filled, b""], strict=True) for piece in pair)
        assert gzip.decompress(page.filled(values)) == whole


def test_a_token_that_stands_in_many_places_is_sent_once():
    dice = Random(1)
    words = [bytes(dice.choices(b"abcdefghijklmnopqrstuvwxyz <>", k=900)) for _ in range(9)]
    page, values = Spliced(words, ["token"] * 8, LENGTHS), some_values(dice)
    sent = page.filled(values)
    assert sent.count(values["token"]) == 1
    alone = sum(len(zlib.compress(each, BEST)) for each in words)
    assert len(sent) < alone + 91 + 8 * 30


def test_a_filling_of_another_length_is_refused():
    page = Spliced([b"<p>", b"</p>"], ["token"], LENGTHS)
    with pytest.raises(ValueError, match="another length"):
        page.filled({"token": b"short", "account": b"0" * 16})
