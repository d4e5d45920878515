"""A term in the glossary, put at the end of its file or under the other languages of its name. Pure."""

from pme.authoring.new_page import slug_of
from pme.content.parse_sources import parse_glossary
from pme.content.problems import Findings, Problem, with_english
from pme.content.yaml_edit import put, value_at
from pme.content.yaml_write import Plain, field
from pme.errors import Conflict, Invalid
from pme.words.speech import _

GLOSSARY = "modules/glossary.yaml"


def with_term(text: str, slug: str, language: str, term: str, definition: str) -> str:
    """The glossary with one more term; everything else of the file stays to the letter.

    Raises Invalid with the field that cannot be so, Conflict where the file cannot be edited by a form.
    """
    entry: Plain = {"term": term, "definition": definition}
    whole: Plain = {language: entry}
    for problem in with_english(_problems(slug, whole), lambda: _problems(slug, whole)):
        raise Invalid(problem.says, field="slug" if "its name" in problem.in_english else "definition")
    if not text.strip():
        return f"{field(slug, whole, 0)}\n"
    if value_at(text, (slug, language)) is not None:
        raise Invalid(_("The glossary has {slug} in this language already.", slug=slug), field="term")
    findings = Findings(GLOSSARY)
    known = parse_glossary(text, findings).glossaries
    if findings.broken and not known:
        raise Conflict(_("The glossary cannot be read. Open it from the contents and correct it first."))
    if value_at(text, (slug,)) is not None:
        return put(text, (slug, language), entry)
    return put(text, (slug,), whole)


def _problems(slug: str, whole: Plain) -> list[Problem]:
    findings = Findings(GLOSSARY)
    parse_glossary(f"{field(slug, whole, 0)}\n", findings)
    return findings.problems


def name_of(term: str, typed: str) -> str:
    """The short name of a term: the one that was typed, else made of the term. Raises Invalid where there is none."""
    slug = typed.strip() or slug_of(term)
    if not slug:
        raise Invalid(
            _(
                "Give it a short name in lower-case letters, digits and hyphens; none can be made from this "
                "term."
            ),
            field="slug",
        )
    return slug
