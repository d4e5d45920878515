"""A branching scenario of the form pme-scenario/1: everything around its nodes. Pure."""

import re
from collections.abc import Mapping

from pme.content.parse_course import LANGUAGES, content_note, open_file, outcomes, places
from pme.content.parse_fields import NAME, Book, Form
from pme.content.parse_nodes import parse_nodes
from pme.content.parse_quiz import attempts_allowed
from pme.content.parse_sources import Bibliography, local_source, refs
from pme.content.parsed import Parsed
from pme.content.problems import Findings
from pme.content.shapes import (
    Citation,
    ContentNote,
    CriticalAction,
    Debrief,
    Dimension,
    Ending,
    Outcome,
    Retake,
    Role,
    Scenario,
)
from pme.content.yaml_tree import Fields, Text

STATUSES = ("draft", "sme-reviewed", "survivor-advised", "live", "retired")
SHOWN = ("path_taken", "state_over_time", "panel_ratings", "expert_path", "sources", "reflection")
WIDEST = 10
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}\Z")


def parse_scenario(
    slug: str,
    text: str,
    findings: Findings,
    *,
    bibliography: Bibliography,
    module_outcomes: Mapping[str, tuple[Outcome, ...]],
) -> Parsed[Scenario] | None:
    """The scenario of a `<slug>.scenario.yaml`, or None when the file cannot be read.

    `module_outcomes` are those of each module, by the module's slug; the module's words win.
    """
    book = Book(findings)
    form = open_file(text, book, what="scenario", schema="pme-scenario/1")
    if form is None:
        return None
    if form.identifier("id") not in ("", slug):
        form.error("id", f"the id has to be the file's name, “{slug}”.")
    if not _VERSION.match(form.text("version")):
        form.error("version", "a version is written as 1.0.0.")
    _keep_to_the_form(form)
    local = _local_sources(form, bibliography)
    module = form.maybe("module")
    scenario = Scenario(
        slug=slug,
        version=form.text("version"),
        status=form.one_of("status", STATUSES),
        title=form.text("title"),
        language=form.one_of("language", LANGUAGES),
        classification=form.text("classification"),
        mode=form.one_of("mode", ("formative", "summative")),
        minutes=form.whole("estimated_minutes", low=1, high=600),
        module=module,
        audience=_audience(form),
        outcomes=_in_the_words_of(module_outcomes.get(module or "", ()), outcomes(form, "learning_outcomes")),
        content_note=_note(form),
        role=_role(form),
        dimensions=_dimensions(form),
        flags=_flags(form),
        critical_actions=_critical_actions(form, bibliography, local),
        start=form.text("start"),
        nodes=parse_nodes(form, bibliography, local),
        endings=_endings(form),
        **_scoring(form),
        debrief=_debrief(form),
    )
    form.finish()
    return Parsed(findings.file, scenario, {findings.file: text}, places(form), tuple(book.passages))
