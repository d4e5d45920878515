"""Two ways of using a page: with a pointer, and by keyboard alone. A story is told once for both."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Self

from playwright.sync_api import Locator, Page, expect

from tests.support.cast import PASSWORD, email_of

FURTHEST = 120
"""Presses of Tab after which a thing counts as out of reach."""
STEM = "form legend"
STEPS = "[data-order] li > span"
RIGHT = {
    "Which one?": ["Answer alpha"],
    "Is it so?": ["False"],
    "Which ones?": ["Answer delta", "Answer echo"],
}
PAIRS = {"sun": r"[A-C]\. day", "moon": r"[A-C]\. night"}
ORDER = ["Step golf", "Step hotel", "Step india"]
FOCUS = """() => {
    const element = document.activeElement;
    const shown = element.closest(".choice") ?? element;
    const style = getComputedStyle(shown);
    const box = shown.getClientRects()[0] ?? {width: 0, height: 0, left: 0, top: 0};
    // Of a tall text the browser shows the line with the caret: the middle of what is in sight has to be free.
    const high = (Math.max(box.top, 0) + Math.min(box.top + box.height, innerHeight)) / 2;
    const hit = document.elementFromPoint(box.left + box.width / 2, high);
    return {
        html: element.outerHTML.slice(0, 160),
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        free: !!hit && (shown.contains(hit) || hit.contains(shown)),
    };
}"""


class Hands(ABC):
    """Somebody at one page of a browser."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, path: str) -> None:
        """Go to an address of the platform."""
        self.page.goto(self.address + path)

    def sees(self, text: str) -> None:
        """Wait until the page shows a text."""
        expect(self.page.locator("main")).to_contain_text(text)

    def is_at(self, path: str) -> None:
        """Wait until the page has this address."""
        expect(self.page).to_have_url(re.compile(re.escape(self.address) + path + "$"))

    def reads(self, title: str) -> None:
        """Wait until the page has this first heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    @property
    def title(self) -> str:
        """The page's first heading."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def press(self, button: str) -> None:
        """Press a button."""
        self.activate(self.page.get_by_role("button", name=button, exact=True))

    def move(self, step: str, way: str) -> None:
        """Press “Up” or “Down” of one step of an ordering."""
        self.activate(self.page.get_by_role("button", name=re.compile(rf"^{way} ?: {step}$")))

    def follow(self, link: str) -> None:
        """Follow a link."""
        self.activate(self.page.get_by_role("link", name=link, exact=True).first)

    @abstractmethod
    def activate(self, thing: Locator) -> None:
        """Press or follow."""

    @abstractmethod
    def choose(self, label: str | re.Pattern[str], *, within: str = "") -> None:
        """Choose a radio button or tick a box, if need be the one within the group of this name."""

    @abstractmethod
    def pick(self, label: str, option: str) -> None:
        """Choose in a drop-down list; `option` is a pattern of the whole text."""

    @abstractmethod
    def write(self, label: str, text: str) -> None:
        """Write into a field."""

    def labelled(self, label: str | re.Pattern[str], within: str = "") -> Locator:
        """The field with this label, if need be within the group of this name."""
        group = self.page.get_by_role("group", name=within, exact=True) if within else self.page
        return group.get_by_label(label, exact=True)

    def in_another_tab(self) -> Self:
        """The same person at the same address, in a second tab."""
        other = type(self)(self.page.context.new_page(), self.address)
        other.page.goto(self.page.url)
        return other

    # ---- what a student does

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Sign in from the first page."""
        self.open("/")
        self.follow("Sign in")
        self.write("E-mail address", email_of(name))
        self.write("Password", password)
        self.press("Sign in")
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def answer(self) -> None:
        """Answer the question on the page rightly, whichever it is, and go on."""
        stem, title = self.page.locator(STEM).first.inner_text(), self.title
        if stem in RIGHT:
            for label in RIGHT[stem]:
                self.choose(label)
        elif stem == "What belongs together?":
            for left, right in PAIRS.items():
                self.pick(left, right)
        else:
            self.put_in_order(ORDER)
        self.press("Save and continue")
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text(title)

    def put_in_order(self, wanted: Sequence[str]) -> None:
        """Move the steps by their buttons until they stand in the wanted order."""
        steps = self.page.locator(STEPS)
        for place, step in enumerate(wanted):
            order = steps.all_inner_texts()
            for here in range(order.index(step), place, -1):
                order[here - 1], order[here] = order[here], order[here - 1]
                self.move(step, "Up")
                expect(steps).to_have_text(order)

    def answer_all(self) -> None:
        """Answer every question; ends on the check."""
        while self.title.startswith("Question"):
            self.answer()
        self.reads("Check your answers")

    def decide(self, choice: str, *, button: str = "Decide: this is final") -> None:
        """Take a decision."""
        self.choose(choice)
        self.press(button)


class Pointer(Hands):
    """With a mouse or a finger."""

    def activate(self, thing: Locator) -> None:
        thing.click()

    def choose(self, label: str | re.Pattern[str], *, within: str = "") -> None:
        self.labelled(label, within).check()

    def pick(self, label: str, option: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        texts = field.locator("option").all_inner_texts()
        field.select_option(index=next(n for n, text in enumerate(texts) if re.fullmatch(option, text)))

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)


class Keyboard(Hands):
    """Without any pointer: Tab, Enter, Space and arrows. Every stop on the way must show the focus."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address)
        self.faults: list[str] = []
        self.stops = 0

    def activate(self, thing: Locator) -> None:
        self.reach(thing)
        self.page.keyboard.press("Enter")

    def choose(self, label: str | re.Pattern[str], *, within: str = "") -> None:
        wanted = self.labelled(label, within)
        if wanted.get_attribute("type") == "radio":
            name = wanted.get_attribute("name")
            self.reach(self.page.locator(f"input[name='{name}']"))
            while not self._is_here(wanted):
                self.page.keyboard.press("ArrowDown")
        else:
            self.reach(wanted)
        if not wanted.is_checked():
            self.page.keyboard.press("Space")
        expect(wanted).to_be_checked()

    def pick(self, label: str, option: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        self.reach(field)
        self.page.keyboard.press("Home")
        for _ in field.locator("option").all():
            if re.fullmatch(option, field.locator("option:checked").inner_text()):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no option {option} for {label}")

    def write(self, label: str, text: str) -> None:
        self.reach(self.page.get_by_label(label, exact=True))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def reach(self, thing: Locator) -> None:
        """Press Tab until the thing (or one of the things) has the focus."""
        expect(thing.first).to_be_visible()
        is_in_main = thing.first.evaluate("element => !!element.closest('main')")
        for _ in range(FURTHEST):
            if self._is_here(thing):
                return
            self.page.keyboard.press("Tab")
            if self._look() and is_in_main:
                self.page.keyboard.press("Enter")
        raise AssertionError(f"Tab does not reach {thing} on {self.page.url}")

    def _is_here(self, thing: Locator) -> bool:
        return bool(thing.evaluate_all("elements => elements.includes(document.activeElement)"))

    def _look(self) -> bool:
        """Note whether the focus is seen; tells whether it is on the skip link."""
        focus = self.page.evaluate(FOCUS)
        if focus["html"].startswith("<body"):
            return False  # between the end of the page and its beginning
        self.stops += 1
        if focus["outline"] < 3:
            self.faults.append(f"the focus is not seen on {self.page.url}: {focus['html']}")
        if not focus["free"]:
            self.faults.append(f"what has the focus is covered on {self.page.url}: {focus['html']}")
        return str(focus["html"]).startswith('<a class="skip"')
