"""The academy's door at its certificates: all of them by words and state, one with what came before and after it,
and what became of every number.
"""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from pme.certificates.listed import SORTS, Wanted, certificates_found, count_certificates, find_certificate
from pme.certificates.models import Certificate
from pme.certificates.numbering import numbers_by_year
from pme.certificates.preview import in_words
from pme.certificates.queries import lineage_of
from pme.certificates.state import State
from pme.certificates.words import CAUSES, FIELDS, GROUNDS, KINDS, STATES
from pme.errors import NotAllowed, NotFound
from pme.permissions import Can, may
from pme.signs import fit
from pme.web.academy.views import blueprint, require
from pme.web.listed import chip, narrowed, remember_list
from pme.web.loaders import UNKNOWN
from pme.web.paging import Paging
from pme.web.printing import printed
from pme.web.session import db_session
from pme.web.signin import current_visitor, now
from pme.web.sorting import Sorting
from pme.words.speech import _

LONGEST_SEARCH = 120


@blueprint.get("/certificates")
def certificates() -> ResponseReturnValue:
    """The certificates of the academy, the latest first."""
    require(Can.SEE_CERTIFICATES)
    remember_list()
    academy_id, at = current_visitor().academy_id, now()
    wanted = Wanted(
        fit(request.args.get("words", "")).strip()[:LONGEST_SEARCH],
        {each.value: each for each in State}.get(request.args.get("state", "")),
    )
    sorting = Sorting.of(request.args, SORTS, "-issued")
    asked = {"words": wanted.words, "state": wanted.state.value if wanted.state else ""}
    where = {name: value for name, value in asked.items() if value} | sorting.fields
    paging = Paging.of(count_certificates(db_session(), academy_id, wanted, at=at))
    return render_template(
        "academy/certificates.html",
        wanted=wanted,
        paging=paging,
        found=certificates_found(
            db_session(),
            academy_id,
            wanted,
            at=at,
            sort=sorting.asked,
            offset=paging.offset,
            at_most=paging.size,
        ),
        heads=_heads(sorting, where),
        chips=_chips(wanted, where),
        sort=where.get("sort", ""),
        states=STATES,
        kinds=KINDS,
    )


def _heads(sorting: Sorting, where: dict[str, str]) -> list[dict[str, str]]:
    """The headings of the list, each but the last of which sorts it."""
    texts = {
        "number": _("Number"),
        "holder": _("Holder"),
        "course": _("Course"),
        "issued": _("Issued"),
        "valid": _("Valid until"),
    }
    heads = [sorting.head(key, text, "academy.certificates", where) for key, text in texts.items()]
    return [*heads, {"text": _("State")}]


def _chips(wanted: Wanted, where: dict[str, str]) -> list[tuple[str, str]]:
    """What narrows the list, in words, each with the address of the list without it."""
    found = []
    if wanted.words:
        found.append(
            (_("Words: {words}", words=wanted.words), narrowed("academy.certificates", where, "words"))
        )
    if wanted.state:
        found.append(
            (chip(_("State"), STATES[wanted.state]), narrowed("academy.certificates", where, "state"))
        )
    return found


@blueprint.get("/certificates/numbers")
def certificate_numbers() -> ResponseReturnValue:
    """What became of every number that was drawn, year by year."""
    require(Can.SEE_CERTIFICATES)
    years = numbers_by_year(db_session(), current_visitor().academy_id)
    return render_template("academy/certificate-numbers.html", years=years)


@blueprint.get("/certificates/<number>")
def certificate(number: str) -> ResponseReturnValue:
    """One certificate: every printed field, how it stands, and what came before and after it."""
    require(Can.SEE_CERTIFICATES)
    found = load_certificate(number)
    lineage = lineage_of(db_session(), found, at=now())
    may_keep = may(current_visitor(), Can.KEEP_CERTIFICATES, found) and bool(found.holder_name)
    return render_template(
        "academy/certificate.html",
        certificate=found,
        lineage=lineage,
        printed=[
            (label, in_words(name, getattr(found, name)))
            for name, label in FIELDS.items()
            if name != "outcomes"
        ],
        may_correct=may_keep and lineage.this is lineage.latest,
        may_revoke=may_keep and lineage.this.revoked is None,
        states=STATES,
        kinds=KINDS,
        causes=CAUSES,
        grounds=GROUNDS,
    )


@blueprint.get("/certificates/<number>.pdf")
def certificate_paper(number: str) -> ResponseReturnValue:
    """A certificate on paper."""
    require(Can.SEE_CERTIFICATES)
    found = load_certificate(number)
    name = f"certificate-{found.number}.pdf"
    response = Response(printed(found), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def load_certificate(number: str, *, can: Can | None = None) -> Certificate:
    """A certificate of the visitor's academy; 403 where they may see it but not do this."""
    found = find_certificate(db_session(), current_visitor().academy_id, number)
    if found is None:
        raise NotFound(UNKNOWN)
    if can is not None and not may(current_visitor(), can, found):
        raise NotAllowed(_("You may look at this certificate, but you may not change it."))
    return found
