"""How a scenario is scored, taken again and looked back on. Pure."""

from dataclasses import dataclass

from pme.content.parse_course import attempts_allowed
from pme.content.parse_fields import Form
from pme.content.shapes import Debrief, Retake
from pme.words.speech import _

SHOWN = ("path_taken", "state_over_time", "panel_ratings", "expert_path", "sources", "reflection")


@dataclass(frozen=True)
class Passing:
    """The pass rule as it is written."""

    min_percent: int
    retake: Retake


def parse_pass(form: Form) -> Passing:
    """The `scoring` of a scenario. There is one rule; the file names it so that readers know."""
    scoring = form.form("scoring")
    if scoring is None:
        return Passing(100, Retake())
    scoring.one_of("item_credit", ("panel_mean_scaled",))
    rule, again = scoring.form("pass"), scoring.form("retake", required=False)
    min_percent = 100
    if rule:
        min_percent = rule.whole("min_percent", low=1, high=100)
        rule.one_of("critical", ("all",), "all")
        rule.text("method")
        rule.finish(ignore=("judges", "date"))
    retake = Retake()
    if again:
        retake = Retake(
            after=again.maybe("after") or "debrief",
            maximum=attempts_allowed(again, "max"),
            form=again.maybe("form") or "same",
        )
        again.finish()
    scoring.finish()
    return Passing(min_percent, retake)


def parse_debrief(form: Form) -> Debrief:
    """The after-action review and the expert path, written as `d1.a`."""
    debrief = form.form("debrief")
    if debrief is None:
        return Debrief(structure=(), expert_path=())
    steps = []
    for text in debrief.items("expert_path", required=True):
        node, dot, choice = text.value.strip().rpartition(".")
        if not dot or not node or not choice:
            debrief.error(
                "expert_path", _("“{text}” is not a step; write node.choice, such as d1.a.", text=text.value)
            )
        else:
            steps.append((node, choice))
    for name in debrief.texts("show"):
        if name not in SHOWN:
            debrief.error(
                "show", _("“{name}” cannot be shown; known are {shown}.", name=name, shown=", ".join(SHOWN))
            )
    for name in ("structure", "prompts"):
        for text in debrief.items(name):
            form.book.told(text.line, text.value)
    read = Debrief(
        structure=debrief.texts("structure", required=True),
        prompts=debrief.texts("prompts"),
        show=debrief.texts("show"),
        expert_path=tuple(steps),
    )
    debrief.finish()
    return read
