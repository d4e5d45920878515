"""Words in templates: `_`, `_n`, `_p`, `lazy` and blocks `{% trans %}`; values are escaped, catalogues trusted.

A block is `{% trans name=value %}Text with <b>tags</b> and {{ name }}{% endtrans %}`; after `{% pluralize n %}`
comes the text for many. Its places are `{name}` in the catalogue, as everywhere.
"""

from typing import Any

from jinja2 import Environment, Template, nodes, pass_eval_context
from jinja2.environment import TemplateModule
from jinja2.ext import InternationalizationExtension
from jinja2.nodes import EvalContext
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import Markup

from pme.words import speech
from pme.words.catalogue import catalogue_of
from pme.words.folding import APART
from pme.words.isolating import apart, places_in_tags
from pme.words.languages import RIGHT_TO_LEFT, direction, runs

SAYS = "_words_say"
"""What a block calls: (context, one, many, number, values)."""


@pass_eval_context
def _say(ctx: EvalContext, text: str, /, **values: object) -> str:
    return _said(ctx, catalogue_of(speech.current()).one(text), values)


@pass_eval_context
def _say_p(ctx: EvalContext, context: str, text: str, /, **values: object) -> str:
    return _said(ctx, catalogue_of(speech.current()).one(text, context), values)


@pass_eval_context
def _say_n(ctx: EvalContext, one: str, many: str, number: int, /, **values: object) -> str:
    counted = catalogue_of(speech.current()).counted(one, many, number)
    return _said(ctx, counted, {"n": number} | values)


@pass_eval_context
def _say_np(ctx: EvalContext, context: str, one: str, many: str, number: int, /, **values: object) -> str:
    counted = catalogue_of(speech.current()).counted(one, many, number, context)
    return _said(ctx, counted, {"n": number} | values)


@pass_eval_context
def _say_block(
    ctx: EvalContext, context: str | None, one: str, many: str | None, number: int, values: dict[str, object]
) -> str:
    spoken = catalogue_of(speech.current())
    text = spoken.one(one, context) if many is None else spoken.counted(one, many, number, context)
    return _said(ctx, text, values)


def _said(ctx: EvalContext, text: str, values: dict[str, Any]) -> str:
    if values and speech.current() in RIGHT_TO_LEFT:
        kept = places_in_tags(text)
        values = {name: value if name in kept else apart(value) for name, value in values.items()}
    if ctx.autoescape:
        trusted = Markup(text)  # noqa: S704  (of templates and catalogues, which are code)
        return trusted.format(**values) if values else trusted
    return text.format(**values) if values else text


class Words(InternationalizationExtension):
    """Blocks whose places are written as everywhere else."""

    def _parse_block(self, parser: Parser, allow_pluralize: bool) -> tuple[list[str], str]:
        named, texts = super()._parse_block(parser, allow_pluralize)
        for name in named:
            texts = texts.replace(f"%({name})s", f"{{{name}}}")
        return named, texts.replace("%%", "%")

    def _make_node(
        self,
        singular: str,
        plural: str | None,
        context: str | None,
        variables: dict[str, nodes.Expr],
        plural_expr: nodes.Expr | None,
        vars_referenced: bool,  # noqa: ARG002
        num_called_num: bool,  # noqa: ARG002
    ) -> nodes.Output:
        pairs = [nodes.Pair(nodes.Const(name), value) for name, value in variables.items()]
        said = nodes.Call(
            nodes.Name(SAYS, "load"),
            [
                nodes.Const(context),
                nodes.Const(singular),
                nodes.Const(plural),
                plural_expr or nodes.Const(0),
                nodes.Dict(pairs),
            ],
            [],
            None,
            None,
        )
        return nodes.Output([said])


class SpokenTemplate(Template):
    """A template whose constants, made when it is first imported, are made once for each language.

    No template is given globals of its own, so that these need not be compared at each import.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        made: dict[str, TemplateModule] = self.__dict__.setdefault("_spoken", {})
        module = made.get(speech.current())
        if module is None:
            module = made[speech.current()] = self.make_module()
        return module


def teach(environment: Environment) -> None:
    """Give an environment words."""
    environment.policies["ext.i18n.trimmed"] = True
    environment.template_class = SpokenTemplate
    environment.add_extension(Words)
    environment.add_extension("jinja2.ext.do")
    environment.globals |= {
        "_": _say,
        "_p": _say_p,
        "_n": _say_n,
        "_np": _say_np,
        SAYS: _say_block,
        "language_spoken": speech.current,
    }
    environment.filters |= {"bdi": _bdi, "direction": direction, "runs": runs, APART: apart}


def _bdi(text: object) -> Markup:
    """A name or a code, apart from the sentence around it."""
    return Markup("<bdi>{}</bdi>").format(text)
