"""What a student does in the stories: read, answer rightly or wrongly, decide, reflect."""

from tests.support.client import Page, Visit

COURSE = "/learn/core"
BASICS = f"{COURSE}/basics"
RIGHT = {
    "Which one?": ["Answer alpha"],
    "Is it so?": ["False"],
    "Which ones?": ["Answer delta", "Answer echo"],
}
WRONG = {"Which one?": ["Answer bravo"], "Is it so?": ["True"], "Which ones?": ["Answer foxtrot"]}
PAIRS = {"sun": "day", "moon": "night"}
ORDER = ("Step golf", "Step hotel", "Step india")


def read_module(visit: Visit, address: str) -> Page:
    """Read both pages of a module."""
    visit.get(f"{address}/first").press("Mark as read and continue")
    return visit.get(f"{address}/second").press("Mark as read and continue")


def answer(page: Page, answers: dict[str, list[str]], *, order: tuple[str, ...] = ORDER) -> Page:
    """Answer the question on the page, whichever it is, and go on."""
    legend = next((stem for stem in answers if stem in page.words), None)
    if legend:
        values = page.choices("answer")
        return page.press("Save and continue", answer=[values[text] for text in answers[legend]])
    if "What belongs together?" in page.words:
        return page.press(
            "Save and continue", **_matches(page, {"sun": "noon"} if answers is WRONG else PAIRS)
        )
    steps = {
        " ".join(li.xpath("string(./span)").split()): li.xpath("./input")[0].get("value")
        for li in _steps(page)
    }
    return page.press("Save and continue", order=[steps[text] for text in order])


def answer_all(
    visit: Visit, answers: dict[str, list[str]] = RIGHT, *, quiz: str = f"{BASICS}/quiz/check"
) -> Page:
    """Begin a quiz (or go on with it) and answer every question; ends on the check."""
    start = visit.get(quiz)
    page = start.submit()
    order = tuple(reversed(ORDER)) if answers is WRONG else ORDER
    while "Question" in page.title:
        page = answer(page, answers, order=order)
    return page


def pass_quiz(visit: Visit) -> Page:
    """Pass the quiz; ends on the result."""
    return answer_all(visit).press("Hand in")


def decide(page: Page, what: str) -> Page:
    """Take the decision with this text."""
    return page.submit_decision(page.choices("choice")[what])


def begin_scenario(visit: Visit, slug: str = "checkpoint") -> Page:
    """Begin a scenario, or go on with it."""
    page = visit.get(f"{BASICS}/scenario/{slug}")
    button = "Begin the scenario" if "Begin the scenario" in page.words else "Go on with your attempt"
    return page.press(button)


def play(visit: Visit, first: str = "Do listen", second: str = "Do help", slug: str = "checkpoint") -> Page:
    """Play a scenario to its debrief."""
    page = decide(decide(begin_scenario(visit, slug), first), second)
    if slug == "practice":
        page = page.press("Go on to the debrief")
    return page


def reflect(page: Page, text: str = "I would listen first.") -> Page:
    """Write a reflection and finish the debrief."""
    return page.press("Finish the debrief", prompt_0=text)


def complete_course(visit: Visit) -> Page:
    """Everything the core course asks for; ends on the certificates."""
    read_module(visit, BASICS)
    pass_quiz(visit)
    reflect(play(visit))
    reflect(play(visit, slug="practice"))
    read_module(visit, f"{COURSE}/further")
    return visit.get("/certificates")


def _matches(page: Page, pairs: dict[str, str]) -> dict[str, str]:
    assert page.tree is not None
    filled = {}
    for select in page.tree.xpath("//main//select"):
        label = page.tree.xpath(f"//label[@for='{select.get('id')}']")[0]
        left = " ".join(label.xpath("string()").split())
        for option in select.xpath(".//option"):
            if " ".join(option.xpath("string()").split()).partition(". ")[2] == pairs.get(left):
                filled[select.get("name")] = option.get("value")
    return filled


def _steps(page: Page) -> list:  # type: ignore[type-arg]
    assert page.tree is not None
    return list(page.tree.xpath("//li[input[@name='order']]"))
