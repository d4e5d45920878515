"""What a student does in the stories: read, answer rightly or wrongly, decide, reflect."""

from collections.abc import Mapping

from tests.support.client import Page, Visit

COURSE = "/learn/core"
BASICS = f"{COURSE}/basics"
RIGHT: dict[str, "Said"] = {
    "Which one?": ["Answer alpha"],
    "Is it so?": ["False"],
    "Which ones?": ["Answer delta", "Answer echo"],
}
WRONG: dict[str, "Said"] = {
    "Which one?": ["Answer bravo"],
    "Is it so?": ["True"],
    "Which ones?": ["Answer foxtrot"],
}
FURTHER = f"{COURSE}/further"
Said = list[str] | str | dict[str, str]
"""An answer in a story: what is chosen, what is typed, or the rating of each way."""
RIGHT_JUDGED: dict[str, Said] = {
    "How much water?": "4 800 litres",
    "What do you ask for?": "Consent!",
    "How well does each serve?": {"Way kilo": "4", "Way lima": "3", "Way mike": "2", "Way november": "1"},
    "Which one surely?": ["Answer oscar"],
    "How would you prepare?": "I would talk with my squad leaders first.",
}
WRONG_JUDGED: dict[str, Said] = {
    "How much water?": "12,5",
    "What do you ask for?": "permission",
    "How well does each serve?": {"Way kilo": "1", "Way lima": "2", "Way mike": "3", "Way november": "4"},
    "Which one surely?": ["Answer papa"],
    "How would you prepare?": "I would wait.",
}
PAIRS = {"sun": "day", "moon": "night"}
ORDER = ("Step golf", "Step hotel", "Step india")


def read_module(visit: Visit, address: str) -> Page:
    """Read both pages of a module."""
    visit.get(f"{address}/first").press("Mark as read and continue")
    return visit.get(f"{address}/second").press("Mark as read and continue")


def answer(
    page: Page, answers: Mapping[str, Said], *, order: tuple[str, ...] = ORDER, sure: str = ""
) -> Page:
    """Answer the question on the page, whichever it is, and go on; `sure` is said where it is asked."""
    legend = next((stem for stem in answers if stem in page.words), None)
    if legend:
        return page.press("Save and continue", **filled(page, answers[legend], sure=sure))
    if "What belongs together?" in page.words:
        return page.press(
            "Save and continue", **_matches(page, {"sun": "noon"} if answers is WRONG else PAIRS)
        )
    steps = {
        " ".join(li.xpath("string(./span)").split()): li.xpath("./input")[0].get("value")
        for li in _steps(page)
    }
    return page.press("Save and continue", order=[steps[text] for text in order])


def filled(page: Page, said: Said, *, sure: str = "") -> dict[str, str | list[str]]:
    """The fields of a question, filled in."""
    fields: dict[str, str | list[str]] = {}
    if isinstance(said, dict):
        fields |= {_rate_field(page, way): rating for way, rating in said.items()}
    elif isinstance(said, str):
        fields["answer"] = said
    else:
        values = page.choices("answer")
        fields["answer"] = [values[text] for text in said]
    for text, value in page.choices("sure").items():
        if sure and text.startswith(sure):
            fields["sure"] = value
    return fields


def answer_all(
    visit: Visit,
    answers: Mapping[str, Said] = RIGHT,
    *,
    quiz: str = f"{BASICS}/quiz/check",
    sure: str = "",
) -> Page:
    """Begin a quiz (or go on with it) and answer every question; ends on the check."""
    start = visit.get(quiz)
    page = start.submit()
    order = tuple(reversed(ORDER)) if answers is WRONG else ORDER
    while "Question" in page.title:
        page = answer(page, answers, order=order, sure=sure)
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


def _rate_field(page: Page, way: str) -> str:
    assert page.tree is not None
    for ways in page.tree.xpath("//fieldset//fieldset"):
        if " ".join(ways.xpath("string(./legend)").split()) == way:
            return str(ways.xpath(".//input/@name")[0])
    raise AssertionError(f"no way “{way}” on {page.path}")


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
