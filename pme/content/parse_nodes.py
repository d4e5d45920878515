"""The nodes of a scenario: what is told, what is decided and where it leads. Pure."""

from collections.abc import Mapping

from pme.content.parse_fields import Form
from pme.content.parse_setting import parse_setting
from pme.content.parse_sources import Bibliography, refs
from pme.content.shapes import (
    Branch,
    BriefNode,
    Choice,
    Citation,
    DecisionNode,
    Ending,
    Key,
    Node,
    ResolveNode,
    Variant,
)
from pme.content.yaml_tree import Fields, Text
from pme.words.speech import _, _p

KINDS = ("brief", "decision", "resolve")
STRONGEST = 10


def parse_nodes(
    form: Form, bibliography: Bibliography, local: Mapping[str, Citation], *, has_clock: bool = True
) -> dict[str, Node]:
    """Every node by its id, in the order written; without a clock no time of the story is told."""
    found: dict[str, Node] = {}
    for name, entry in form.named("nodes", _p("part of a file", "node")):
        kind = entry.one_of("kind", KINDS)
        story_time = entry.maybe("story_time") if kind != "resolve" else None
        told = story_time if has_clock else None
        setting = parse_setting(entry) if kind != "resolve" else None
        if kind == "brief":
            found[name] = BriefNode(
                id=name,
                story_time=told,
                setting=setting,
                variants=_variants(entry, required=True),
                goto=entry.text("goto"),
            )
        elif kind == "decision":
            found[name] = DecisionNode(
                id=name,
                story_time=told,
                setting=setting,
                variants=_variants(entry, required=False),
                prompt=entry.told("prompt"),
                outcomes=entry.texts("outcomes", required=True),
                choices=_choices(entry, bibliography, local),
            )
        else:
            found[name] = ResolveNode(id=name, branches=_branches(entry))
        entry.finish()
    return found


def parse_endings(form: Form) -> tuple[Ending, ...]:
    """How the scenario can end; an ending called harm is one without being marked."""
    found = []
    for name, entry in form.named("outcomes", _p("part of a file", "ending")):
        found.append(
            Ending(
                id=name,
                label=entry.text("label"),
                text_html=entry.paragraphs("text"),
                harm=entry.yes("harm", default=name == "harm"),
            )
        )
        entry.finish()
    return tuple(found)


def _variants(entry: Form, *, required: bool) -> tuple[Variant, ...]:
    if not entry.has("variants"):
        if required or entry.has("text"):
            return (Variant(text_html=entry.paragraphs("text")),)
        return ()
    if entry.has("text"):
        entry.error("variants", _("“text” and “variants” exclude each other; keep one."))
    found = []
    for each in entry.forms("variants", _("{what}, variant", what=entry.what)):
        found.append(Variant(when=each.maybe("when"), text_html=each.paragraphs("text")))
        each.finish()
    return tuple(found)


def _branches(entry: Form) -> tuple[Branch, ...]:
    found = []
    for each in entry.forms("goto", _("{what}, branch", what=entry.what)):
        found.append(Branch(when=each.maybe("when"), to=each.text("to")))
        each.finish()
    return tuple(found)


def _choices(entry: Form, bibliography: Bibliography, local: Mapping[str, Citation]) -> tuple[Choice, ...]:
    found = []
    for name, each in entry.named("choices", _("{what}, choice", what=entry.what)):
        cited = refs(each, bibliography, local)
        if not each.texts("refs"):
            each.error("refs", _("no source is cited; name at least one in refs."))
        found.append(
            Choice(
                id=name,
                text_html=each.inline("text"),
                key=key_of(each),
                effects=_effects(each),
                raises=each.texts("set"),
                critical=each.maybe("critical"),
                satisfies=each.maybe("satisfies"),
                irreversible=each.yes("irreversible", default=False),
                feedback_html=each.inline("feedback"),
                refs=cited,
                goto=each.text("goto"),
            )
        )
        each.finish()
    return tuple(found)


def key_of(choice: Form) -> Key:
    """The key of a choice or option: a rating by its author, or all ratings of a panel."""
    key = choice.form("key")
    if key is None:
        return Key(by="author", rating=1)
    if key.has("panel"):
        ratings = []
        for rating in key.items("panel", required=True):
            if rating.value not in ("1", "2", "3", "4"):
                choice.book.findings.error(rating.line, _("{what}: a rating is 1, 2, 3 or 4.", what=key.what))
            else:
                ratings.append(int(rating.value))
        key.one_of("by", ("panel",), "panel")
        read = Key(by="panel", panel=tuple(ratings))
    else:
        key.one_of("by", ("author",))
        read = Key(by="author", rating=key.whole("rating", low=1, high=4))
    key.finish()
    return read


def _effects(choice: Form) -> dict[str, int]:
    node = choice.node("effects")
    if node is None or (isinstance(node, Text) and not node.value):
        return {}
    if not isinstance(node, Fields):
        choice.error("effects", _("“effects” holds names with numbers, such as {trust: +1}."))
        return {}
    effects = Form(node, choice.book, _("{what}, effects", what=choice.what))
    return {
        key.value: effects.whole(key.value, low=-STRONGEST, high=STRONGEST) for key, _unused in node.entries
    }
