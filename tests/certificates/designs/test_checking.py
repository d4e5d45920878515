"""What a design may say: colours that can be read, words without markup or programs, names that are known."""

from dataclasses import replace

import pytest

from pme.certificates.designs.checking import problems
from pme.certificates.designs.colours import WHITE, WORDS, contrast, nearest
from pme.certificates.designs.design import Design, Signatory, Texts
from pme.certificates.designs.texts import filled, refusal
from pme.certificates.press.look import Look, Picture

HOSTILE_COLOURS = (
    "red;background:url(http://evil.example/)",
    "#0b5260;}",
    "#0b526",
    "url(file:///etc/passwd)",
    "#0B5260\n",
    "",
)


def wrong(design: Design) -> dict[str, str]:
    return problems(design, crests={7}, facsimiles={9})


def worded(**texts: str) -> dict[str, str]:
    return wrong(Design(texts={"en": Texts(**texts)}))


def test_the_house_s_design_is_sound():
    assert wrong(Design()) == {}


def test_a_colour_that_cannot_be_read_is_refused_with_its_ratio_and_the_nearest_that_can():
    says = wrong(Design(accent="#7a9cc6"))["accent"]
    assert "a contrast of 2.62:1 with white" in says
    passing = says.rpartition(" ")[2].rstrip(".")
    assert contrast(passing, WHITE) >= WORDS
    assert wrong(Design(accent=passing)) == {}
    assert "panel" in wrong(Design(panel="#8a8a8a"))
    assert "metal" in wrong(Design(metal="#f7e7b0"))


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert nearest("#000000", (WHITE,), WORDS, darker=True) == "#000000"


@pytest.mark.parametrize("colour", HOSTILE_COLOURS)
def test_nothing_but_a_colour_is_a_colour(colour: str):
    assert "accent" in wrong(Design(accent=colour))
    with pytest.raises(ValueError, match="no colour"):
        Look(accent=colour)


def test_a_layout_crest_or_facsimile_is_one_of_those_there_are():
    assert "layout" in wrong(Design(layout="../../etc/passwd"))
    with pytest.raises(ValueError, match="no such layout"):
        Look(layout="../../etc/passwd")
    for crest in ("../crest.png", "file:///etc/passwd", "9", "8", "-7"):
        assert "crest" in wrong(Design(crest=crest)), crest
    assert wrong(Design(crest="7", signatories=(Signatory(name="Evans", image=9),))) == {}
    assert "image_1" in wrong(Design(signatories=(Signatory(name="Evans", image=7),)))
    with pytest.raises(ValueError, match=r"base64|padding"):
        _ = Picture("/etc/passwd!", "x").body


def test_names_in_braces_are_replaced_once_and_nothing_else_means_anything():
    values = {"holder": "{course} {{ 7*7 }}", "course": "<b>Core</b>"}
    assert filled("{holder} took {course}", values) == "{course} {{ 7*7 }} took <b>Core</b>"
    assert filled("To {rank} {holder}.", {"rank": "", "holder": "Adams"}) == "To Adams."


@pytest.mark.parametrize(
    "text",
    [
        "{holder.__class__}",
        "{0}",
        "{{ 7*7 }}",
        "{% include 'x' %}",
        "{course!r:>99}",
        "a { b",
        "{}",
        "{__import__}",
    ],
)
def test_whatever_else_stands_in_braces_is_refused_with_what_may(text: str):
    assert "{course}" in refusal("footer", text)


def test_an_unknown_name_is_named_and_a_holder_s_is_not_kept_beyond_erasure():
    assert worded(footer="By {commandant}")["footer_en"].startswith("{commandant} is not known. Use {course}")
    assert "erased" in worded(statement="{holder} has completed {course}")["statement_en"]
    assert worded(opening="{academy} certifies", footer="To {holder}") == {}


def test_what_is_too_long_or_has_no_shape_is_refused_by_name():
    assert "under 70 characters; it has 71" in worded(heading="h" * 71)["heading_en"]
    assert "no shape for 東" in worded(heading="東")["heading_en"]
    assert "no shape for 🙂" in wrong(Design(signatories=(Signatory(name="Evans 🙂"),)))["name_1"]
    assert (
        worded(heading="<script>alert(1)</script>") == {}
    )  # words like any other: they are printed as they are


def test_a_signatory_has_a_name_and_stands_once():
    evans = Signatory(name="Evans", roles={"en": "Commandant"})
    assert "name_1" in wrong(Design(signatories=(replace(evans, name=""),)))
    assert "name_2" in wrong(Design(signatories=(evans, evans)))
    assert evans.role("uk") == "Commandant"


def test_a_design_is_kept_and_read_again_and_its_hash_is_of_its_pictures_too():
    design = Design(
        crest="7",
        signatories=(Signatory("Evans", "Col.", {"fr": "Commandante"}, 9),),
        texts={"ar": Texts(heading="شهادة")},
    )
    assert Design.from_json(design.as_json()) == design
    assert design.digest({7: "a", 9: "b"}) != design.digest({7: "a", 9: "c"})
    assert design.digest({7: "a", 9: "b"}) == Design.from_json(design.as_json()).digest({7: "a", 9: "b"})
