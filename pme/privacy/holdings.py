"""What the platform holds of a person, table by table: how it is found, exported, and what erasure does to it.

Pure: names of tables and columns. A test walks the schema and fails for a table that tells of a person and
stands neither here nor in `ELSEWHERE`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pme.privacy.classes import Kept

NAMELESS = "(erased)"
"""What stands where a name stood."""


@dataclass(frozen=True)
class Holding:
    """A table with rows of a person.

    `own` is the column that names the person, or with `through` the column that refers to a row of that
    table, which is theirs. `hidden` columns are not in an export: secrets, other people's, and what would
    give away a key. On erasure the rows go, or with `blanks` stay with these columns emptied, but for those
    that have the values of `goes`. `acts` are columns that name somebody who did something to the row.
    `is_own_only`: in an export by staff there is nothing of it, not even how much there is.
    """

    kept: Kept
    own: str = "person_id"
    through: str = ""
    hidden: str = ""
    blanks: Mapping[str, Any] | None = None
    acts: str = ""
    goes: Mapping[str, Any] = field(default_factory=dict)
    is_own_only: bool = False


def _of(parent: str, kept: Kept, **more: Any) -> Holding:
    return Holding(kept, own=f"{parent}_id", through=parent, **more)


@dataclass(frozen=True)
class Done:
    """A table whose rows say that a person did something; the rows are not theirs and stay.

    On erasure the column goes on naming the account, which has no name any more.
    """

    columns: str
    at: str = ""
    why: str = field(default="the academy's own record, of which only that it was done is the person's")


NONE: Mapping[str, Any] = {}
HOLDINGS: dict[str, Holding] = {
    "personnel": Holding(
        Kept.IDENTITY,
        blanks={
            "name": NAMELESS,
            "rank": "",
            "nation": "",
            "service": "",
            "unit": "",
            "external_id": None,
            "language": None,
        },
    ),
    "personnel_change": Holding(Kept.IDENTITY, acts="by_id"),
    "changed_row": Holding(Kept.IDENTITY),
    "membership": Holding(Kept.IDENTITY, blanks={"standing": "erased", "valid_until": None}),
    "teaching": Holding(Kept.IDENTITY),
    "function_holder": Holding(Kept.IDENTITY),
    "cohort_instructor": Holding(Kept.IDENTITY),
    "browser_session": Holding(Kept.ACCESS, hidden="token_sha256"),
    "account_link": Holding(Kept.ACCESS, hidden="token_sha256", acts="made_by"),
    "attempt_opened": Holding(Kept.ACCESS, acts="by_id"),
    "news_seen": Holding(Kept.ACCESS),
    "audit_alias": Holding(Kept.ACCESS, hidden="chain_id"),
    "calendar_feed": Holding(Kept.ACCESS, hidden="token_sha256"),
    "lrs_actor": Holding(Kept.ACCESS),
    "lrs_statement": Holding(Kept.LEARNING, hidden="body source source_id is_open"),
    "accommodation": Holding(Kept.PRIVATE, acts="set_by"),
    "further_attempt": _of("enrolment", Kept.PRIVATE, acts="given_by"),
    "attempt_break": _of("attempt", Kept.PRIVATE),
    "reflection": _of("attempt", Kept.PRIVATE),
    "notebook_entry": Holding(Kept.PRIVATE, is_own_only=True),
    "equal_work": _of("enrolment", Kept.PRIVATE, acts="by_id"),
    "extension": _of("enrolment", Kept.PRIVATE, acts="by_id"),
    "waiver": Holding(Kept.PRIVATE, acts="by_id"),
    "enrolment_request": Holding(Kept.LEARNING, acts="settled_by"),
    "page_read": _of("enrolment", Kept.LEARNING),
    "check_answer": _of("enrolment", Kept.LEARNING, hidden="item answer digest"),
    "refused_response": _of("attempt", Kept.LEARNING, hidden="item answer"),
    "letter": Holding(Kept.LETTERS, hidden="secrets sent_id"),
    "job": Holding(Kept.LETTERS, hidden="payload state lease key"),
    "report_schedule": Holding(Kept.LETTERS),
    "return_schedule": Holding(Kept.LETTERS),
    "report_view": Holding(Kept.WORK, blanks=NONE, goes={"is_shared": False}),
    "enrolment": Holding(Kept.COMPLETIONS, blanks=NONE),
    "attempt": Holding(
        Kept.RESULTS,
        hidden="draw result",
        blanks={"reflection_shared_at": None, "language": None, "carried_at": None},
    ),
    "response": _of("attempt", Kept.RESULTS, hidden="item answer form turn", blanks=NONE),
    "decision": _of("attempt", Kept.RESULTS, hidden="node choice key", blanks=NONE),
    "revision": _of("attempt", Kept.RESULTS, hidden="result regrades", blanks=NONE),
    "script": Holding(
        Kept.RESULTS,
        hidden="item points rule is_sampled moderation moderation_note state",
        blanks={"moderation_note": ""},
        acts="moderator_id",
    ),
    "mark": _of(
        "script",
        Kept.RESULTS,
        hidden="judgement first_levels points reason status place claimed_until",
        blanks={"reason": ""},
        acts="marker_id agreed_by",
    ),
    "module_completion": _of("enrolment", Kept.COMPLETIONS, blanks=NONE),
    "course_completion": _of("enrolment", Kept.COMPLETIONS, blanks=NONE),
    "completion_event": _of("enrolment", Kept.COMPLETIONS, blanks=NONE, acts="by"),
    "requalification": _of("enrolment", Kept.COMPLETIONS, blanks=NONE),
    "requalified_part": _of("requalification", Kept.COMPLETIONS, blanks=NONE),
    "certificate": Holding(
        Kept.CERTIFICATES,
        hidden="signatories",
        blanks={"holder_name": "", "holder_rank": "", "reason": ""},
        acts="issued_by",
    ),
    "certificate_event": _of("certificate", Kept.CERTIFICATES, blanks=NONE, acts="by"),
}
"""Found by the person at one academy."""

ACCOUNT: dict[str, Holding] = {
    "person": Holding(Kept.IDENTITY, own="id", hidden="password_hash", blanks=NONE),
    "app_factor": Holding(Kept.ACCESS, hidden="sealed last_step"),
    "passkey": Holding(Kept.ACCESS, hidden="credential public_key sign_count"),
    "recovery_code": Holding(Kept.ACCESS, hidden="code_sha256"),
    "half_sign_in": Holding(Kept.ACCESS, hidden="token_sha256 challenge"),
}
"""Of the account itself: it goes when no academy is left that knows the person."""

DONE: dict[str, Done] = {
    "sealed_return": Done("by_id", "asked_at"),
    "academy_course": Done("chosen_by", "chosen_at"),
    "enrolment_code": Done("by_id", "at"),
    "change": Done("by_id undone_by", "at"),
    "course_validity": Done("set_by", "set_at"),
    "course_statement": Done("set_by", "set_at"),
    "certificate_design_draft": Done("changed_by", "changed_at"),
    "certificate_design_image": Done("added_by", "added_at"),
    "certificate_design_version": Done("published_by", "published_at"),
    "content_version": Done("published_by", "published_at"),
    "publication": Done("by_id", "at"),
    "draft": Done("author_id", "created_at"),
    "draft_file": Done("saved_by", "saved_at"),
    "draft_file_out": Done("out_by", "out_at"),
    "draft_removal": Done("by_id", "at"),
    "draft_comment": Done("by_id", "at"),
    "review_act": Done("by_id", "at"),
    "review_task": Done("holder_id was_holder_id closed_by", "closed_at"),
    "outside_link": Done("made_by", "made_at"),
    "local_block": Done("saved_by", "saved_at"),
    "local_block_version": Done("saved_by", "saved_at"),
    "panel": Done("opened_by adopted_by", "opened_at"),
    "roster": Done("person_id", "sent_at", "a spreadsheet, emptied when somebody whom it names is erased"),
    "regrade": Done("by undone_by", "at"),
    "edition_call": Done("by withdrawn_by", "at"),
    "marking_plan": Done("set_by", "set_at"),
    "mark_release": Done("released_by", "released_at"),
    "lrs": Done("set_by", "set_at"),
    "retention_rule": Done("changed_by", "changed_at"),
    "erasure": Done("by_id person_id", "at", "the proof that somebody was erased, which names nobody"),
    "erasure_proposal": Done("person_id decided_by", "decided_at", "that an erasure was due and decided"),
}
"""What somebody did, in rows that are not about them."""

OWN_ONLY = "in the person's own export alone"
"""Where staff are told of a table, in which there is nothing for them."""

ELSEWHERE: dict[str, str] = {
    "failed_sign_in": "hashes of addresses, forgotten after a quarter of an hour",
    "preview_state": "what was tried in a preview of content, forgotten within days",
    "panellist": "invited without an account; their panel's record, which names them by their own words",
    "panel_rating": "see panellist",
    "panel_reason": "see panellist",
    "panel_submission": "see panellist",
    "outside_comment": "by somebody without an account",
    "acts_of_day": "counts of pages read and attempts by day, which the database keeps true when these go",
    "audit_entry": "names people by aliases alone; the alias is exported, and cut on erasure",
}
"""Tables that tell of people and are neither exported nor erased with a person, each with its reason."""
