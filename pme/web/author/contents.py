"""The author's door at everything there is: the published content and the draft's changes, as one outline."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from pme.authoring import queries, service
from pme.authoring.outline import outline
from pme.content.catalogue import Catalogue
from pme.content.edit import published_tree
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.loaders import catalogue, load_draft
from pme.web.session import db_session


@blueprint.get("/drafts/<int:draft_id>/contents")
def contents(draft_id: int) -> ResponseReturnValue:
    """Everything that can be changed in this draft."""
    draft, session = load_draft(Can.SEE_DRAFTS, draft_id), db_session()
    return render_template(
        "author/contents.html",
        draft=draft,
        shelves=outline(
            published_tree(session).files, queries.edits_of(session, draft_id), titles(catalogue())
        ),
        address=lambda name: editor_address(draft_id, name),
        can_change=draft.status in service.CAN_CHANGE,
    )


def titles(published: Catalogue) -> Mapping[str, str]:
    """The titles of published files by path."""
    found = {f"modules/{slug}.course.yaml": c.content.title for slug, c in published.courses_by_slug.items()}
    for slug, module in published.modules_by_slug.items():
        found[f"modules/{slug}/module.md"] = module.content.title
        found |= {f"modules/{slug}/{page.number}-{page.slug}.md": page.title for page in module.content.pages}
    found |= {f"quizzes/{slug}.quiz.yaml": q.content.title for slug, q in published.quizzes_by_slug.items()}
    found |= {
        f"quizzes/{slug}.scenario.yaml": s.content.title for slug, s in published.scenarios_by_slug.items()
    }
    return found
