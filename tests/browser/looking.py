"""How a page stands in a browser: axe's word, what is too wide, what is cut off, what is too small to press."""

from collections.abc import Iterable, Iterator, Mapping

from playwright.sync_api import Page

from tests.support.browser import AXE, RULES

Look = tuple[int, str]
LOOKS: tuple[Look, ...] = ((320, "light"), (1280, "dark"))
LOOKS_OF_EVERY_OTHER: tuple[Look, ...] = ((320, "dark"), (1280, "light"))
"""Widths in CSS pixels with colour schemes: both of each for every page, and all four over every two pages."""
LOOKS_AGAIN = LOOKS[:1]
"""How a page is looked at that is made of nothing but what other pages are made of, and only says other words."""
ALL_RULES: Mapping[str, object] = {"type": "tag", "values": RULES}
FAULTS = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false})
    .then(found => found.violations.map(fault => `${fault.id}: ${fault.help}: ` + fault.nodes.slice(0, 3)
        .map(node => `${node.target.join(" ")} ${node.html.slice(0, 160)}`).join(" | ")))"""
TOO_WIDE = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    return [...document.querySelectorAll("body *")]
        .filter(e => e.getBoundingClientRect().right > page.clientWidth + 1 && !e.closest(".scroll"))
        .slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""
TOO_LOW = """() => [...document.querySelectorAll("main .button, main .choice, main select, main input[type=text]")]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.9)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""
CUT_OFF = """() => {
    const width = document.documentElement.clientWidth;
    const lost = [];
    for (const e of document.querySelectorAll("body *")) {
        if (!e.checkVisibility() || e.closest(".hidden, .skip, svg, input, select, progress, [popover]")) continue;
        const style = getComputedStyle(e);
        const hides = value => value === "hidden" || value === "clip";
        const wide = e.scrollWidth > e.clientWidth + 1, tall = e.scrollHeight > e.clientHeight + 1;
        const isFramed = e.matches(".button, .tag, .choice, .notice, .card, .box, .band *, .foot *");
        if ((hides(style.overflowX) && wide) || (hides(style.overflowY) && tall)) lost.push(e);
        else if (isFramed && style.display !== "inline" && wide) lost.push(e);
        else if (!e.closest(".scroll") && e.getBoundingClientRect().right > width + 1) lost.push(e);
    }
    return lost.slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""
SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* {line-height: 1.5 !important; letter-spacing: .12em !important}"
        + "* {word-spacing: .16em !important} p {margin-block-end: 2em !important}");
    document.adoptedStyleSheets = [sheet];
}"""
"""The text spacing of WCAG 1.4.12."""
TWICE = """() => { document.documentElement.style.fontSize = "200%"; }"""


def faults_of(page: Page) -> Iterator[str]:
    """What is wrong with the page, narrow and wide, once in light and once in dark."""
    yield from _faults_in(page, LOOKS)


def faults_the_other_way(page: Page) -> Iterator[str]:
    """What is wrong with the page where `faults_of` does not look: dark where it is light."""
    yield from _faults_in(page, LOOKS_OF_EVERY_OTHER)


def faults_again(page: Page) -> Iterator[str]:
    """What is wrong with the words of a page whose parts were looked at on other pages."""
    yield from _faults_in(page, LOOKS_AGAIN)
    page.set_viewport_size({"width": 1280, "height": 900})
    for fault in _out_of_place(page):
        yield f"at 1280: {fault}"


def _faults_in(page: Page, looks: Iterable[Look]) -> Iterator[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for fault in (*page.evaluate(FAULTS, ALL_RULES), *_out_of_place(page)):
            yield f"at {width} in {scheme}: {fault}"


def faults_without_script(page: Page) -> Iterator[str]:
    """What axe finds in the page as it was sent."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    yield from (f"without script: {fault}" for fault in page.evaluate(FAULTS, ALL_RULES))


def faults_with_larger_text(page: Page) -> Iterator[str]:
    """What gets lost when text is spaced out, on a phone, or twice as large, on a desk."""
    for name, width, change in (
        ("spaced", 320, SPACING),
        ("doubled", 1280, TWICE),
        ("spaced", 1280, SPACING),
    ):
        page.reload()
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(change)
        for fault in (*page.evaluate(CUT_OFF), *_out_of_place(page)):
            yield f"with text {name} at {width}: {fault}"


def _out_of_place(page: Page) -> Iterator[str]:
    yield from (f"too wide: {html}" for html in page.evaluate(TOO_WIDE))
    yield from (f"lower than 44 px: {html}" for html in page.evaluate(TOO_LOW))
