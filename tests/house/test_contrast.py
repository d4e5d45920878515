"""Colours of the style sheets: body text 7:1, what says something 4.5:1, edges and focus 3:1, in both themes."""

import re
from pathlib import Path

import pytest

from pme.certificates.designs.colours import LINES, WORDS, contrast

SHEETS = Path(__file__).parents[2] / "pme/static/css"
BODY = 7.0
"""What is read at length: the least contrast of WCAG's level AAA."""
PAGES = ("paper", "surface", "sunken")
TINTS = ("accent-soft", "warm-soft", "good-soft", "bad-soft")
THEMES = ("light", "dark")
TOKEN = re.compile(r"--([a-z-]+):light-dark\((#[0-9a-f]{3,6}),(#[0-9a-f]{3,6})\)")


def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme by name."""
    found = TOKEN.findall((SHEETS / "tokens.css").read_text(encoding="utf-8"))
    return {name: whole(pair[THEMES.index(theme)]) for name, *pair in found}


def whole(colour: str) -> str:
    """A colour of three digits with six."""
    return colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])


def lacking(theme: str, pairs: list[tuple[str, str]], least: float) -> list[str]:
    """The pairs of colours (what is on what, names or colours) that have less than this contrast."""
    named = tokens(theme)
    ratios = {
        f"{one} on {other}": contrast(named.get(one, one), named.get(other, other)) for one, other in pairs
    }
    return [f"{pair}: {ratio:.2f}" for pair, ratio in ratios.items() if ratio < least]


@pytest.mark.parametrize("theme", THEMES)
def test_body_text_has_seven_to_one_wherever_it_stands(theme: str):
    pairs = [(text, on) for text in ("ink", "soft") for on in PAGES]
    pairs += [("ink", on) for on in TINTS]
    assert lacking(theme, pairs, BODY) == []


@pytest.mark.parametrize("theme", THEMES)
def test_links_states_and_buttons_have_four_and_a_half_to_one(theme: str):
    pairs = [(text, on) for text in ("accent", "accent-deep", "warm", "good", "bad") for on in PAGES]
    pairs += [("accent", "accent-soft"), ("warm", "warm-soft"), ("good", "good-soft"), ("bad", "bad-soft")]
    pairs += [("accent", on) for on in TINTS] + [("soft", on) for on in TINTS]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-deep"), ("paper", "good")]
    pairs += [(whole(text), "band") for text in ("#fff", "#cfe4e7")]
    assert lacking(theme, pairs, WORDS) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_and_the_edges_of_fields_have_three_to_one(theme: str):
    pairs = [(line, on) for line in ("focus", "edge") for on in PAGES]
    pairs += [("focus", on) for on in TINTS] + [("#ffc46b", "band"), ("accent", "surface")]
    assert lacking(theme, pairs, LINES) == []


def test_words_on_every_sky_of_a_situation_have_seven_to_one():
    sheet = (SHEETS / "way.css").read_text(encoding="utf-8")
    skies = re.findall(r"\{[^}]*?background:linear-gradient\((#[0-9a-f]{6}),(#[0-9a-f]{6})\)", sheet)
    assert len(skies) == 4
    assert [sky for sky in skies if min(contrast("#ffffff", end) for end in sky) < BODY] == []


def test_every_colour_of_the_tokens_is_a_pair_for_light_and_dark():
    text = (SHEETS / "tokens.css").read_text(encoding="utf-8")
    assert set(tokens("light")) == set(re.findall(r"--([a-z-]+):(?:#|light-dark)", text))
