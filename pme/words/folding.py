"""Templates that already speak: what they say is put into them when they are compiled, once for each language.

A page says some hundred constant texts. Looked up while it is made, they cost more than all its other parts.
"""

import re
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from threading import RLock
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from pme.words import speech
from pme.words.catalogue import Catalogue, catalogue_of
from pme.words.isolating import places_in_tags
from pme.words.languages import RIGHT_TO_LEFT

KEPT = 600
"""Compiled templates that a process keeps, of all languages together."""
SETTLED = "pme.settled"
"""The policy that names functions whose answer to constants is always the same, so that it is asked for once."""
APART = "_words_apart"
"""The filter that keeps a value apart from a sentence that runs the other way."""
LATER: Any = object()
"""What is known only when a page is made."""
_PLACE = re.compile(r"\{(\w+)\}")
_compiled_for: ContextVar[str | None] = ContextVar("compiled_for", default=None)
_compiling = RLock()  # each template once, however many threads ask for it before it is there


def compiled_for() -> str | None:
    """The language for which a template is just being compiled."""
    return _compiled_for.get()


class SpeakingEnvironment(Environment):
    """An environment whose loaded templates are compiled for the language that is spoken, and kept by it."""

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002
        language = speech.current()
        kept: dict[tuple[str, str], Template] = self.__dict__.setdefault("_spoken", {})
        if (found := self._known(kept, language, name)) is not None:
            return found
        with _compiling:
            if (found := self._known(kept, language, name)) is not None:
                return found
            assert self.loader is not None  # noqa: S101  (templates by name come from somewhere)
            token = _compiled_for.set(language)
            try:
                found = self.loader.load(self, name, self.make_globals(globals))
            finally:
                _compiled_for.reset(token)
            if (
                len(kept) >= KEPT
            ):  # some hundred, of which a page needs a dozen: to keep an order would cost more
                kept.clear()
            kept[language, name] = found
            return found

    def _known(self, kept: dict[tuple[str, str], Template], language: str, name: str) -> Template | None:
        found = kept.get((language, name))
        return None if found is None or (self.auto_reload and not found.is_up_to_date) else found

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        language = _compiled_for.get()
        if language is not None:
            trusted = self.autoescape(name) if callable(self.autoescape) else self.autoescape
            source = _Folding(self, language, trusted).visit(source)
        return super()._generate(source, name, filename, defer_init)


class _Folding(NodeTransformer):
    """Puts texts in the place of calls that say them, where nothing but values is left to be known."""

    def __init__(self, environment: Environment, language: str, trusted: bool) -> None:
        self._language, self._trusted = language, trusted
        self._spoken: Catalogue = catalogue_of(language)
        self._globals: Mapping[str, Any] = environment.globals
        self._settled: frozenset[str] = environment.policies.get(SETTLED, frozenset())

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  (jinja2 names it)
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        values = {each.key: each.value for each in node.kwargs}
        said = self._said(node.node.name, node.args, values)
        return node if said is None else said.set_lineno(node.lineno)

    def _said(
        self, name: str, given: list[nodes.Expr], values: Mapping[str, nodes.Expr]
    ) -> nodes.Expr | None:
        known = [each.value if isinstance(each, nodes.Const) else LATER for each in given]
        match name, known:
            case "language_spoken", []:
                return nodes.Const(self._language)
            case "_", [str(text)]:
                return self._filled(self._spoken.one(text), values)
            case "_p", [str(context), str(text)]:
                return self._filled(self._spoken.one(text, context), values)
            case "_words_say", [context, str(text), None, *_]:
                return self._filled(self._spoken.one(text, context), _pairs(given[4]))
            case _ if name in self._settled and not values and LATER not in known:
                return nodes.Const(self._globals[name](*known))
        return None

    def _filled(self, text: str, values: Mapping[str, nodes.Expr]) -> nodes.Expr | None:
        """A text with the expressions of its values in their places; None where that has to be done each time."""
        if not values:
            return self._constant(text)
        pieces = _PLACE.split(text)
        named, plain = pieces[1::2], "".join(pieces[::2])
        if "{" in plain or "}" in plain or len(set(named)) < len(named) or not set(named) <= values.keys():
            return None
        in_tags = places_in_tags(text) if self._language in RIGHT_TO_LEFT else frozenset(named)
        parts: list[nodes.Expr] = [self._constant(pieces[0])]
        for place, after in zip(named, pieces[2::2], strict=True):
            value = values[place]
            parts.append(value if place in in_tags else nodes.Filter(value, APART, [], [], None, None))
            if after:
                parts.append(self._constant(after))
        return nodes.Concat(parts)

    def _constant(self, text: str) -> nodes.Const:
        return nodes.Const(Markup(text) if self._trusted else text)  # noqa: S704  (of templates and catalogues)


def _pairs(given: nodes.Expr) -> dict[str, nodes.Expr]:
    assert isinstance(given, nodes.Dict)  # noqa: S101  (the block for translation writes it)
    return {pair.key.value: pair.value for pair in given.items if isinstance(pair.key, nodes.Const)}
