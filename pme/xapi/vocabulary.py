"""The words of our statements: verbs, kinds of activities and extensions, each by its IRI. Pure.

Verbs and kinds are those of ADL's and the xAPI registry's vocabularies wherever these have one; what they lack
stands in our own profile, whose address is the platform's (`pme.xapi.profile`).
"""

from dataclasses import dataclass
from enum import StrEnum

ADL_VERB, ADL_TYPE = "http://adlnet.gov/expapi/verbs/", "http://adlnet.gov/expapi/activities/"
PROFILE_TYPE = f"{ADL_TYPE}profile"
PROFILE_VERSION = "1.0"


class Verb(StrEnum):
    """What was done. `revoked` is our own word."""

    LAUNCHED = "launched"
    PROGRESSED = "progressed"
    ANSWERED = "answered"
    COMPLETED = "completed"
    PASSED = "passed"
    FAILED = "failed"
    EARNED = "earned"
    REVOKED = "revoked"


class Kind(StrEnum):
    """To what it was done."""

    COURSE = "course"
    MODULE = "module"
    PAGE = "page"
    QUIZ = "quiz"
    QUESTION = "question"
    SCENARIO = "scenario"
    CERTIFICATE = "certificate"


TYPES = {
    Kind.COURSE: f"{ADL_TYPE}course",
    Kind.MODULE: f"{ADL_TYPE}module",
    Kind.PAGE: "http://activitystrea.ms/schema/1.0/page",
    Kind.QUIZ: f"{ADL_TYPE}assessment",
    Kind.QUESTION: f"{ADL_TYPE}question",
    Kind.SCENARIO: f"{ADL_TYPE}simulation",
}


class Extension(StrEnum):
    """What the context of a statement says besides. All are our own."""

    ASSESSMENT = "assessment"
    """formative or summative."""
    ATTEMPT = "attempt"
    """The number of the attempt at this task, from 1."""
    EDITION = "edition"
    """The edition of the course, by its digest."""
    EVENT = "event"
    """What happened to a completion or certificate, or that an attempt was marked again."""
    REPLACES = "replaces"
    """The certificate that this one replaces."""
    DEMO = "demo"
    """The academy only shows how the platform works."""


@dataclass(frozen=True)
class Words:
    """The IRIs of an installation, whose public address is `url`."""

    url: str

    @property
    def profile(self) -> str:
        """Our profile, whatever its version; it is published there."""
        return f"{self.url}/xapi/profile.json"

    @property
    def version(self) -> str:
        """The version of our profile that statements follow."""
        return f"{self.profile}#v{PROFILE_VERSION}"

    def verb(self, verb: Verb) -> str:
        """The IRI of a verb."""
        if verb is Verb.REVOKED:
            return f"{self.profile}#revoked"
        if verb is Verb.EARNED:
            return "http://id.tincanapi.com/verb/earned"
        return f"{ADL_VERB}{verb}"

    def kind(self, kind: Kind) -> str:
        """The IRI of a kind of activity."""
        if kind is Kind.CERTIFICATE:
            return f"{self.profile}#certificate"
        return TYPES[kind]

    def extension(self, extension: Extension) -> str:
        """The IRI of an extension of the context."""
        return f"{self.profile}#{extension}"
