"""The author's door at a quiz or bank that is not there yet."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme.authoring import queries, service
from pme.authoring.item_forms import fresh_id
from pme.authoring.naming import file_name
from pme.authoring.new_page import slug_of
from pme.content.files import Tree
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.forms import QuestionsForm
from pme.web.author.question_files import skeleton
from pme.web.author.yaml_files import draft_tree, module_choices
from pme.web.loaders import load_draft
from pme.web.session import transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy

TAKEN = lazy("This name is already in use. Open the file from the contents, or choose another name.")


@blueprint.get("/drafts/<int:draft_id>/new-questions")
def new_questions(draft_id: int) -> ResponseReturnValue:
    """A form for a new quiz or bank."""
    load_draft(Can.SEE_DRAFTS, draft_id)
    return _page(draft_id, _form(draft_tree(draft_id)))


@blueprint.post("/drafts/<int:draft_id>/new-questions")
def begin_questions(draft_id: int) -> ResponseReturnValue:
    """Begin a quiz or bank with no question in it."""
    load_draft(Can.CHANGE_DRAFT, draft_id)
    tree = draft_tree(draft_id)
    form = _form(tree)
    if not form.validate_on_submit():
        return _page(draft_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    taken = [file_name(each).slug for each in tree.files if each.endswith(f".{form.kind.data}.yaml")]
    slug = (form.slug.data or "").strip() or fresh_id(taken, slug_of(form.title.data or "") or "questions")
    path = f"quizzes/{slug}.{form.kind.data}.yaml"
    if path in tree.files:
        form.slug.errors = [TAKEN]
        return _page(draft_id, form), HTTPStatus.CONFLICT
    try:
        text = skeleton(file_name(path), title=form.title.data or "", module=form.module.data or "")
        with transaction() as session:
            draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            # A draft that takes a file away may begin it anew; else there is none yet.
            kept = queries.file_of(session, draft_id, path)
            seen = kept.revision if kept and kept.content is None else 0
            by_id = current_visitor().person_id
            service.save_file(session, draft, path, text.encode(), seen=seen, by_id=by_id, at=now())
    except (Conflict, Invalid) as error:
        form.slug.errors = [error.says]
        return _page(draft_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("author.questions", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)


def _form(tree: Tree) -> QuestionsForm:
    form = QuestionsForm()
    form.module.choices = [SelectChoice(slug, title) for slug, title in module_choices(tree)]
    if request.method == "GET":
        form.module.data = request.args.get("module")
    return form


def _page(draft_id: int, form: QuestionsForm) -> str:
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    return render_template("author/new-questions.html", draft=draft, form=form)
