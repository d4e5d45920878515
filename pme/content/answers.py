"""Reasons that answer warnings of the check of ethics and language: `modules/answers.yaml`. Pure.

An answer is for one rule in one text of one file. The text is known by its hash, so the warning comes back as soon
as a word of it changes; the reason stays on record, and is told to be of a text that is there no more.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pme.content.ethics_rules import RULES
from pme.content.parse_fields import BLOCK_SIGNS, Book, Form
from pme.content.problems import Findings, Problem, Severity, near
from pme.content.yaml_tree import Fields, read_yaml
from pme.content.yaml_write import Plain, field
from pme.words.speech import _, _p

ANSWERS = "modules/answers.yaml"
LONGEST_REASON = 1_000
LONGEST_WORDS = 90
FEWEST_SIGNS, LONGEST_NAME = 3, 80
_HEXADECIMAL = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Answer:
    """A reason, who gave it and when (a day), for a rule in the text whose hash is `block`. `words` begin it.

    With a `name`, the reason is for that name wherever it stands, and the other fields are empty.
    """

    file: str
    rule: str
    block: str
    reason: str
    by: str
    on: str
    words: str = ""
    line: int = 1
    name: str = ""

    @property
    def about(self) -> tuple[str, str, str]:
        """What it answers."""
        return ("", "name", self.name) if self.name else (self.file, self.rule, self.block)

    @property
    def told(self) -> str:
        """The reason with who gave it and when, for people."""
        return f"{self.reason} ({self.by}, {self.on})"

    @property
    def entry(self) -> dict[str, Plain]:
        """As it stands in its file."""
        place = ("name",) if self.name else ("file", "rule", "block", "words")
        names = (*place, "reason", "by", "on")
        return {name: getattr(self, name) for name in names}


def parse_answers(text: str, findings: Findings) -> tuple[Answer, ...]:
    """The answers of `answers.yaml`, in the order written."""
    tree = read_yaml(text, findings)
    if tree is None:
        return ()
    if not isinstance(tree, Fields):
        findings.error(tree.line, _("This file holds one field, “answers”, with a list in it."))
        return ()
    form = Form(tree, Book(findings), _("This file"))
    found = tuple(
        _answer(entry) for entry in form.forms("answers", _p("part of a file", "answer"), required=False)
    )
    form.finish()
    return found


def answered(problems: Iterable[Problem], answers: Iterable[Answer]) -> list[Problem]:
    """The problems, with the reason on each warning that has one."""
    told = {answer.about: answer.told for answer in answers if answer.reason}
    return [
        replace(problem, answer=told.get((problem.file, problem.rule, problem.block), ""))
        if problem.rule
        else problem
        for problem in problems
    ]


def outlived(problems: Iterable[Problem], answers: Iterable[Answer]) -> list[Answer]:
    """The answers to what nobody says any more, because the text has changed or is gone."""
    said = {(problem.file, problem.rule, problem.block) for problem in problems if problem.rule}
    return [answer for answer in answers if not answer.name and answer.about not in said]


def outlived_remarks(problems: Iterable[Problem], answers: Iterable[Answer]) -> Iterator[Problem]:
    """A remark for each of those, at its place in the file of answers."""
    for answer in outlived(problems, answers):
        says = _(
            "The text of {file} that this reason was for (“{words}”) has changed or is gone; read it again,"
            " then remove this entry.",
            file=answer.file,
            words=answer.words,
        )
        yield Problem(ANSWERS, answer.line, says, Severity.WARNING)


def to_fill_in(problems: Iterable[Problem], words: Mapping[tuple[str, str], str]) -> str:
    """Entries for every warning that has no answer, as text to put into the file; `words` by file and block."""
    entries: list[Plain] = []
    for problem in problems:
        if problem.rule and not problem.answer:
            begins = words.get((problem.file, problem.block), "")
            about = Answer(problem.file, problem.rule, problem.block, "", "", "", begins)
            if about.entry not in entries:
                entries.append(about.entry)
    return field("answers", entries, 0) if entries else "answers: []"


def first_words(text: str) -> str:
    """How a text begins, for people who look for it."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_WORDS else f"{plain[: LONGEST_WORDS - 1].rstrip()}…"


def _answer(form: Form) -> Answer:
    if form.has("name"):
        return _name(form)
    rule = form.text("rule")
    if rule and rule not in RULES:
        form.error(
            "rule",
            _(
                "“{rule}” is not a rule of the check of ethics and language.{near}",
                rule=rule,
                near=near(rule, RULES),
            ),
        )
    block = form.text("block")
    if block and (len(block) != BLOCK_SIGNS or set(block) - _HEXADECIMAL):
        form.error(
            "block",
            _(
                "“{block}” is not a hash as the check prints it ({block_signs} characters).",
                block=block,
                block_signs=BLOCK_SIGNS,
            ),
        )
    answer = Answer(
        file=form.text("file"),
        rule=rule,
        block=block,
        reason=form.text("reason"),
        by=form.text("by"),
        on=form.date("on"),
        words=form.maybe("words") or "",
        line=form.line,
    )
    if len(answer.reason) > LONGEST_REASON:
        form.error(
            "reason",
            _(
                "the reason is longer than {longest_reason} characters; shorten it.",
                longest_reason=LONGEST_REASON,
            ),
        )
    form.finish()
    return answer


def _name(form: Form) -> Answer:
    name, reason = " ".join(form.text("name").split()), form.text("reason")
    answer = Answer("", "", "", reason, form.text("by"), form.date("on"), line=form.line, name=name)
    if not FEWEST_SIGNS <= len(name) <= LONGEST_NAME:
        form.error(
            "name",
            _(
                "a name has {fewest_signs} to {longest_name} characters.",
                fewest_signs=FEWEST_SIGNS,
                longest_name=LONGEST_NAME,
            ),
        )
    form.finish()
    return answer
