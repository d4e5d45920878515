"""The shapes of content: what an author's files become once they are read.

All shapes are frozen and survive a round trip through JSON, which is how a version keeps them.
Texts ending in `_html` are rendered and sanitised; all other texts are plain.
"""

from typing import Annotated

from pydantic import Field

from pme.content.shapes_course import (
    CertificateWording,
    Completion,
    Course,
    Figure,
    Heading,
    Module,
    Page,
)
from pme.content.shapes_quiz import (
    AnyItem,
    Difficulty,
    Distractor,
    Item,
    MatchingItem,
    MultipleItem,
    Option,
    OrderingItem,
    Pair,
    Quiz,
    QuizPass,
    Scoring,
    SequenceStep,
    SingleItem,
)
from pme.content.shapes_scenario import (
    Branch,
    BriefNode,
    Choice,
    CriticalAction,
    Debrief,
    DecisionNode,
    Dimension,
    Ending,
    Node,
    ResolveNode,
    Retake,
    Role,
    Scenario,
    Variant,
)
from pme.content.shapes_shared import (
    FORMAT,
    Citation,
    ContentNote,
    Glossary,
    Key,
    Outcome,
    Shape,
    Source,
    Term,
)

AnyContent = Annotated[Course | Module | Quiz | Scenario | Glossary, Field(discriminator="kind")]

__all__ = [
    "FORMAT",
    "AnyContent",
    "AnyItem",
    "Branch",
    "BriefNode",
    "CertificateWording",
    "Choice",
    "Citation",
    "Completion",
    "ContentNote",
    "Course",
    "CriticalAction",
    "Debrief",
    "DecisionNode",
    "Difficulty",
    "Dimension",
    "Distractor",
    "Ending",
    "Figure",
    "Glossary",
    "Heading",
    "Item",
    "Key",
    "MatchingItem",
    "Module",
    "MultipleItem",
    "Node",
    "Option",
    "OrderingItem",
    "Outcome",
    "Page",
    "Pair",
    "Quiz",
    "QuizPass",
    "ResolveNode",
    "Retake",
    "Role",
    "Scenario",
    "Scoring",
    "SequenceStep",
    "Shape",
    "SingleItem",
    "Source",
    "Term",
    "Variant",
]
