"""The fields of a course and of a module in their forms; lists of names are boxes to tick. Pure.

A box is a field such as `prerequisites.first-response`, so that the form is one of fields and rows like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pme.authoring.item_fields import Field, Fields
from pme.authoring.item_forms import YES, Entry
from pme.authoring.loose_library import Loose, LooseLibrary, fields_in, text_in, texts_in, title_of
from pme.content.parse_course import DETAILS
from pme.content.written_in import LANGUAGES
from pme.content.yaml_write import Plain
from pme.words.lazily import lazy
from pme.words.speech import _, _p

TONGUES = {"en": lazy("English"), "fr": lazy("French"), "uk": lazy("Ukrainian"), "ar": lazy("Arabic")}
_LANGUAGE = Field(
    "language", lazy("Language"), "choice", choices=tuple((each, TONGUES[each]) for each in LANGUAGES)
)
_AUTHORS = Field("authors", lazy("Authors"), "lines", lazy("One per line."))
_REVIEW = Field("review_date", lazy("To be reviewed again by"), hint=lazy("A day such as 2027-11-01."))
_DETAIL = {
    "none": lazy("Nothing that could distress"),
    "mentioned": lazy("It is mentioned"),
    "summarised": lazy("It is summarised"),
}
COUNTS, IS_TOUR = "yes", "no"
_NO = ("no", "false")
WHICH = "which"
ALL, NONE, SOME = "all", "none", "some"


@dataclass(frozen=True)
class Group:
    """Some fields of a form under a heading; with `boxes` they are one question with several answers.

    `place` is what they all belong to in the file, where that is one field.
    """

    title: str
    fields: Fields
    hint: str = ""
    boxes: bool = False
    place: str = ""


def course_groups(library: LooseLibrary, course: Loose) -> tuple[Group, ...]:
    """The form of a course; its modules and outcomes have lists of their own."""
    modules = texts_in(course, "modules")
    return (
        Group(
            _("The course"),
            (
                Field("title", _("Title")),
                Field("summary", _("Summary"), "text", _("One or two sentences for students."), rows=3),
                _LANGUAGE,
                Field("level", _("Who it is for"), hint=_("Such as: junior and staff officers.")),
                Field(
                    "hours",
                    _("Hours it takes"),
                    hint=_("The whole workload. It is printed on the certificate."),
                ),
                Field(
                    "counts",
                    _("What it counts for"),
                    "choice",
                    _(
                        "A tour is open to everybody who signs in: nobody is enrolled in it, nothing of it is "
                        "recorded, and it gives no certificate. Leave both fields of the certificate empty then."
                    ),
                    choices=(
                        (COUNTS, _("a certificate: students are enrolled in it and complete it")),
                        (IS_TOUR, _("nothing: it is a tour, such as “How this works”")),
                    ),
                ),
            ),
        ),
        Group(
            _("When it is complete"),
            (
                Field(
                    "completion.rule",
                    _("A student completes the course with"),
                    "choice",
                    choices=((ALL, _("all of its modules")), (SOME, _("only the modules ticked below"))),
                ),
            ),
        ),
        _boxes(
            _("Modules that complete it"),
            f"completion.{WHICH}",
            {slug: library.module_title(slug) for slug in modules},
            _(
                "Counts only where you chose “only the modules ticked below”. The others are open to students as well."
            ),
        ),
        Group(
            _("What the certificate says"),
            (
                Field("certificate.title", _("Title of the certificate"), is_optional=is_tour(course)),
                Field(
                    "certificate.statement",
                    _("Statement"),
                    "text",
                    _(
                        "It follows the name of the student, such as: has completed the course and met its standard."
                    ),
                    is_optional=is_tour(course),
                ),
            ),
            place="certificate",
        ),
        Group(_("Who is responsible for it"), (_AUTHORS, _REVIEW)),
    )


def is_tour(course: Loose) -> bool:
    """Whether a course says that it counts for nothing."""
    return text_in(course, "counts").lower() in _NO


def module_groups(library: LooseLibrary, slug: str) -> tuple[Group, ...]:
    """The form of a module; its outcomes and pages have lists of their own."""
    others = {each: library.module_title(each) for each in library.modules if each != slug}
    pages = {page.slug: page.title for page in library.pages.get(slug, ())}
    return (
        Group(
            _("The module"),
            (
                Field("title", _("Title")),
                Field("summary", _("Summary"), "text", _("One or two sentences for students."), rows=3),
                _LANGUAGE,
                Field("level", _("Who it is for"), hint=_("Such as: all ranks.")),
                Field(
                    "minutes",
                    _("Minutes to read it"),
                    hint=_("Leave it empty to have them counted from its words."),
                    is_optional=True,
                ),
            ),
        ),
        _boxes(
            _("What students complete first"),
            "prerequisites",
            others,
            _("Modules that this one builds on. No two modules can build on each other."),
        ),
        Group(
            _("Content note"),
            (
                Field(
                    "content_note.themes",
                    _("Themes"),
                    "lines",
                    _("One per line, such as: violence (mentioned)."),
                    is_optional=True,
                ),
                Field(
                    "content_note.detail",
                    _("How much of it"),
                    "choice",
                    choices=(("", _("No content note")), *((word, _DETAIL[word]) for word in DETAILS)),
                    is_optional=True,
                ),
                Field(
                    "content_note.text",
                    _("What students read before they begin"),
                    "text",
                    is_optional=True,
                    rows=3,
                ),
                Field(
                    "content_note.equivalent",
                    _("Alternative of equal value"),
                    "text",
                    _("What a student may do instead, and with whom."),
                    is_optional=True,
                    rows=3,
                ),
                Field(
                    "content_note.support",
                    _("Where there is support"),
                    "text",
                    _("Write default for the academy’s own list."),
                    is_optional=True,
                ),
            ),
            _("Required where the module speaks of harm to people. Empty all fields of it for no note."),
            place="content_note",
        ),
        Group(
            _("When it is complete"),
            (
                Field(
                    "completion.rule",
                    _("Pages to read"),
                    "choice",
                    choices=(
                        (ALL, _("all of its pages")),
                        (SOME, _("only the pages ticked below")),
                        (NONE, _p("pages to read", "none")),
                    ),
                ),
            ),
        ),
        _boxes(
            _("Pages that have to be read"),
            f"completion.{WHICH}",
            pages,
            _("Counts only where you chose “only the pages ticked below”."),
        ),
        _boxes(_("Quizzes to pass"), "completion.quizzes", _titles(library, "quizzes", slug)),
        _boxes(_("Scenarios to pass"), "completion.scenarios", _titles(library, "scenarios", slug)),
        Group(
            _("Who is responsible for it"),
            (
                _AUTHORS,
                Field("reviewer", _("Reviewer"), hint=_("Who has read it. Write none yet while nobody has.")),
                _REVIEW,
            ),
        ),
    )


def fields_of_groups(groups: Sequence[Group]) -> Fields:
    """Every field of a form."""
    return tuple(field for group in groups for field in group.fields)


def opened(content: Loose, *, counted: str) -> Entry:
    """What a file holds as its form takes it: lists of names as boxes.

    `counted` is what completes it: pages or modules.
    """
    done = fields_in(content, "completion")
    named = done.get(counted, ALL)
    rule = named if isinstance(named, str) else SOME
    completion: Entry = {
        **{name: value for name, value in done.items() if name != counted},
        "rule": rule,
        WHICH: _ticked(texts_in(done, counted)),
    }
    entry: Entry = {**content, "completion": completion}
    if counted == "modules":
        entry["counts"] = IS_TOUR if is_tour(content) else text_in(content, "counts") or COUNTS
    else:
        completion |= {name: _ticked(texts_in(done, name)) for name in ("quizzes", "scenarios")}
        entry["prerequisites"] = _ticked(texts_in(content, "prerequisites"))
    return entry


def closed(entry: Entry, content: Loose, *, counted: str) -> Entry:
    """What the form makes of a file: boxes as lists again, those that were there in their order."""
    done = fields_in(content, "completion")
    form = fields_in(entry, "completion")
    rule = text_in(form, "rule") or ALL
    names: Plain = _listed(fields_in(form, WHICH), texts_in(done, counted)) if rule == SOME else rule
    completion: Entry = {
        name: value
        for name, value in form.items()
        if name not in ("rule", WHICH, "quizzes", "scenarios", counted)
    }
    made: Entry = {**entry}
    if counted == "modules":
        _keep_counts(made, content)
        if rule == SOME:
            completion[counted] = names
        elif counted in done:
            completion[counted] = ALL
    else:
        completion[counted] = names
        for name in ("quizzes", "scenarios"):
            listed = _listed(fields_in(form, name), texts_in(done, name))
            if listed or name in done:
                completion[name] = listed
        before = _listed(fields_in(entry, "prerequisites"), texts_in(content, "prerequisites"))
        _keep(made, "prerequisites", before, content)
    ordered: Entry = {name: completion[name] for name in (*done, *completion) if name in completion}
    _keep(made, "completion", ordered, content)
    return {name: made[name] for name in (*content, *made) if name in made}


def _keep_counts(entry: Entry, content: Loose) -> None:
    """Write that a course is a tour, leave out that it counts, and leave what means the same as it was."""
    if (entry.get("counts") == IS_TOUR) == is_tour(content):
        entry.pop("counts", None)
        if "counts" in content:
            entry["counts"] = content["counts"]
    elif entry.get("counts") != IS_TOUR:
        entry.pop("counts", None)


def _keep(entry: Entry, name: str, value: Plain, content: Loose) -> None:
    if value or name in content:
        entry[name] = value
    else:
        entry.pop(name, None)


def _boxes(title: str, name: str, choices: Mapping[str, str], hint: str = "") -> Group:
    boxes = tuple(Field(f"{name}.{slug}", text, "yes") for slug, text in choices.items())
    return Group(title, boxes, hint, boxes=True, place=name)


def _titles(library: LooseLibrary, shelf: str, module: str) -> dict[str, str]:
    return {slug: title_of(content, slug) for slug, content in library.of_module(shelf, module).items()}


def _ticked(names: Sequence[str]) -> Entry:
    return dict.fromkeys(names, YES)


def _listed(boxes: Loose, before: Sequence[str]) -> list[Plain]:
    """The names ticked: those that were there first, in their order."""
    ticked = [name for name, value in boxes.items() if value]
    kept = [name for name in before if name in ticked]
    return [*kept, *(name for name in ticked if name not in kept)]
