"""An academy's text made safe to show: the Markdown of pages without what only a page may have.

Takes a renderer, which runs in a bounded child, and is pure beside it.
"""

import re

from pme.content.parse_page import Composed, Surroundings, compose
from pme.content.parse_sources import Bibliography, Terms
from pme.content.problems import Findings, Problem, Severity, with_english
from pme.content.render import Renderer
from pme.errors import Invalid
from pme.words.numbers import grouped
from pme.words.speech import _

LONGEST_TEXT = 8_000
_ANCHOR = re.compile(r'\b(id|aria-labelledby)="(table-\d+)"')
_FOOTNOTE = re.compile(r'class="footnote|id="fn')


def rendered(text: str, place: str, renderer: Renderer) -> str:
    """The HTML of a text for this place. Raises Invalid with everything that is wrong in it."""
    if not text.strip():
        raise Invalid(_("Write the text first, or say that this does not apply."), field="text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("Keep the text under {most} characters.", most=grouped(LONGEST_TEXT)), field="text")
    shown, problems = _composed(text, renderer)
    found = with_english(problems, lambda: _composed(text, renderer)[1])
    says = [
        _worded(problem)
        for problem in found
        if problem.severity is Severity.ERROR or problem.in_english.startswith("HTML ")
    ]
    if _FOOTNOTE.search(shown.html):
        says.append(_("Notes at the foot of a page are not possible here; write it in the text."))
    if "<aside" in shown.html:
        says.append(_("Boxes are not possible here: the text stands in one already."))
    if says:
        raise Invalid(" ".join(dict.fromkeys(says)), field="text")
    if not shown.words:
        raise Invalid(_("Nothing of this text can be shown. Write it in plain words."), field="text")
    return _ANCHOR.sub(lambda match: f'{match[1]}="local-{place}-{match[2]}"', shown.html)


def _composed(text: str, renderer: Renderer) -> tuple[Composed, list[Problem]]:
    findings = Findings("")
    around = Surroundings(
        module="", language="", bibliography=Bibliography(), terms=Terms(), pictures={}, pages={}
    )
    return compose(text, around, renderer=renderer, findings=findings, is_intro=True), findings.problems


def _worded(problem: Problem) -> str:
    english, says = problem.in_english, problem.says
    if english.startswith("HTML "):
        says = _("HTML is not possible here; write plain words and Markdown.")
    elif "sources.yaml" in english:
        says = _("Sources cannot be cited here; name the law or the order in the text.")
    elif "glossary.yaml" in english:
        says = _("Terms cannot be marked here; write the word.")
    elif "introduction has no headings" in english:
        says = _("Headings are not possible here; begin the paragraph with bold words.")
    elif "leads to no page" in english:
        says = _("Links to pages are not possible here.")
    elif "check" in english.lower() and "introduction" in english:
        says = _("Questions cannot be asked here.")
    elif "figure" in english or "picture" in english:
        says = _("Pictures are not possible here.")
    return _("Line {line}: {says}", line=problem.line, says=says)
