"""The record of a certificate as anybody may read it: every printed field, how it stands, what came of it."""

from dataclasses import dataclass

from pme.certificates.models import Cause
from pme.certificates.press.languages import words_for
from pme.certificates.queries import Lineage
from pme.certificates.state import State
from pme.certificates.words import pairs_text
from pme.proving.words import RECORD_WORDS, RecordWords

LEAST_CORRECTION = 0.001
"""Points of a hundred by which a result has changed since."""


@dataclass(frozen=True)
class Record:
    """The page in plain words. `kind` colours how it stands: success, info or problem."""

    words: RecordWords
    state: str
    says: str
    kind: str
    lines: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[str, str], ...]
    signatories: str


def record_of(lineage: Lineage, *, percent: float, language: str) -> Record:
    """The record in English or French; `percent` is the result as it counts now."""
    words, certificate = RECORD_WORDS[language], lineage.this.certificate
    says, kind = _standing(lineage, words)
    return Record(
        words=words,
        state=words.states[lineage.this.state],
        says=says,
        kind=kind,
        lines=tuple((label, value) for label, value in _lines(lineage, percent, words) if value),
        outcomes=tuple(
            (str(text), words_for(language).outcome_level_named(str(level)))
            for _, text, level in certificate.outcomes
        ),
        signatories=pairs_text(certificate.signatories, ", "),
    )


def _standing(lineage: Lineage, words: RecordWords) -> tuple[str, str]:
    this, after, day = lineage.this, lineage.after, words_for(words.language).day
    if this.state is State.REVOKED and this.revoked and this.revoked.ground:
        ground = words.grounds[this.revoked.ground]
        return words.revoked.format(day(this.revoked.at.date()), ground), "problem"
    if after is not None:
        on = day(after.certificate.issued_on)
        if after.certificate.cause is Cause.RENEWED:
            return words.renewed.format(on), "info"
        return words.corrected.format(on), "problem"
    if this.state is State.EXPIRED and this.certificate.valid_until:
        return words.expired.format(day(this.certificate.valid_until)), "problem"
    return (words.valid if this.certificate.holder_name else words.valid_erased), "success"


def _lines(lineage: Lineage, percent: float, words: RecordWords) -> list[tuple[str, str]]:
    this, printed = lineage.this.certificate, words_for(words.language)
    after, before = lineage.after, lineage.before
    is_changed = abs(percent - this.percent) > LEAST_CORRECTION
    return [
        (printed.holder, this.holder_name or words.no_name),
        (words.rank, this.holder_rank or (words.not_stated if this.holder_name else words.no_rank)),
        (words.certificate, this.certificate_title),
        (words.statement, f"{this.holder_name or words.the_holder} {this.statement}"),
        (printed.course, this.course_title),
        (printed.version, " · ".join(filter(None, (this.edition, this.course_sha256[:12])))),
        (printed.hours, printed.workload(this.hours)),
        (printed.credits, printed.figure(this.ects) if this.ects is not None else ""),
        (words.levels, pairs_text(this.frameworks)),
        (printed.instruction, printed.language_named(this.language)),
        (printed.result, f"{printed.figure(this.percent)} %"),
        (words.corrected_result, f"{printed.figure(percent)} %" if is_changed else ""),
        (words.earned, printed.day(this.earned_on) if this.earned_on != this.issued_on else ""),
        (printed.issued, printed.day(this.issued_on)),
        (printed.valid_until, printed.day(this.valid_until) if this.valid_until else ""),
        (words.academy, f"{this.academy_name}, {this.academy_nation}"),
        (printed.number, this.number),
        (printed.replaces, before.certificate.number if before else ""),
        (words.replaced_by, after.certificate.number if after else ""),
        (words.code, this.code),
        (printed.sha256, this.course_sha256),
    ]
