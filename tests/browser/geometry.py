"""Sizes and places on a page: what is too wide, cut off, too small to press, or has the focus and does not show it."""

from collections.abc import Iterator, Sequence

from playwright.sync_api import Page

TOO_WIDE = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const out = e => (box => box.right > page.clientWidth + 1 || box.left < -1)(e.getBoundingClientRect());
    return [...document.querySelectorAll("body *")]
        .filter(e => out(e) && !e.closest(".scroll, .skip, .hidden"))
        .slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""
TOO_LOW = """() => {
    const fields = ":is(select, textarea, input:not([type=hidden], [type=radio], [type=checkbox]))";
    return [...document.querySelectorAll(`.button, .choice, main ${fields}, .band :is(a, button)`)]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.9)
        .slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""
TOO_SMALL = """() => {
    // A link within a sentence may be as high as its line; a box may be pressed by its label.
    const pressed = e => e.matches("input") ? e.closest("label") ?? document.querySelector(`label[for="${e.id}"]`) : e;
    const size = e => e.getBoundingClientRect();
    const small = box => Math.min(box.width, box.height) < 23.9;
    return [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
        .filter(e => e.checkVisibility() && !e.closest(".skip, svg, .hidden"))
        .filter(e => getComputedStyle(e).display !== "inline")
        .filter(e => small(size(e)) && small(size(pressed(e) ?? e)))
        .slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""
CUT_SHORT = """() => {
    // What a list shows as chosen, unless it has all of its line, or 18rem: a choice may be a sentence.
    const room = e => (style => e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight))(
        getComputedStyle(e));
    return [...document.querySelectorAll("select")].filter(e => e.checkVisibility() && e.selectedIndex >= 0)
        .filter(e => {
            const alone = e.cloneNode(), around = e.parentElement;
            let line = around.parentElement;
            while (getComputedStyle(line).display === "contents") line = line.parentElement;
            if (e.offsetWidth > room(around) - 2 && around.offsetWidth > room(line) - 2) return false;
            if (e.offsetWidth > 288) return false;
            alone.append(e.options[e.selectedIndex].cloneNode(true));
            alone.style = "position:absolute;visibility:hidden;width:auto;min-width:0;max-width:none";
            e.parentElement.append(alone);
            const needed = alone.offsetWidth;
            alone.remove();
            return needed > e.offsetWidth + 1;
        }).slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""
BROKEN = """() => {
    // A short word on two lines, or a state in a table that is broken although there was room.
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), found = [];
    const lines = range => new Set([...range.getClientRects()].filter(b => b.width).map(b => Math.round(b.top))).size;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const around = text.parentElement;
        if (!/\\p{L}{4}/u.test(text.data) || !around.checkVisibility()) continue;
        if (around.closest(".hidden, .skip, .code, code, pre, option, textarea, script, style, svg")) continue;
        range.selectNodeContents(text);
        if (range.getBoundingClientRect().width > 12 * rem || lines(range) < 2) continue;
        if (around.matches("td .tag") && around.offsetWidth < 13.9 * rem) found.push(around);
        for (const word of text.data.matchAll(/(?<![\\p{L}\\p{M}@./_-])[\\p{L}\\p{M}]{4,15}(?![\\p{L}\\p{M}@/_-])/gu)) {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            if (lines(range) > 1) found.push(around);
        }
    }
    return [...new Set(found)].slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""
FILLED = """() => {
    // A table that is moved sideways keeps its first column in sight: the others need room beside it.
    return [...document.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth + 1)
        .map(e => [e, e.querySelector("tbody th")]).filter(([e, th]) => th && th.offsetWidth > .65 * e.clientWidth)
        .slice(0, 3).map(([, th]) => th.outerHTML.slice(0, 120));
}"""
CUT_OFF = """() => {
    const width = document.documentElement.clientWidth, lost = [];
    const outside = box => box.right > width + 1 || box.left < -1;
    for (const e of document.querySelectorAll("body *")) {
        const own = ".hidden, .skip, svg, input, select, progress, .lined, [popover]";
        if (!e.checkVisibility() || e.closest(own)) continue;
        const style = getComputedStyle(e);
        const hides = value => value === "hidden" || value === "clip";
        const wide = e.scrollWidth > e.clientWidth + 1, tall = e.scrollHeight > e.clientHeight + 1;
        const isFramed = e.matches(".button, .tag, .choice, .notice, .card, .box, .band *, .foot *");
        if ((hides(style.overflowX) && wide) || (hides(style.overflowY) && tall)) lost.push(e);
        else if (isFramed && style.display !== "inline" && wide) lost.push(e);
        else if (!e.closest(".scroll") && outside(e.getBoundingClientRect())) lost.push(e);
    }
    return lost.slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""
SPACING = (
    "* {line-height: 1.5 !important; letter-spacing: .12em !important}"
    "* {word-spacing: .16em !important} p {margin-block-end: 2em !important}"
)
"""The text spacing of WCAG 1.4.12."""
TWICE = "html {font-size: 200% !important}"
CHANGED = """sheet => {
    const own = new CSSStyleSheet();
    own.replaceSync(sheet);
    document.adoptedStyleSheets = sheet ? [own] : [];
}"""
FOCUS = """() => {
    const faults = [];
    for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
        if (!e.checkVisibility() || e.closest("[popover], .hidden, svg") || e.disabled) continue;
        e.focus({focusVisible: true});
        if (document.activeElement !== e) continue;
        const shown = e.closest(".choice") ?? e, style = getComputedStyle(shown), boxes = [...shown.getClientRects()];
        const says = e.outerHTML.slice(0, 120);
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 3) faults.push(`shows no focus: ${says}`);
        const inside = boxes.filter(b => b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth);
        const free = ({left, width, top, bottom}) => {
            const high = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
            const hit = document.elementFromPoint(left + width / 2, high);
            return !hit || shown.contains(hit) || hit.contains(shown) || [...e.labels ?? []].some(l => l.contains(hit));
        };
        if (inside.length && !inside.some(free)) faults.push(`has the focus and is covered: ${says}`);
    }
    document.activeElement?.blur();
    scrollTo(0, 0);
    return faults.slice(0, 3);
}"""
FOLDED_ON_PAPER = """() => [...document.querySelectorAll("main details > :not(summary)")]
    .filter(e => e.closest("details").checkVisibility() && getComputedStyle(e).display !== "none")
    .filter(e => !e.checkVisibility({contentVisibilityAuto: true}))
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""
PRESSED_ON_PAPER = """() => [...document.querySelectorAll("button, .button, .skip, .band, .foot")]
    .filter(e => e.checkVisibility() && !e.closest("[popover]")).slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""
CHANGES = (("spaced", 320, SPACING), ("doubled", 1280, TWICE), ("spaced", 1280, SPACING))
"""What readers may do to the text: how it is called, how wide the window is then, and a sheet that does it."""


def out_of_place(page: Page) -> Iterator[str]:
    """What is too wide for the page, too small to be pressed, or breaks its words without need."""
    looks = (
        ("too wide", TOO_WIDE),
        ("lower than 44 px", TOO_LOW),
        ("under 24 px", TOO_SMALL),
        ("shows half of what is chosen", CUT_SHORT),
        ("breaks a word", BROKEN),
        ("leaves the other columns no room", FILLED),
    )
    yield from _found(page, looks)


def lost_in_larger_text(page: Page) -> Iterator[str]:
    """What gets lost when text is spaced out, on a phone and on a desk, or twice as large, on a desk."""
    for name, width, sheet in CHANGES:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(CHANGED, sheet)
        for fault in _found(page, (("cut off", CUT_OFF), ("too wide", TOO_WIDE))):
            yield f"with text {name} at {width}: {fault}"
    page.evaluate(CHANGED, "")


def unseen_in_focus(page: Page) -> Iterator[str]:
    """What can have the focus and then shows no ring of 3 px, or stands under something else."""
    yield from page.evaluate(FOCUS)


def pressed_on_paper(page: Page) -> Iterator[str]:
    """What a printed page holds that can only be pressed, and what stays folded on it."""
    page.emulate_media(media="print")
    yield from (f"on paper: {html}" for html in page.evaluate(PRESSED_ON_PAPER))
    yield from (f"folded on paper: {html}" for html in page.evaluate(FOLDED_ON_PAPER))
    page.emulate_media(media="screen")


def _found(page: Page, looks: Sequence[tuple[str, str]]) -> Iterator[str]:
    """All in one message to the browser: each would wait for an answer of its own."""
    each = ", ".join(script for _, script in looks)
    for (name, _), found in zip(looks, page.evaluate(f"() => [{each}].map(look => look())"), strict=True):
        yield from (f"{name}: {html}" for html in found)
