"""The mirror: a page set from right to left must be the picture of itself in a mirror, within a pixel.

The page is measured as it is, then with `dir=rtl` on its root. Words are overridden to run in the direction of
the page, so that what stands within a line can be compared too, and not only boxes; shaping that depends on the
direction is off. What is isolated on purpose keeps its own direction: its box must be mirrored, what is in it not.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from pme.words.languages import RIGHT_TO_LEFT

ISOLATED = {
    "svg": "a drawing or a graph is a picture with its own left and right; a chart is turned as a whole",
    "bdi": "a name or a code keeps its own direction, whatever stands around it",
    "code, pre, kbd, .code": "what a machine reads is written from left to right",
    "[dir]:not(html), [lang]:not(html)": "a text in another language than the page's, an address or a code says it",
    "input, select, textarea, progress, audio, video": "the browser draws what is within a field",
    ".margin, .mirror": "line numbers beside an editor, placed by its script; the editor's text is in one language",
}
"""What has a direction of its own, and why."""
PIXEL = 1.0
MEASURES = """([isolated, pixel]) => {
    const root = document.documentElement, was = root.dir, sheets = [...document.adoptedStyleSheets];
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`*:not(:is(${isolated}), :is(${isolated}) *) { unicode-bidi: bidi-override }
        [lang]:not(html, [dir]) { unicode-bidi: isolate }
        * { font-kerning: none !important; font-variant-ligatures: none !important; transition: none !important;
            animation: none !important }`);
    document.adoptedStyleSheets = [...sheets, sheet];
    const seen = [...document.body.querySelectorAll("*")].filter(e =>
        !e.parentElement.closest(isolated) && e.checkVisibility() &&
        !e.matches("wbr, br, script, template, .margin, .mirror"));
    const own = e => e.closest("svg, [dir]:not(html), bdi, code, pre, kbd, .code");
    const drawn = "input[type=date], input[type=datetime-local], input[type=month], input[type=time]";
    const pairs = [["marginLeft", "marginRight"], ["paddingLeft", "paddingRight"],
        ["borderLeftWidth", "borderRightWidth"], ["borderLeftStyle", "borderRightStyle"],
        ["borderTopLeftRadius", "borderTopRightRadius"], ["borderBottomLeftRadius", "borderBottomRightRadius"],
        ["scrollMarginLeft", "scrollMarginRight"]];
    const aligned = style => {
        const side = style.textAlign.replace("-webkit-", ""), rtl = style.direction === "rtl";
        if (side === "start") return rtl ? "right" : "left";
        if (side === "end") return rtl ? "left" : "right";
        return side;
    };
    const floats = style => ({"inline-start": style.direction === "rtl" ? "right" : "left",
        "inline-end": style.direction === "rtl" ? "left" : "right"})[style.float] ?? style.float;
    const shadow = style => (style.boxShadow.match(/-?[\\d.]+px/) ?? ["0px"])[0];
    const styled = (e, which) => {
        const style = getComputedStyle(e, which);
        if (which && (style.content === "none" || style.content === "normal")) return null;
        const placed = which && style.position === "absolute" ? [[style.left, style.right]] : [];
        return {pairs: [...pairs.map(([one, other]) => [style[one], style[other]]), ...placed],
            aligned: aligned(style), floats: floats(style), shadow: shadow(style)};
    };
    const turns = seen.map(e => own(e) ? [] : [null, "::before", "::after"]);
    // What one way is not there is compared with nothing the other way.
    const measured = known => seen.map((e, at) => ({box: e.getBoundingClientRect(), styles: turns[at].map(
        (part, which) => known && !known[at].styles[which] ? null : styled(e, part))}));
    const close = (one, other) => one === other || Math.abs(parseFloat(one) - parseFloat(other)) <= pixel;
    const turned = {left: "right", right: "left"};
    const turn = side => turned[side] ?? side;
    root.dir = "ltr";
    const before = measured();
    root.dir = "rtl";
    const after = measured(before), width = root.clientWidth, faults = [];
    seen.forEach((e, at) => {
        const one = before[at], other = after[at], wrong = [];
        const left = width - other.box.right, right = width - other.box.left;
        if (Math.abs(one.box.left - left) > pixel || Math.abs(one.box.right - right) > pixel)
            wrong.push(`stands at ${Math.round(one.box.left)}-${Math.round(one.box.right)}`
                + ` and in the mirror at ${Math.round(left)}-${Math.round(right)}`);
        if (Math.abs(one.box.height - other.box.height) > pixel || Math.abs(one.box.top - other.box.top) > pixel)
            wrong.push(`is ${Math.round(one.box.height)} high at ${Math.round(one.box.top)}, mirrored`
                + ` ${Math.round(other.box.height)} at ${Math.round(other.box.top)}`);
        one.styles.forEach((style, which) => {
            const mirror = other.styles[which], part = ["", "::before ", "::after "][which];
            if (!style || !mirror) return;
            style.pairs.forEach(([a, b], index) => {
                if (!close(a, mirror.pairs[index][1]) || !close(b, mirror.pairs[index][0]))
                    wrong.push(`${part}${(pairs[index] ?? ["left"])[0]} is ${a} and ${b}, mirrored`
                        + ` ${mirror.pairs[index].join(" and ")}`);
            });
            if (!e.matches(drawn) && turn(style.aligned) !== mirror.aligned)
                wrong.push(`${part}is aligned ${style.aligned} both ways`);
            if (turn(style.floats) !== mirror.floats) wrong.push(`${part}floats ${style.floats} both ways`);
            if (!close(-parseFloat(style.shadow), parseFloat(mirror.shadow)))
                wrong.push(`${part}has its shadow at ${style.shadow} both ways`);
        });
        if (wrong.length) faults.push(`${e.outerHTML.slice(0, 100)} ${wrong.join("; ")}`);
    });
    document.adoptedStyleSheets = sheets;
    root.dir = was;
    return faults;
}"""


def unmirrored(page: Page) -> Iterator[str]:
    """The elements of the page, at its present width, that are not mirrored from right to left.

    A page in Arabic is not asked: its letters change their shapes, and so their widths, when they are overridden.
    """
    if page.locator("html").get_attribute("lang") in RIGHT_TO_LEFT:
        return
    yield from page.evaluate(MEASURES, [", ".join(ISOLATED), PIXEL])
