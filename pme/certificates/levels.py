"""The level of a learning outcome, by its verb. Pure.

Levels are those of the revised taxonomy of educational objectives (Anderson & Krathwohl 2001, table 5.1) with
verbs as that table and its alternatives name them. A verb that it does not name has no level.
"""

from pme.content.shapes import Outcome

VERBS = {
    "remember": "define identify label list name recall recognise state",
    "understand": "classify compare conclude contrast describe discuss distinguish exemplify explain illustrate "
    "infer interpret outline paraphrase predict summarise translate",
    "apply": "apply calculate carry conduct demonstrate execute follow implement operate perform practise use",
    "analyse": "analyse attribute deconstruct differentiate examine integrate map organise structure trace",
    "evaluate": "appraise assess balance check choose critique decide defend evaluate judge justify prioritise "
    "recommend select weigh",
    "create": "build compose construct create design develop devise draft formulate generate plan produce",
}
LEVEL_OF = {verb: level for level, verbs in VERBS.items() for verb in verbs.split()}


def level_of(outcome: Outcome) -> str:
    """The level of an outcome, such as “apply”; empty where its verb has none."""
    verb = (outcome.verb or outcome.text.partition(" ")[0]).strip(" ,.").lower()
    if verb.endswith("ze"):
        verb = verb[:-2] + "se"
    return LEVEL_OF.get(verb, "")
