"""The author's door at the check of ethics and language: what a draft says, and the reasons that answer it."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from pme.authoring import queries, service
from pme.authoring.answering import with_answer, without_answer
from pme.authoring.models import Draft
from pme.authoring.naming import file_name
from pme.content.answers import ANSWERS, Answer, first_words
from pme.content.ethics_rules import RULES, Rule
from pme.content.problems import Problem
from pme.errors import Conflict, Invalid
from pme.permissions import Can, may
from pme.signs import fit
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.files import known_text
from pme.web.author.reading import reading_of
from pme.web.author.texts import content_of
from pme.web.forms import fits
from pme.web.loaders import load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

CHANGED = lazy(
    "This remark does not apply to the text as it is saved now: the text was changed, or is not saved yet. "
    "See the remarks here again."
)


class AnswerForm(SpokenForm):
    """A reason."""

    reason = TextAreaField(lazy("Why may it stay as it is?"), [fits])
    name = StringField(lazy("Allow a name in every text"), [fits])


@blueprint.app_template_global()
def ethics_rule(name: str) -> Rule | None:
    """A rule of the check of ethics and language, or None for what is no such rule."""
    return RULES.get(name)


@blueprint.get("/drafts/<int:draft_id>/ethics")
def ethics(draft_id: int) -> ResponseReturnValue:
    """Everything that the check of ethics and language says of the content with this draft, file by file."""
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    reading, mine = reading_of(draft), set(queries.stamps_of(db_session(), draft_id))
    only_mine, rule = "mine" in request.args, fit(request.args.get("rule", ""))
    shown = [
        each for each in reading.warnings if (not only_mine or each.file in mine) and rule in ("", each.rule)
    ]
    return render_template(
        "author/ethics.html",
        draft=draft,
        files=[_of_file(draft, path, shown) for path in dict.fromkeys(each.file for each in shown)],
        open_count=sum(not each.answer for each in shown),
        answered_count=sum(bool(each.answer) for each in shown),
        texts=reading.texts,
        outlived=reading.outlived,
        names=[each for each in reading.read.answers if each.name],
        rules=RULES,
        rule=rule,
        only_mine=only_mine,
        can_answer=_can_answer(draft),
    )


@blueprint.get("/drafts/<int:draft_id>/answer/<path:path>")
def answer(draft_id: int, path: str) -> ResponseReturnValue:
    """One warning: what it says, why it matters, what can be done, and the reason that may stand against it."""
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    found = _warning(draft, path)
    if found is None:
        flash(str(CHANGED), "problem")
        return redirect(url_for("author.ethics", draft_id=draft_id), HTTPStatus.SEE_OTHER)
    reading = reading_of(draft)
    kept = next((each for each in reading.read.answers if each.about == _about(found)), None)
    return _page(draft, found, AnswerForm(formdata=None, reason=kept.reason if kept else ""))


@blueprint.post("/drafts/<int:draft_id>/answer/<path:path>")
def save_answer(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep a reason, with who gave it and when, in the content itself: reviewers see it, and it is exported."""
    form, draft = AnswerForm(), load_draft(Can.CHANGE_DRAFT, draft_id)
    found = _warning(draft, path)
    if found is None:
        flash(str(CHANGED), "problem")
        return redirect(url_for("author.ethics", draft_id=draft_id), HTTPStatus.SEE_OTHER)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit():
        reason = " ".join((form.reason.data or "").split())
        name = " ".join((form.name.data or "").split()) if found.rule == "real-name" else ""
        given = Answer(
            file=found.file,
            rule=found.rule,
            block=found.block,
            reason=reason,
            by=current_visitor().name,
            on=f"{now():%Y-%m-%d}",
            words=first_words(reading_of(draft).texts.get((found.file, found.block), "")),
            name=name,
        )
        try:
            _save(draft_id, lambda text: with_answer(text, given))
        except Invalid as error:
            field = form[error.field or "reason"]
            field.errors = [*field.errors, error.says]
        except Conflict as error:
            form.reason.errors, status = [*form.reason.errors, error.says], HTTPStatus.CONFLICT
        else:
            flash(_("The reason is kept in this draft. The warning comes back when the text is changed."))
            return redirect(url_for("author.ethics", draft_id=draft_id), HTTPStatus.SEE_OTHER)
    return _page(draft, found, form), status


@blueprint.post("/drafts/<int:draft_id>/take-back-answer")
def take_back_answer(draft_id: int) -> ResponseReturnValue:
    """Take a reason out of this draft; what it answered is open again."""
    load_draft(Can.CHANGE_DRAFT, draft_id)
    about = tuple(fit(request.form.get(name, "")) for name in ("file", "rule", "block"))
    try:
        _save(draft_id, lambda text: without_answer(text, (about[0], about[1], about[2])))
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("author.ethics", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _save(draft_id: int, edit: Callable[[str], str]) -> None:
    """Save what an edit makes of the file of answers, read and written under the draft's lock."""
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        text, revision = content_of(draft, ANSWERS)
        edited = edit(text)
        if edited != text:
            by_id = current_visitor().person_id
            service.save_file(session, draft, ANSWERS, edited.encode(), seen=revision, by_id=by_id, at=now())


def _warning(draft: Draft, path: str) -> Problem | None:
    known_text(path)
    rule, block = fit(request.args.get("rule", "")), fit(request.args.get("block", ""))
    return reading_of(draft).warning(path, rule, block)


def _about(problem: Problem) -> tuple[str, str, str]:
    return problem.file, problem.rule, problem.block


def _of_file(draft: Draft, path: str, shown: list[Problem]) -> dict[str, object]:
    return {
        "path": path,
        "title": reading_of(draft).title_of(path),
        "address": editor_address(draft.id, file_name(path)),
        "open": [each for each in shown if each.file == path and not each.answer],
        "answered": [each for each in shown if each.file == path and each.answer],
    }


def _can_answer(draft: Draft) -> bool:
    return draft.status in service.CAN_CHANGE and may(current_visitor(), Can.CHANGE_DRAFT, draft)


def _page(draft: Draft, problem: Problem, form: AnswerForm) -> str:
    reading = reading_of(draft)
    return render_template(
        "author/answer.html",
        draft=draft,
        problem=problem,
        rule=RULES[problem.rule],
        text=reading.texts.get((problem.file, problem.block), ""),
        address=editor_address(draft.id, file_name(problem.file)),
        form=form,
        can_answer=_can_answer(draft),
    )
