"""One text for one meaning: a JSON-LD document as sorted N-Quads (RDF Dataset Canonicalization, RDFC-1.0).

What a reader would drop in silence is refused here, so that nothing can be added to a signed document:
words that no context knows, addresses that are none. Graphs made to be slow are refused by count of steps
(the "poison graphs" of RDFC-1.0, section 7.1), never by the clock.
"""

import re
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import Any

from pme.credentials.bounds import within_bounds
from pme.credentials.contexts import UnknownContext, load
from pme.errors import Invalid

MOST_ALIKE = 5
"""So many blank nodes that look alike are tried in every order (120 of them), and no more."""

MOST_STEPS = 400
ADDRESS = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]*')
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
KEPT_CONTEXTS = 100
NOWHERE = "https://nowhere.invalid/"
"""What relative addresses are read against, so that they are seen: without a base pyld takes one of its own."""


_turn = Lock()  # the kept contexts are no thread's own


class NotCanonical(Invalid):
    """A document whose meaning cannot be read in one way only."""


def canonical(document: dict[str, Any]) -> str:
    """The N-Quads of a document.

    Raises Invalid (OutOfBounds, UnknownContext, NotCanonical) for one that is too large, rests on unknown
    words, or holds anything that has no meaning.
    """
    within_bounds(document)
    with _turn:
        try:
            text: str = _tools().normalise(document)
        except Invalid:
            raise
        except (
            Exception
        ) as error:  # pyld raises its own errors, and Python's where a value is of no sort it knows
            if unknown := _cause(error, Invalid):
                raise unknown from None
            raise NotCanonical("The credential is not a document of linked data (JSON-LD).") from error
    return text


def _cause(error: BaseException | None, kind: type[Invalid]) -> Invalid | None:
    while error is not None and not isinstance(error, kind):
        error = error.__cause__
    return error


@cache
def _tools() -> Any:
    """The canonicaliser, made at the first use: reading pyld takes most of a second."""
    from pyld.canon import URDNA2015  # noqa: PLC0415
    from pyld.context_resolver import ContextResolver  # noqa: PLC0415
    from pyld.jsonld import JsonLdProcessor  # noqa: PLC0415

    class Bounded(URDNA2015):
        """RDFC-1.0 that gives up where a graph was made to take forever."""

        steps = 0

        def create_hash_to_related(self, id_: str, issuer: object) -> dict[str, list[str]]:
            self.steps += 1
            related: dict[str, list[str]] = super().create_hash_to_related(id_, issuer)
            if self.steps > MOST_STEPS or any(len(alike) > MOST_ALIKE for alike in related.values()):
                raise NotCanonical("The credential was made to take forever to read.")
            return related

    class Strict(JsonLdProcessor):
        """JSON-LD that looks, between reading a document and making triples of it, for what would be dropped."""

        def expand(self, input_: object, options: dict[str, Any]) -> list[Any]:
            expanded: list[Any] = super().expand(input_, options)
            for thing in _inside(expanded):
                _has_meaning(thing)
            return expanded

    class Canonicaliser:
        """pyld with the shipped contexts, kept once worked out."""

        def __init__(self) -> None:
            self.kept: dict[str, Any] = {}

        def normalise(self, document: dict[str, Any]) -> str:
            if len(self.kept) > KEPT_CONTEXTS:  # documents may bring contexts of their own
                self.kept.clear()
            options = {
                "base": NOWHERE,
                "documentLoader": load,
                "contextResolver": ContextResolver(self.kept, load),
                "processingMode": "json-ld-1.1",
                "rdfDirection": "i18n-datatype",
                "produceGeneralizedRdf": False,
                "extractAllScripts": False,
            }
            dataset = Strict(on_property_dropped=_refuse_word).to_rdf(document, options)
            text: str = Bounded().main(dataset, {"format": "application/n-quads"})
            return text

    return Canonicaliser()


def _refuse_word(word: str | None) -> None:
    shown = f"“{word[:80]}”" if word else "a word"
    raise NotCanonical(f"The credential holds {shown}, which its vocabulary does not know.")


def _inside(value: object) -> Iterator[dict[str, Any]]:
    """Every object of an expanded document."""
    if isinstance(value, dict):
        yield value
        if value.get("@type") == "@json":
            return
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _inside(inner)


def _has_meaning(thing: dict[str, Any]) -> None:
    types = thing.get("@type", [])
    names = [types] if isinstance(types, str) else list(types)
    names += [word for word in thing if not word.startswith("@")]
    if "@id" in thing:
        names.append(thing["@id"])
    for name in names:
        if name == "@json" or name.startswith("_:"):
            continue
        if name.startswith(NOWHERE) or not ADDRESS.fullmatch(name):
            _refuse_word(name.removeprefix(NOWHERE))
    if "@language" in thing and not LANGUAGE.fullmatch(thing["@language"]):
        raise NotCanonical("The credential names a language by a tag that is none.")


__all__ = ["NotCanonical", "UnknownContext", "canonical"]
