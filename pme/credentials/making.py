"""From the facts of a certificate to its credential: Open Badges 3.0, every claim in a term that has a meaning."""

import json
from typing import Any
from urllib.parse import quote

from pme.credentials.bounds import UNSAFE
from pme.credentials.contexts import CREDENTIALS, OPEN_BADGES
from pme.credentials.facts import CredentialFacts, Outcome
from pme.credentials.proof import secured
from pme.credentials.times import written

__all__ = ["as_bytes", "credential", "secured"]

CONTEXTS = [CREDENTIALS, OPEN_BADGES]
TYPES = ["VerifiableCredential", "OpenBadgeCredential"]
DEMO = "DEMO: "

Json = dict[str, Any]


def credential(facts: CredentialFacts) -> Json:
    """The credential of a certificate, not yet signed. Every field of the facts stands in it."""
    mark = DEMO if facts.is_demo else ""
    made: Json = {
        "@context": list(CONTEXTS),
        "id": facts.id_url,
        "type": list(TYPES),
        "name": _clean(mark + facts.course_title),
        "issuer": {
            "id": facts.issuer_did,
            "type": ["Profile"],
            "name": _clean(facts.academy_name),
            "url": facts.issuer_url,
        },
        "validFrom": written(facts.valid_from),
        "awardedDate": written(facts.issued_at),
        "credentialStatus": {
            "id": f"{facts.status_list_url}#{facts.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(facts.status_index),
            "statusListCredential": facts.status_list_url,
        },
        "credentialSubject": _subject(facts),
    }
    if facts.academy_nation:
        made["issuer"]["address"] = {"type": ["Address"], "addressCountry": _clean(facts.academy_nation)}
    if facts.valid_until is not None:
        made["validUntil"] = written(facts.valid_until)
    if facts.replaces is not None:
        made["evidence"] = [
            {
                "id": facts.replaces,
                "type": ["Evidence"],
                "genre": "replaces",
                "name": "The certificate that this replaces",
            }
        ]
    return made


def as_bytes(document: Json) -> bytes:
    """A document as the one text in which it is handed out, embedded and hashed: keys in order, no spaces."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def course_url(facts: CredentialFacts) -> str:
    """What names this edition of the course: a part of the academy's profile, so that it leads somewhere."""
    return f"{facts.issuer_url}#{quote(facts.course_slug, safe='')}-{facts.course_sha256[:16]}"


def _subject(facts: CredentialFacts) -> Json:
    course = course_url(facts)
    identity = [("name", facts.holder_name), ("ext:rank", facts.holder_rank)]
    subject: Json = {
        "id": f"{facts.id_url}#holder",
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "identityType": kind, "hashed": False, "identityHash": _clean(value)}
            for kind, value in identity
            if value
        ],
        "licenseNumber": facts.number,
        "result": [
            {"type": ["Result"], "resultDescription": f"{course}/percent", "value": _plain(facts.percent)},
            {"type": ["Result"], "resultDescription": f"{course}/hours", "value": _plain(facts.hours)},
        ],
        "achievement": _achievement(facts, course),
    }
    if facts.ects is not None:
        subject["creditsEarned"] = _number(facts.ects)
    return subject


def _achievement(facts: CredentialFacts, course: str) -> Json:
    alignments = [
        *(_outcome(outcome, course) for outcome in facts.outcomes),
        *(_level(framework, level, course) for framework, level in facts.frameworks),
    ]
    achievement: Json = {
        "id": course,
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": _clean(facts.course_title),
        "description": _clean(facts.description),
        "criteria": {"narrative": _clean(facts.criteria)},
        "humanCode": facts.course_slug,
        "version": _clean(facts.edition),
        "inLanguage": facts.language,
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifierType": "ext:sha256", "identifier": facts.course_sha256}
        ],
        "resultDescription": [
            {
                "id": f"{course}/percent",
                "type": ["ResultDescription"],
                "name": "Result in per cent",
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
            },
            {
                "id": f"{course}/hours",
                "type": ["ResultDescription"],
                "name": "Workload in hours",
                "resultType": "ext:hours",
            },
        ],
    }
    if alignments:
        achievement["alignment"] = alignments
    if facts.ects is not None:
        achievement["creditsAvailable"] = _number(facts.ects)
    if facts.is_demo:
        achievement["tag"] = ["DEMO"]
    return achievement


def _outcome(outcome: Outcome, course: str) -> Json:
    address = f"{course}/outcome/{quote(outcome.code, safe='')}"
    alignment = {
        "id": address,
        "type": ["Alignment"],
        "targetType": "ext:outcome",
        "targetCode": outcome.code,
        "targetName": _clean(outcome.text),
        "targetUrl": address,
    }
    if outcome.level:
        alignment["targetDescription"] = f"Level: {_clean(outcome.level)}"
    return alignment


def _level(framework: str, level: str, course: str) -> Json:
    address = f"{course}/level/{quote(framework, safe='')}"
    return {
        "id": address,
        "type": ["Alignment"],
        "targetType": "ext:level",
        "targetFramework": _clean(framework),
        "targetCode": _clean(level),
        "targetName": _clean(f"{framework} {level}"),
        "targetUrl": address,
    }


def _clean(text: str) -> str:
    return UNSAFE.sub(" ", text)


def _number(value: float) -> int | float:
    """Whole numbers without a point: 5.0 is 5 to some readers of JSON and not to others."""
    return int(value) if value == int(value) else value


def _plain(value: float) -> str:
    return f"{round(value, 2):.10g}"
