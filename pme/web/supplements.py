"""The supplement of a course on paper: what its certificates stand for, as staff and as anybody with one reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from pme.certificates.press.languages import words_for as printed_in
from pme.certificates.press.words import Words as PressWords
from pme.certificates.supplement import described
from pme.certificates.supplement_words import SupplementWords, words_for
from pme.content.editions import content_of
from pme.content.models import CourseEdition
from pme.enrolment.prerequisites import prerequisites_of
from pme.handouts.handout import Handout
from pme.handouts.words import words_for as page_words_for
from pme.people.models import Academy
from pme.progress.validity import Term, validity_of
from pme.web.loaders import catalogue
from pme.web.paper import pdf_sent
from pme.web.session import db_session
from pme.web.signin import now


@dataclass(frozen=True, slots=True)
class Stated:
    """What an academy states of a course, and where whoever reads of it can look further."""

    credits: float | None
    frameworks: Sequence[Sequence[str]]
    verify: str
    issuer: str


def supplement_sent(academy: Academy, edition: CourseEdition, stated: Stated) -> ResponseReturnValue:
    """The supplement of an edition as a PDF, in the language that the address asks for or else in the course's own."""
    content = content_of(db_session(), edition)
    course = described(content, language=request.args.get("lang"))
    words, press = words_for(course.language), printed_in(course.language)
    term = validity_of(db_session(), academy.id).get(edition.course, Term())
    html = render_template(
        "print/supplement.html",
        academy=academy,
        course=course,
        original=content.course.language,
        edition=f"{edition.number} ({press.day(edition.published_at.date())})",
        digest=edition.digest,
        credits=stated.credits,
        frameworks=stated.frameworks,
        verify=stated.verify,
        issuer=stated.issuer,
        builds_on=_titles(academy.id, edition.course, course.language),
        validity=_validity(term, words, press),
        words=words,
        press=press,
        page_words=page_words_for(words.language),
        at=now(),
    )
    handout = Handout(html=html, address=stated.verify, is_archival=True)
    return pdf_sent(handout, f"supplement-{edition.course}-{edition.number}-{course.language}")


def _titles(academy_id: int, course: str, language: str) -> list[str]:
    """What has to be completed before a course, by title."""
    wanted = prerequisites_of(db_session(), academy_id).get(course, ())
    found = [(slug, catalogue().course(slug)) for slug in wanted]
    return [each.content.in_language(language).title if each else slug for slug, each in found]


def _validity(term: Term, words: SupplementWords, press: PressWords) -> tuple[str, str]:
    """For how long certificates are valid, as a label and what stands beside it."""
    if term.months is not None:
        return words.valid_months, str(term.months)
    if term.month is not None:
        return words.valid_each_year, f"{term.day} {press.months[term.month - 1]}"
    return words.valid, words.for_good
