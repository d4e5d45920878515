"""The author's door at one node or ending of a scenario: its form, its name, and the end of it."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring.checker import Look
from pme.authoring.item_fields import Fields
from pme.authoring.item_forms import Entry, Typed, entry_of, is_blank, typed_from, typed_of
from pme.authoring.item_rows import arranged
from pme.authoring.models_removal import Removed
from pme.authoring.removals import Part
from pme.authoring.rewriting import rewritten
from pme.authoring.scenario_fields import KINDS, fields_of
from pme.authoring.scenario_forms import closed, opened
from pme.authoring.scenario_new import with_new_targets
from pme.authoring.scenario_story import (
    ENDINGS,
    NODES,
    consequences,
    expert_choice,
    parts_of,
    renamed,
    usual_heir,
    with_expert,
    with_key,
    without,
)
from pme.content.decision_graph import SIGNS
from pme.content.yaml_edit import rename
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.questions import status_of
from pme.web.author.removing import with_uses
from pme.web.author.scenario import always, changed
from pme.web.author.scenario_files import (
    ScenarioFile,
    at_fields,
    has_address,
    load_scenario,
    of_part,
    save_scenario,
)
from pme.web.author.yaml_files import Removal, as_text, mark_of, seen, sent, was_before
from pme.web.loaders import UNKNOWN
from pme.words.speech import _, _n

SAVE, CHECK = "save", "check"
PART = "/drafts/<int:draft_id>/scenario-part/<part>/<name>"


@blueprint.get(f"{PART}/form/<path:path>")
def scenario_part(draft_id: int, part: str, name: str, path: str) -> ResponseReturnValue:
    """A node or ending as a form, with what is wrong beside its fields."""
    file = load_scenario(Can.SEE_DRAFTS, draft_id, path)
    entry = _entry(file, part, name)
    if not _has_form(file, part, name):
        flash(_("There is no form for this kind of part. Edit it as text."), "problem")
        return redirect(url_for("author.file", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)
    return _page(file, part, name, typed_of(entry, _fields(file, part, name)), look=file.look())


@blueprint.post(f"{PART}/form/<path:path>")
def save_scenario_part(draft_id: int, part: str, name: str, path: str) -> ResponseReturnValue:
    """Keep a node or ending, or arrange the rows of its form, or check it without keeping it yet."""
    file = load_scenario(Can.CHANGE_DRAFT, draft_id, path)
    if "was" in request.form and part in (NODES, ENDINGS) and name not in parts_of(file.content, part):
        return _gone(file, name), HTTPStatus.CONFLICT
    if not _has_form(file, part, name):
        raise NotFound(UNKNOWN)
    fields = _fields(file, part, name)
    values, errors = sent()
    typed, act = typed_from(values, fields), values.get("act", SAVE)
    if errors or act != SAVE:
        typed = arranged(typed, fields, act)
        try:
            look = file.look(_text_with(file, part, name, typed)) if act == CHECK else None
        except (Conflict, Invalid) as error:
            errors, look = {**errors, _field_of(error): error.says}, None
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return _page(file, part, name, typed, errors=errors, is_typed=True, look=look), status
    try:
        save_scenario(
            draft_id,
            path,
            lambda now: _text_with(now, part, name, typed),
            lambda now: was_before(_shown(now, part, name)),
        )
    except (Conflict, Invalid) as error:
        file = load_scenario(Can.CHANGE_DRAFT, draft_id, path)
        if name not in parts_of(file.content, part):
            return _gone(file, name), HTTPStatus.CONFLICT
        is_late = isinstance(error, Conflict) and file.revision != seen()
        problems = {_field_of(error): error.says}
        page = _page(file, part, name, typed, errors=problems, is_typed=True, is_late=is_late)
        return page, status_of(error)
    flash(_("Saved in the draft."))
    address = url_for("author.scenario_part", draft_id=draft_id, part=part, name=name, path=path, checked="1")
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get(f"{PART}/rename/<path:path>")
def rename_part(draft_id: int, part: str, name: str, path: str) -> ResponseReturnValue:
    """A form for another short name."""
    file = load_scenario(Can.CHANGE_DRAFT, draft_id, path)
    file.part(part, name)
    return _rename_page(file, part, name, name)


@blueprint.post(f"{PART}/rename/<path:path>")
def give_name(draft_id: int, part: str, name: str, path: str) -> ResponseReturnValue:
    """Give a node or ending another short name, wherever it is named."""
    file = load_scenario(Can.CHANGE_DRAFT, draft_id, path)
    file.part(part, name)
    new = request.form.get("name", "").strip()

    def with_name(now: ScenarioFile) -> str:
        now.part(part, name)
        _must_be_free(now, new, but=name)
        if new == name:
            return now.text
        text, only_key = rename(now.text, (part, name), new), with_key(now.content, part, name, new)
        return rewritten(text, (), only_key, renamed(now.content, part, name, new))

    try:
        save_scenario(draft_id, path, with_name, always)
    except (Conflict, Invalid) as error:
        return _rename_page(file, part, name, new, error.says), status_of(error)
    flash(_("{name} is now called {new}, wherever it is named.", name=name, new=new))
    return redirect(
        url_for("author.scenario", draft_id=draft_id, path=path, checked="1"), HTTPStatus.SEE_OTHER
    )


@blueprint.post(f"{PART}/delete/<path:path>")
def remove_part(draft_id: int, part: str, name: str, path: str) -> ResponseReturnValue:
    """Take a node or ending out of the story, to be put back if that was wrong; say what follows.

    Those who led to it lead to what `instead` names; without that, to where it led itself, if that is one place.
    """
    file = load_scenario(Can.CHANGE_DRAFT, draft_id, path)
    file.part(part, name)
    instead = request.form.get("instead", usual_heir(file.content, part, name))

    def taken_out(now: ScenarioFile) -> Entry:
        now.part(part, name)
        if instead and instead not in (target for target, _ in now.targets(but=name)):
            raise Conflict(
                _("There is no “{instead}” any more. Choose another place to lead to.", instead=instead)
            )
        return without(now.content, part, name, instead)

    says = with_uses(_("{name} is deleted from the draft.", name=name), _follows(file, part, name, instead))
    removal = Removal(Part(Removed.NODE if part == NODES else Removed.ENDING, name, path))
    return changed(draft_id, path, taken_out, says, removal=removal)


def _follows(file: ScenarioFile, part: str, name: str, instead: str) -> list[str]:
    """What follows when a part goes, in sentences."""
    found, says = consequences(file.content, part, name, instead), []
    if found.ways and instead:
        says.append(
            _n(
                "{n} way leads to {instead} instead.",
                "{n} ways lead to {instead} instead.",
                len(found.ways),
                instead=instead,
            )
        )
    elif found.ways:
        says.append(
            _n(
                "{n} way leads nowhere, until you choose where. Until then the scenario cannot be published.",
                "{n} ways lead nowhere, until you choose where. Until then the scenario cannot be published.",
                len(found.ways),
            )
        )
    if found.lost:
        says.append(_("Nobody reaches any more: {parts}.", parts=", ".join(found.lost)))
    if found.is_expert:
        says.append(_("The expert path does not pass here any more."))
    return says


def _entry(file: ScenarioFile, part: str, name: str) -> Entry:
    """A part as its form knows it; a decision with the choice of the experts."""
    entry = opened(file.part(part, name))
    if file.kind(part, name) == "decision":
        entry["expert"] = expert_choice(file.content, name)
    return entry


def _has_form(file: ScenarioFile, part: str, name: str) -> bool:
    file.part(part, name)
    return file.kind(part, name) in KINDS


def _fields(file: ScenarioFile, part: str, name: str) -> Fields:
    rows = opened(file.part(part, name)).get("choices")
    options = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    known = replace(
        file.known,
        options=tuple(
            (str(row.get("id", "")), f"{row.get('id', '')}: {row.get('text', '')}") for row in options
        ),
    )
    return fields_of(file.kind(part, name), known)


def _shown(file: ScenarioFile, part: str, name: str) -> Entry | None:
    """What a form shows of a scenario, as it is now."""
    return _entry(file, part, name) if name in parts_of(file.content, part) else None


def _content_with(file: ScenarioFile, part: str, name: str, typed: Typed) -> Entry:
    """The scenario with what was typed in it. Raises Invalid where two choices have one name."""
    original, entry = file.part(part, name), _entry(file, part, name)
    made = entry_of(typed, _fields(file, part, name), entry)
    expert = str(made.pop("expert", ""))
    new = closed({name: value for name, value in made.items() if name != "expert"}, original)
    content: Entry = {**file.content, part: {**parts_of(file.content, part), name: new}}
    if file.kind(part, name) == "decision":
        kept = parts_of(new, "choices")
        content = with_expert(content, name, expert if expert in kept else "")
    if part == NODES:
        content, _unused = with_new_targets(content, name, original)
    return content


def _text_with(file: ScenarioFile, part: str, name: str, typed: Typed) -> str:
    return rewritten(file.text, (), file.content, _content_with(file, part, name, typed))


def _field_of(error: Conflict | Invalid) -> str:
    return (error.field or "") if isinstance(error, Invalid) else ""


def _must_be_free(file: ScenarioFile, new: str, *, but: str) -> None:
    if not has_address(new):
        raise Invalid(_("Give it a short name of letters, digits, hyphens and _."), field="name")
    if new != but and new in (*file.names, *file.endings):
        raise Invalid(_("There is a “{new}” already. Take another name.", new=new), field="name")


def _rename_page(file: ScenarioFile, part: str, name: str, new: str, error: str = "") -> str:
    return render_template(
        "author/rename-part.html", draft=file.draft, file=file, part=part, name=name, new=new, error=error
    )


def _gone(file: ScenarioFile, name: str) -> str:
    """The page that keeps what was typed into a part that is not there any more."""
    values, _unused = sent()
    hidden = ("csrf_token", "seen", "was", "act")
    typed = [
        value for each, value in values.items() if each not in hidden and not each.endswith(".was") and value
    ]
    return render_template(
        "author/gone-part.html", draft=file.draft, file=file, name=name, words="\n\n".join(typed)
    )


def _page(
    file: ScenarioFile,
    part: str,
    name: str,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    is_typed: bool = False,
    is_late: bool = False,
    look: Look | None = None,
) -> str:
    entry = _entry(file, part, name)
    targets = file.targets(but=name, with_new=True)
    spots = of_part(look.spots, part, name) if look else []
    return render_template(
        "author/scenario-part.html",
        draft=file.draft,
        file=file,
        part=part,
        name=name,
        kind=KINDS[file.kind(part, name)],
        fields=_fields(file, part, name),
        typed=typed,
        errors=errors or {},
        problems=at_fields(
            spots, _rows_of(file, part, name, typed) if is_typed else entry, typed, f"{part}.{name}"
        ),
        look=look,
        spots=spots,
        signs=SIGNS,
        was=request.form.get("was", "") if is_typed and not is_late else mark_of(entry),
        seen=seen() if is_typed and not is_late else file.revision,
        choices={"goto": targets, "to": targets, "otherwise": targets},
        sources=file.sources,
        theirs=as_text(file.part(part, name)) if is_late else "",
        heirs=file.targets(but=name),
        heir=usual_heir(file.content, part, name),
        address=url_for(
            "author.save_scenario_part", draft_id=file.draft.id, part=part, name=name, path=file.path
        ),
    )


def _rows_of(file: ScenarioFile, part: str, name: str, typed: Typed) -> Entry:
    """What was typed as an entry whose rows stand where the form has them, the empty ones too."""
    made = entry_of(typed, _fields(file, part, name), _entry(file, part, name))
    for field in _fields(file, part, name):
        rows, kept = typed.get(field.name), made.get(field.name)
        if isinstance(rows, list) and isinstance(kept, list):
            left = list(kept)
            made[field.name] = [{} if is_blank(row) or not left else left.pop(0) for row in rows]
    return made
