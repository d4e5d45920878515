"""The preview's door at pages on paper."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from pme.web.overlays import local_in
from pme.web.paper import handout_of, pdf_sent
from pme.web.preview.access import looker
from pme.web.preview.views import blueprint
from pme.web.preview.ways import load_course, load_module
from pme.web.signin import now


@blueprint.get("/learn/<course>/<module>/<page>.pdf")
def page_pdf(course: str, module: str, page: str) -> ResponseReturnValue:
    """One page of a module on paper, as it stands in this preview."""
    way, source = load_module(course, module)
    at: dict[str, Any] = {"key": looker().key, "course": course, "module": module, "page": page}
    handout = handout_of(
        load_course(course).content,
        source,
        page,
        language=way.language,
        local=local_in(source.in_language(way.language), looker().academy_id),
        address=url_for("preview.page", **at),
        at=now(),
        is_draft=True,
    )
    return pdf_sent(handout, f"{module}-{page}")
