"""The academy's door at its people: who belongs to it, found by words, role and standing; and adding somebody."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme import audit, inviting
from pme.errors import Invalid
from pme.people import links
from pme.people.granting import MEANS, OF_AN_ACADEMY, WORDS, grantable
from pme.people.listed import HEADINGS, people_rows
from pme.people.members import Search, people_found, standings_counted
from pme.people.models import Role, Standing
from pme.people.personnel import add_member
from pme.permissions import Can
from pme.web.academy.people_asked import USUAL, asked_for, fields_of
from pme.web.academy.people_forms import LastDayForm, NewPersonForm, tell
from pme.web.academy.views import blueprint, require
from pme.web.acting import acting
from pme.web.addresses import number_in
from pme.web.letters import letters_go_out, send_link
from pme.web.listed import narrowed, remember_list
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.sorting import Sorting
from pme.web.stream import csv_response
from pme.web.undo_notice import tell_held
from pme.words.lazily import lazy
from pme.words.speech import _

A_PAGE = 50
STANDINGS = {
    Standing.ACTIVE: (lazy("In use"), "done"),
    Standing.INVITED: (lazy("Invited"), "waiting"),
    Standing.SUSPENDED: (lazy("Suspended"), "problem"),
    Standing.EXPIRED: (lazy("Expired"), "neutral"),
    Standing.ERASED: (lazy("Erased"), "neutral"),
}
"""What a standing is called, and the kind of its tag."""
ORDERS = {
    "name": lazy("Name"),
    "unit": lazy("Unit"),
    "number": lazy("Number"),
    "address": lazy("E-mail address"),
    "newest": lazy("Newest first"),
    "-newest": lazy("Oldest first"),
}


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """The people of the academy, one page at a time."""
    require(Can.SEE_PEOPLE)
    remember_list()
    return people_page(asked_for(request.args), max(1, number_in(request.args.get("page")) or 1))


def people_page(
    asked: Search, page: int, *, form: LastDayForm | None = None, chosen: Sequence[int] = ()
) -> str:
    """The people asked for; `form` is what cannot be done with those chosen, who stay chosen."""
    academy_id, today = current_visitor().academy_id, now().date()
    found = people_found(db_session(), academy_id, asked, day=today, page=page, at_most=A_PAGE)
    pages = max(1, -(-found.total // A_PAGE))
    if page > pages:
        page = pages
        found = people_found(db_session(), academy_id, asked, day=today, page=page, at_most=A_PAGE)
    return render_template(
        "academy/people.html",
        found=found,
        asked=asked,
        page=page,
        pages=pages,
        where=fields_of(asked),
        counts=standings_counted(db_session(), academy_id, today),
        roles={role: WORDS[role] for role in OF_AN_ACADEMY},
        words=WORDS,
        waiting=_waiting(asked),
        wait=settings().mail.many_wait,
        standings=STANDINGS,
        orders=ORDERS,
        heads=_heads(asked),
        chips=_chips(asked),
        chosen=chosen,
        form=form or LastDayForm(formdata=None),
    )


@blueprint.post("/people/invitations")
def invite_all() -> ResponseReturnValue:
    """Invite everybody who has no open invitation, in the background."""
    require(Can.MANAGE_PEOPLE)
    if not letters_go_out():
        flash(
            _("This platform has no mail server: create each invitation on the page of its person."),
            "problem",
        )
        return redirect(url_for("academy.people", standing=Standing.INVITED), HTTPStatus.SEE_OTHER)
    with transaction() as session:
        wait = settings().mail.many_wait
        job, change = inviting.ask_for_all(session, current_visitor().academy_id, acting(), wait=wait)
    tell_held(change)
    return redirect(url_for("academy.job", job_id=job.id), HTTPStatus.SEE_OTHER)


@blueprint.post("/people.csv")
def people_file() -> Response:
    """Those whom a search asks for as CSV; the download is recorded first."""
    require(Can.SEE_PEOPLE)
    visitor, today, asked = current_visitor(), now().date(), asked_for(request.form)
    with transaction() as session:
        audit.record(
            session,
            "people exported",
            actor=f"person {visitor.person_id}",
            subject="people",
            at=now(),
            academy_id=visitor.academy_id,
            detail={
                "role": asked.role or "",
                "standing": asked.standing or "",
                "by_words": bool(asked.words),
            },
        )
    name = f"people-{visitor.academy_slug}-{today}.csv"
    return csv_response(name, HEADINGS, lambda s: people_rows(s, visitor.academy_id, asked, day=today))


@blueprint.get("/people/new")
def new_person() -> ResponseReturnValue:
    """A form for somebody new."""
    require(Can.MANAGE_PEOPLE)
    return _form(NewPersonForm(formdata=None, data={"roles": [Role.STUDENT.value]}))


@blueprint.post("/people/new")
def add_person() -> ResponseReturnValue:
    """Add somebody and invite them; whether the address has an account elsewhere is not told."""
    require(Can.MANAGE_PEOPLE)
    form = NewPersonForm()
    if form.validate():
        try:
            with transaction() as session:
                member = add_member(
                    session,
                    current_visitor().academy_id,
                    email=form.email.data or "",
                    facts=form.facts,
                    roles=roles_in(form.roles.data),
                    by=acting(),
                )
                made = links.invite(session, member, acting())
                sent = send_link(session, made, member)
        except Invalid as error:
            tell(form, error)
        else:
            return sent.answer(url_for("academy.person", person_id=member.person_id))
    return _form(form), HTTPStatus.UNPROCESSABLE_ENTITY


def roles_in(values: list[str] | None) -> frozenset[Role]:
    """The roles of an academy that a form names."""
    return frozenset(role for role in OF_AN_ACADEMY if role.value in (values or []))


def role_choices() -> list[tuple[str, str]]:
    """What the visitor may give."""
    can = grantable(current_visitor().roles)
    return [(role.value, WORDS[role]) for role in OF_AN_ACADEMY if role in can]


def role_hints() -> dict[str, str]:
    """What each role means."""
    return {role.value: text for role, text in MEANS.items()}


def _chips(asked: Search) -> list[tuple[str, str]]:
    """What narrows the list, in words, each with the address of the list without it."""
    found, fields = [], fields_of(asked)
    if asked.words:
        found.append((_("Words: {words}", words=asked.words), narrowed("academy.people", fields, "words")))
    if asked.role is not None:
        found.append(
            (_("Role: {role}", role=str(WORDS[asked.role])), narrowed("academy.people", fields, "role"))
        )
    if asked.standing is not None:
        says = _("Status: {standing}", standing=str(STANDINGS[asked.standing][0]))
        found.append((says, narrowed("academy.people", fields, "standing")))
    return found


def _heads(asked: Search) -> list[dict[str, str]]:
    """The headings of the list, those of facts that are told apart sort it."""
    sorting, where = Sorting(asked.sort, USUAL), fields_of(asked)
    keys = ("name", "unit", "number", "address")
    heads = [sorting.head(key, str(ORDERS[key]), "academy.people", where) for key in keys]
    return [*heads, {"text": _("Roles")}, {"text": _("Status")}]


def _waiting(asked: Search) -> int:
    """How many could be invited all at once: told where those are looked at who are invited."""
    if asked.standing is not Standing.INVITED or not letters_go_out():
        return 0
    return links.count_waiting(db_session(), current_visitor().academy_id, now())


def _form(form: NewPersonForm) -> str:
    form.roles.choices = [SelectChoice(value, text) for value, text in role_choices()]
    return render_template("academy/new-person.html", form=form, hints=role_hints())
