"""Our xAPI profile: which statements there are and what is in them, as JSON-LD that programs can read. Pure.

In the form of ADL's xAPI Profile Specification 1.0. docs/xapi.md says the same to people.
"""

import json
from typing import Any

from pme.xapi.vocabulary import Extension, Kind, Verb, Words

Document = dict[str, Any]
PUBLISHED = "2026-11-27T00:00:00Z"
EVENTS = (
    "What happened. To the completion of a course: earned, amended, revoked, restored, requalified. To a "
    "certificate: earned, corrected, renewed, restored, or on which ground it was revoked. To a quiz: marked-again."
)
EXTENSIONS: dict[Extension, tuple[str, Document]] = {
    Extension.ASSESSMENT: (
        "Whether the task counts for completing the course (summative) or is for practice (formative).",
        {"type": "string", "enum": ["formative", "summative"]},
    ),
    Extension.ATTEMPT: ("Which attempt of the person at the task it is, from 1.", {"type": "integer"}),
    Extension.EDITION: (
        "The edition of the course: SHA-256 of the versions that it is made of.",
        {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    ),
    Extension.EVENT: (EVENTS, {"type": "string"}),
    Extension.REPLACES: ("The certificate that this one replaces, by its id.", {"type": "string"}),
    Extension.DEMO: ("The academy only shows how the platform works.", {"type": "boolean"}),
}
TEMPLATES: tuple[tuple[str, Verb, Kind, str, tuple[str, ...]], ...] = (
    ("quiz-launched", Verb.LAUNCHED, Kind.QUIZ, "Somebody began an attempt at a quiz.", ()),
    ("scenario-launched", Verb.LAUNCHED, Kind.SCENARIO, "Somebody began to play a scenario.", ()),
    ("page-progressed", Verb.PROGRESSED, Kind.PAGE, "Somebody marked a page as read.", ("completion",)),
    (
        "question-answered",
        Verb.ANSWERED,
        Kind.QUESTION,
        "An answer of an attempt that is over, told with its result. What was answered is never told.",
        ("success", "score.scaled", "duration"),
    ),
    *(
        (
            f"{kind}-{verb}",
            verb,
            kind,
            f"An attempt at a {kind} is over and {verb}; or was marked again after a correction.",
            ("success", "completion", "score.scaled"),
        )
        for kind in (Kind.QUIZ, Kind.SCENARIO)
        for verb in (Verb.PASSED, Verb.FAILED)
    ),
    ("module-completed", Verb.COMPLETED, Kind.MODULE, "Somebody completed a module.", ("completion",)),
    (
        "course-completed",
        Verb.COMPLETED,
        Kind.COURSE,
        "Somebody completed a course, or its completion was amended, restored or renewed: see the event.",
        ("completion", "score.scaled"),
    ),
    ("course-revoked", Verb.REVOKED, Kind.COURSE, "The completion of a course does not count any more.", ()),
    (
        "certificate-earned",
        Verb.EARNED,
        Kind.CERTIFICATE,
        "A certificate was issued. Its id is the address at which it is verified, unless the academy leaves it out.",
        ("score.scaled",),
    ),
    ("certificate-revoked", Verb.REVOKED, Kind.CERTIFICATE, "A certificate was revoked.", ()),
)
NEVER = ("$.actor.mbox", "$.actor.mbox_sha1sum", "$.actor.name", "$.result.response")
"""What stands in no statement."""


def profile(words: Words) -> Document:
    """The profile of an installation."""
    return {
        "@context": "https://w3id.org/xapi/profiles/context",
        "id": words.profile,
        "type": "Profile",
        "conformsTo": "https://w3id.org/xapi/profiles#1.0",
        "prefLabel": {"en": "PME: human security education"},
        "definition": {
            "en": "What people of defence academies learn on the PME platform, told without saying who they are."
        },
        "versions": [{"id": words.version, "generatedAtTime": PUBLISHED}],
        "author": {"type": "Organization", "name": "PME", "url": words.url},
        "concepts": [*_concepts(words)],
        "templates": [_template(words, *each) for each in TEMPLATES],
        "patterns": [],
    }


def _concepts(words: Words) -> list[Document]:
    made = [
        _concept(
            words,
            "Verb",
            words.verb(Verb.REVOKED),
            "revoked",
            "It counts no longer. That it once did, stays.",
        ),
        _concept(
            words,
            "ActivityType",
            words.kind(Kind.CERTIFICATE),
            "certificate",
            "A certificate of a course, which anybody can verify.",
        ),
    ]
    for extension, (says, schema) in EXTENSIONS.items():
        concept = _concept(words, "ContextExtension", words.extension(extension), extension.value, says)
        made.append(concept | {"inlineSchema": json.dumps(schema)})
    return made


def _concept(words: Words, kind: str, iri: str, label: str, says: str) -> Document:
    return {
        "id": iri,
        "type": kind,
        "inScheme": words.version,
        "prefLabel": {"en": label},
        "definition": {"en": says},
    }


def _template(
    words: Words, name: str, verb: Verb, kind: Kind, says: str, result: tuple[str, ...]
) -> Document:
    included = (
        "$.id",
        "$.timestamp",
        "$.actor.account",
        "$.context.registration",
        "$.context.language",
        "$.context.revision",
        *(f"$.result.{each}" for each in result),
    )
    return {
        "id": f"{words.profile}#template-{name}",
        "type": "StatementTemplate",
        "inScheme": words.version,
        "prefLabel": {"en": name.replace("-", " ")},
        "definition": {"en": says},
        "verb": words.verb(verb),
        "objectActivityType": words.kind(kind),
        "contextCategoryActivityType": ["http://adlnet.gov/expapi/activities/profile"],
        "rules": [
            *({"location": each, "presence": "included"} for each in included),
            *({"location": each, "presence": "excluded"} for each in NEVER),
        ],
    }
