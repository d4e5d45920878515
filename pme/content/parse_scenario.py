"""A branching scenario of the form pme-scenario/1: everything around its nodes. Pure."""

import re
from collections.abc import Mapping

from pme.content.parse_course import content_note, open_file, outcomes, places
from pme.content.parse_debrief import parse_debrief, parse_pass
from pme.content.parse_fields import NAME, Book, Form
from pme.content.parse_nodes import parse_endings, parse_nodes
from pme.content.parse_panel import parse_panel
from pme.content.parse_sources import Bibliography, local_source, refs
from pme.content.parsed import Parsed
from pme.content.problems import Findings, near
from pme.content.shapes import Citation, ContentNote, CriticalAction, Dimension, Outcome, Role, Scenario
from pme.content.translated_fields import Words
from pme.content.written_in import LANGUAGES
from pme.words.speech import _, _p

STATUSES = ("draft", "sme-reviewed", "survivor-advised", "live", "retired")
LOWEST, HIGHEST = -10, 10
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}\Z")


def parse_scenario(
    slug: str,
    text: str,
    findings: Findings,
    *,
    bibliography: Bibliography,
    module_outcomes: Mapping[str, tuple[Outcome, ...]],
    words: Words | None = None,
) -> Parsed[Scenario] | None:
    """The scenario of a `<slug>.scenario.yaml`, or None when the file cannot be read.

    `module_outcomes` are those of every module, by the module's slug; the module's words win.
    """
    book = Book(findings)
    form = open_file(text, book, what=_p("kind of file", "scenario"), schema="pme-scenario/1", words=words)
    if form is None:
        return None
    has_clock = _keep_to_the_form(form, slug)
    local = _local_sources(form, bibliography)
    module = form.maybe("module")
    passing = parse_pass(form)
    scenario = Scenario(
        slug=slug,
        version=_version(form),
        status=form.one_of("status", STATUSES),
        title=form.told("title"),
        language=form.one_of("language", LANGUAGES),
        classification=form.text("classification"),
        mode=form.one_of("mode", ("formative", "summative")),
        length=form.one_of("length", ("case", "snap"), "case"),
        minutes=form.whole("estimated_minutes", low=1, high=600),
        module=module,
        audience=_audience(form, known=module_outcomes),
        outcomes=_outcomes(form, module_outcomes.get(module or "", ())),
        content_note=_note(form),
        role=_role(form),
        dimensions=_dimensions(form),
        flags=_flags(form),
        critical_actions=_critical_actions(form, bibliography, local),
        start=form.text("start"),
        nodes=parse_nodes(form, bibliography, local, has_clock=has_clock),
        endings=parse_endings(form),
        min_percent=passing.min_percent,
        retake=passing.retake,
        debrief=parse_debrief(form),
        panel=parse_panel(form),
    )
    form.finish()
    return Parsed(findings.file, scenario, {findings.file: text}, places(form), tuple(book.passages))


def _keep_to_the_form(form: Form, slug: str) -> bool:
    """What every scenario has to say; whether students see the time of the story."""
    if form.text("id") not in ("", slug):
        form.error("id", _("the id has to be the name of the file, “{slug}”.", slug=slug))
    form.one_of("instruction", ("should_do",))
    fiction = form.form("fiction")
    if fiction:
        fiction.one_of("composite", ("true",))
        fiction.one_of("real_person", ("false",))
        fiction.one_of("place", ("invented",))
        fiction.finish()
    display = form.form("display", required=False)
    clock = "story_time"
    if display:
        display.one_of("state", ("debrief_only",), "debrief_only")
        display.one_of("score", ("never_during",), "never_during")
        clock = display.one_of("clock", ("story_time", "none"), "story_time")
        display.finish()
    return clock == "story_time"


def _version(form: Form) -> str:
    version = form.text("version")
    if version and not _VERSION.match(version):
        form.error("version", _("“{version}” is not a version; it is written as 1.0.0.", version=version))
    return version


def _local_sources(form: Form, bibliography: Bibliography) -> dict[str, Citation]:
    named = form.named("sources", _p("part of a file", "source"), required=False)
    found = {name: local_source(name, entry, bibliography) for name, entry in named}
    return {name: citation for name, citation in found.items() if citation is not None}


def _audience(form: Form, *, known: Mapping[str, object]) -> str:
    audience = form.form("audience")
    if audience is None:
        return ""
    for slug in audience.texts("prerequisites"):
        if slug not in known:
            line = audience.line_of("prerequisites")
            form.book.findings.warn(
                line, _("The prerequisite “{slug}” is not a module.{near}", slug=slug, near=near(slug, known))
            )
    parts = (audience.text("role"), audience.text("level"))
    audience.finish()
    return ", ".join(part for part in parts if part)


def _outcomes(form: Form, of_module: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    known = {outcome.id: outcome for outcome in of_module}
    own = outcomes(form, "learning_outcomes")
    for outcome in own:
        if of_module and outcome.id not in known:
            form.error(
                "learning_outcomes",
                _("{id} is not an outcome of its module.{near}", id=outcome.id, near=near(outcome.id, known)),
            )
    return tuple(known.get(outcome.id, outcome) for outcome in own)


def _note(form: Form) -> ContentNote:
    support = form.maybe("support")
    note = content_note(form.form("content_note"), support=support)
    return note or ContentNote(themes=(), detail="none", text="", equivalent="")


def _role(form: Form) -> Role:
    role = form.form("role")
    if role is None:
        return Role(you_are="", mission="")
    read = Role(you_are=role.told("you_are"), mission=role.told("mission"), resources=role.texts("resources"))
    role.finish()
    return read


def _dimensions(form: Form) -> tuple[Dimension, ...]:
    found = []
    for name, entry in form.named("state", _p("part of a file", "state"), required=False):
        _refuse_bad_name(form, name, entry.line)
        dimension = Dimension(
            name=name,
            minimum=entry.whole("min", low=LOWEST, high=HIGHEST),
            maximum=entry.whole("max", low=LOWEST, high=HIGHEST),
            start=entry.whole("start", low=LOWEST, high=HIGHEST),
            label=entry.text("label"),
        )
        if not dimension.minimum <= dimension.start <= dimension.maximum:
            entry.error("start", _("the start has to lie between min and max."))
        entry.finish()
        found.append(dimension)
    return tuple(found)


def _flags(form: Form) -> tuple[str, ...]:
    state = form.form("state", required=False)
    taken = {key.value: key.line for key, _unused in state.fields.entries} if state else {}
    for flag in form.items("flags"):
        _refuse_bad_name(form, flag.value, flag.line)
        if flag.value in taken:
            form.error(
                "flags",
                _("“{flag}” is already taken at line {taken}.", flag=flag.value, taken=taken[flag.value]),
            )
        taken[flag.value] = flag.line
    return form.texts("flags")


def _refuse_bad_name(form: Form, name: str, line: int) -> None:
    if not NAME.match(name) or name in ("and", "or", "not"):
        form.book.findings.error(
            line,
            _("“{name}” cannot be used in conditions; write lower-case letters, digits and _.", name=name),
        )


def _critical_actions(
    form: Form, bibliography: Bibliography, local: Mapping[str, Citation]
) -> tuple[CriticalAction, ...]:
    found = []
    for name, entry in form.named(
        "critical_actions", _p("part of a file", "critical action"), required=False
    ):
        entry.one_of("effect", ("fail",), "fail")
        found.append(
            CriticalAction(
                id=name,
                kind=entry.one_of("kind", ("must_not", "must_do")),
                text=entry.told("text"),
                refs=refs(entry, bibliography, local),
            )
        )
        entry.finish()
    return tuple(found)
