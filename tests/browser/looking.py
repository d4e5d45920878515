"""How a page stands in a browser: axe's word, its sizes and places, its picture in the mirror, larger text, focus."""

from collections.abc import Iterable, Iterator, Mapping

from playwright.sync_api import Page

from tests.browser.geometry import lost_in_larger_text, out_of_place, pressed_on_paper, unseen_in_focus
from tests.browser.mirrored import unmirrored
from tests.support.browser import RULES, bring_axe

Look = tuple[int, str]
LOOKS: tuple[Look, ...] = ((320, "light"), (1280, "dark"))
LOOKS_OF_EVERY_OTHER: tuple[Look, ...] = ((320, "dark"), (1280, "light"))
"""Widths in CSS pixels with colour schemes: both of each for every page, and all four over every two pages."""
WIDEST = 1920
"""Where cards stand side by side in the greatest number, and are as narrow as on a phone."""
LOOKS_AGAIN = LOOKS[0]
"""How a page is looked at that is made of nothing but what other pages are made of, and only says other words."""
ALL_RULES: Mapping[str, object] = {"runOnly": {"type": "tag", "values": RULES}}
FAULTS = """options => axe.run(document, {...options, resultTypes: ["violations"], preload: false})
    .then(found => found.violations.map(fault => `${fault.id}: ${fault.help}: ` + fault.nodes.slice(0, 3)
        .map(node => `${node.target.join(" ")} ${node.html.slice(0, 160)}`).join(" | ")))"""
ALL_BUT_COLOURS = {**ALL_RULES, "rules": {"color-contrast": {"enabled": False}}}
"""Where the colours are those of other pages: in another language, or of known parts."""
OF_THE_LOOK = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
RULES_OF_THE_LOOK: Mapping[str, object] = {"runOnly": {"type": "rule", "values": OF_THE_LOOK}}
"""What axe may find in one look and not in another: names, roles and order are the same in all."""


def faults_of(page: Page) -> Iterator[str]:
    """What is wrong with the page, narrow and wide, once in light and once in dark."""
    yield from _faults_in(page, LOOKS)
    yield from pressed_on_paper(page)
    yield from lost_in_larger_text(page)
    yield from unseen_in_focus(page)


def faults_the_other_way(page: Page) -> Iterator[str]:
    """What is wrong with the page where `faults_of` does not look: dark where it is light."""
    yield from _faults_in(page, LOOKS_OF_EVERY_OTHER)
    yield from pressed_on_paper(page)
    yield from lost_in_larger_text(page)
    yield from unseen_in_focus(page)


def faults_in_every_rule(page: Page) -> Iterator[str]:
    """What is wrong with the page in every width and scheme, by every rule each time."""
    bring_axe(page)
    for look in (*LOOKS, *LOOKS_OF_EVERY_OTHER):
        yield from _faults_at(page, look, ALL_RULES)
    yield from lost_in_larger_text(page)
    yield from unseen_in_focus(page)


def faults_again(page: Page) -> Iterator[str]:
    """What is wrong with the words of a page whose parts were looked at on other pages."""
    bring_axe(page)
    yield from _faults_at(page, LOOKS_AGAIN, ALL_BUT_COLOURS)
    page.set_viewport_size({"width": 1280, "height": 900})
    for fault in (*out_of_place(page), *unmirrored(page)):
        yield f"at 1280: {fault}"
    yield from unseen_in_focus(page)
    yield from lost_in_larger_text(page)


def _faults_in(page: Page, looks: Iterable[Look]) -> Iterator[str]:
    """By every rule in the first look, and in the others by those that hang on how a page looks."""
    bring_axe(page)
    for number, look in enumerate(looks):
        yield from _faults_at(page, look, RULES_OF_THE_LOOK if number else ALL_RULES)
    page.set_viewport_size({"width": WIDEST, "height": 900})
    yield from (f"at {WIDEST}: {fault}" for fault in out_of_place(page))


def _faults_at(page: Page, look: Look, rules: Mapping[str, object]) -> Iterator[str]:
    width, scheme = look
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for fault in (*page.evaluate(FAULTS, rules), *out_of_place(page), *unmirrored(page)):
        yield f"at {width} in {scheme}: {fault}"


def faults_without_script(page: Page) -> Iterator[str]:
    """What axe finds in the page as it was sent."""
    bring_axe(page)
    yield from (f"without script: {fault}" for fault in page.evaluate(FAULTS, ALL_RULES))


def faults_in_its_language(page: Page) -> Iterator[str]:
    """What is wrong with a page that was looked at in English, now that it speaks another language."""
    bring_axe(page)
    page.set_viewport_size({"width": 320, "height": 900})
    yield from (f"at 320: {fault}" for fault in page.evaluate(FAULTS, ALL_BUT_COLOURS))
    yield from out_of_place_in_other_words(page)


def out_of_place_in_other_words(page: Page) -> Iterator[str]:
    """What gets too wide or too small where a page of known parts says other words: on a phone and on a desk."""
    yield from _out_of_place_at(page, (320, 1280))


def out_of_place_on_a_wide_desk(page: Page) -> Iterator[str]:
    """The same, on a phone and on the widest desk: one page is looked at this way, the next the other way."""
    yield from _out_of_place_at(page, (320, WIDEST))


def _out_of_place_at(page: Page, widths: Iterable[int]) -> Iterator[str]:
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        yield from (f"at {width}: {fault}" for fault in out_of_place(page))


def faults_in_any_language(page: Page) -> Iterator[str]:
    """What is wrong with a page that speaks another language, looked at as closely as one in English.

    It is not looked at in the mirror: letters of Arabic change their shapes with the direction.
    """
    bring_axe(page)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for fault in (*page.evaluate(FAULTS, ALL_RULES), *out_of_place(page)):
            yield f"at {width} in {scheme}: {fault}"
    yield from lost_in_larger_text(page)
