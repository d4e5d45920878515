"""The author's door at a scenario that is not there yet: a few answers, and a small story that holds together."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme.authoring import queries, service
from pme.authoring.item_forms import fresh_id, id_from
from pme.authoring.item_problems import outcomes_of
from pme.authoring.naming import file_name
from pme.authoring.scenario_new import Wanted, begun
from pme.content.files import Tree
from pme.content.parse_fields import SLUG
from pme.content.parse_sources import SOURCES, Bibliography, parse_sources
from pme.content.problems import Findings
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.forms_scenario import ScenarioForm
from pme.web.author.new_questions import TAKEN
from pme.web.author.yaml_files import as_text, draft_tree, module_choices
from pme.web.loaders import load_draft
from pme.web.session import transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@blueprint.get("/drafts/<int:draft_id>/new-scenario")
def new_scenario(draft_id: int) -> ResponseReturnValue:
    """A form for a new scenario."""
    load_draft(Can.SEE_DRAFTS, draft_id)
    return _page(draft_id, _form(draft_tree(draft_id)))


@blueprint.post("/drafts/<int:draft_id>/new-scenario")
def begin_scenario(draft_id: int) -> ResponseReturnValue:
    """Begin a scenario with its decisions in order, its ways, its endings and its texts to write."""
    load_draft(Can.CHANGE_DRAFT, draft_id)
    tree = draft_tree(draft_id)
    form = _form(tree)
    known = _bibliography(tree)
    is_fine = form.validate_on_submit()
    source = (form.source.data or "").strip()
    if source and known.cited(source) is None:
        form.source.errors = [
            *form.source.errors,
            _("There is no source “{source}” in the bibliography. Choose one from the list.", source=source),
        ]
        is_fine = False
    if (form.slug.data or "").strip() and not SLUG.match((form.slug.data or "").strip()):
        form.slug.errors = [
            *form.slug.errors,
            _("Use lower-case letters, digits and hyphens, such as night-convoy."),
        ]
        is_fine = False
    if not is_fine:
        return _page(draft_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    slugs = [file_name(path).slug for path in tree.files if path.endswith(".scenario.yaml")]
    slug = (form.slug.data or "").strip() or fresh_id(slugs, id_from(form.title.data or "", []))
    path = f"quizzes/{slug}.scenario.yaml"
    if slug in slugs:
        form.slug.errors = [TAKEN]
        return _page(draft_id, form), HTTPStatus.CONFLICT
    text = as_text(begun(_wanted(form, slug, source, tree))) + "\n"
    try:
        file_name(path)
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
    flash(
        _(
            "The outline of the story is ready, from the first decision to its endings. Now write its "
            "texts, one part after the other."
        )
    )
    return redirect(
        url_for("author.scenario", draft_id=draft_id, path=path, checked="1"), HTTPStatus.SEE_OTHER
    )


def _wanted(form: ScenarioForm, slug: str, source: str, tree: Tree) -> Wanted:
    module, decisions = form.module.data or "", int(form.decisions.data or 1)
    return Wanted(
        slug=slug,
        title=(form.title.data or "").strip(),
        module=module,
        outcomes={each.id: each.text for each in outcomes_of(tree.text(f"modules/{module}/module.md"))},
        decisions=decisions,
        mode=form.mode.data or "summative",
        minutes=str(max(2, 2 * decisions)),
        role=(form.role.data or "").strip(),
        level=(form.level.data or "").strip(),
        source=source,
    )


def _form(tree: Tree) -> ScenarioForm:
    form = ScenarioForm()
    form.module.choices = [SelectChoice(slug, title) for slug, title in module_choices(tree)]
    if request.method == "GET":
        form.module.data = request.args.get("module")
    return form


def _bibliography(tree: Tree) -> Bibliography:
    return parse_sources(tree.text(SOURCES), Findings("")) if SOURCES in tree.files else Bibliography()


def _page(draft_id: int, form: ScenarioForm) -> str:
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    known = _bibliography(draft_tree(draft_id))
    return render_template("author/new-scenario.html", draft=draft, form=form, sources=known.sources)
