"""A small library for the tests: two courses, every kind of item, one scenario of each mode.

Everything that must not reach a student early (keys, credits, feedback, nodes not reached, authors'
ids) carries the word CANARY, so that a test can look for it.
"""

from collections.abc import Iterable

from pme.content.library import Entry, Library
from pme.content.shapes import (
    Branch,
    BriefNode,
    CertificateWording,
    Choice,
    Citation,
    Completion,
    ContentNote,
    Course,
    CriticalAction,
    Debrief,
    DecisionNode,
    Dimension,
    Distractor,
    Ending,
    Heading,
    Key,
    MatchingItem,
    Module,
    MultipleItem,
    Option,
    OrderingItem,
    Outcome,
    Page,
    Pair,
    Person,
    Quiz,
    QuizPass,
    RadioLine,
    ResolveNode,
    Retake,
    Role,
    Scenario,
    SequenceStep,
    Setting,
    SingleItem,
    Source,
    Term,
    Variant,
)
from tests.support.practice import with_checks

SOURCE = Source(
    key="GUIDE-2020", title="A guide", body="An institute", date="2020", url="https://guide.example/a"
)
CITED = (Citation(source=SOURCE, locator="§2"),)
SECRET_SOURCE = Citation(source=SOURCE.model_copy(update={"title": "CANARY source"}))
OUTCOMES = (
    Outcome(id="LO1", text="Recognise what matters", verb="recognise"),
    Outcome(id="LO2", text="Respond with care", verb="respond"),
)
NOTE = ContentNote(
    themes=("violence (mentioned)",),
    detail="mentioned",
    text="Violence is mentioned, never described.",
    equivalent="A talk with your instructor counts the same.",
)


def option(name: str, *, correct: bool = False) -> Option:
    """An option whose id and feedback are secret until marking."""
    secret = f"CANARY-{name}-{'right' if correct else 'wrong'}"
    return Option(
        id=secret, text_html=f"Answer {name}", correct=correct, feedback_html=f"CANARY feedback {name}"
    )


def quiz(slug: str = "check", module: str = "basics", *, attempts: int | None = None) -> Quiz:
    """A quiz with every type of item."""
    return Quiz(
        slug=slug,
        title="A short check",
        summary="Five questions.",
        language="en",
        module=module,
        minutes=5,
        pass_rule=QuizPass(min_percent=75, critical=("CANARY-single",)),
        attempts=attempts,
        outcomes=OUTCOMES,
        items=(
            SingleItem(
                id="CANARY-single",
                type="single",
                outcome="LO1",
                difficulty="easy",
                stem_html="Which one?",
                options=(option("alpha", correct=True), option("bravo"), option("charlie")),
                refs=(SECRET_SOURCE,),
            ),
            SingleItem(
                id="CANARY-truth",
                type="true-false",
                outcome="LO1",
                difficulty="easy",
                stem_html="Is it so?",
                options=(
                    Option(id="true", text_html="True", feedback_html="CANARY feedback true"),
                    Option(
                        id="false", text_html="False", correct=True, feedback_html="CANARY feedback false"
                    ),
                ),
            ),
            MultipleItem(
                id="CANARY-many",
                type="multiple",
                scoring="per-option",
                outcome="LO2",
                difficulty="medium",
                stem_html="Which ones?",
                options=(option("delta", correct=True), option("echo", correct=True), option("foxtrot")),
            ),
            MatchingItem(
                id="CANARY-match",
                type="matching",
                scoring="per-option",
                outcome="LO2",
                difficulty="medium",
                stem_html="What belongs together?",
                pairs=tuple(
                    Pair(
                        id=f"CANARY-{left}",
                        left_html=left,
                        right_html=right,
                        right_id=f"CANARY-{right}",
                        feedback_html=f"CANARY feedback {left}",
                    )
                    for left, right in (("sun", "day"), ("moon", "night"))
                ),
                distractors=(Distractor(right_id="CANARY-noon", right_html="noon"),),
            ),
            OrderingItem(
                id="CANARY-order",
                type="ordering",
                scoring="per-option",
                outcome="LO2",
                difficulty="hard",
                stem_html="In which order?",
                sequence=tuple(
                    SequenceStep(
                        id=f"CANARY-{n}", text_html=f"Step {name}", feedback_html=f"CANARY feedback {n}"
                    )
                    for n, name in enumerate(("golf", "hotel", "india"), start=1)
                ),
            ),
        ),
    )


def choice(name: str, goto: str, rating: int, **more: object) -> Choice:
    """A choice whose id, key and feedback are secret until the debrief."""
    return Choice(
        id=f"CANARY-{name}",
        text_html=f"Do {name}",
        key=Key(by="author", rating=rating),
        feedback_html=f"CANARY feedback {name}",
        refs=(SECRET_SOURCE,),
        goto=goto,
        **more,  # type: ignore[arg-type]
    )


def scenario(slug: str = "checkpoint", *, mode: str = "summative", attempts: int | None = None) -> Scenario:
    """A scenario of two decisions, with state, a flag, critical actions and three endings."""
    return Scenario(
        slug=slug,
        version="1.0.0",
        status="draft",
        title="At the gate",
        language="en",
        classification="UNCLASSIFIED",
        mode=mode,  # type: ignore[arg-type]
        minutes=5,
        module="basics",
        audience="Everyone",
        outcomes=OUTCOMES,
        content_note=NOTE,
        role=Role(you_are="You command the gate.", mission="Keep it open.", resources=("a radio",)),
        dimensions=(Dimension(name="trust", minimum=0, maximum=3, start=1, label="CANARY trust"),),
        flags=("CANARY_flag",),
        critical_actions=(
            CriticalAction(id="CA1", kind="must_not", text="CANARY: never shout."),
            CriticalAction(id="CA2", kind="must_do", text="CANARY: offer help."),
        ),
        start="brief",
        nodes={
            "brief": BriefNode(
                id="brief",
                story_time="14:00",
                variants=(Variant(text_html="<p>Someone waits.</p>"),),
                goto="d1",
            ),
            "d1": DecisionNode(
                id="d1",
                prompt="What should you do first?",
                outcomes=("LO1",),
                choices=(
                    choice("listen", "d2", 4, effects={"trust": 1}, raises=("CANARY_flag",)),
                    choice("wait", "d2", 2),
                    choice("shout", "d2", 1, effects={"trust": -1}, critical="CA1"),
                ),
            ),
            "d2": DecisionNode(
                id="d2",
                story_time="14:05",
                setting=Setting(
                    place="CANARY-later place",
                    people=(Person(who="CANARY-later guard", seen="by the gate"),),
                    radio=(RadioLine(call="Gate", says="CANARY-later radio"),),
                ),
                variants=(
                    Variant(when="trust >= 2", text_html="<p>CANARY-later: they stay.</p>"),
                    Variant(text_html="<p>CANARY-later: they turn away.</p>"),
                ),
                prompt="CANARY-later: what should you offer?",
                outcomes=("LO2",),
                choices=(
                    choice("help", "resolve", 4, satisfies="CA2"),
                    choice("nothing", "resolve", 1),
                ),
            ),
            "resolve": ResolveNode(
                id="resolve",
                branches=(
                    Branch(when="trust <= 0", to="harm"),
                    Branch(when="CANARY_flag", to="sound"),
                    Branch(to="gaps"),
                ),
            ),
        },
        endings=(
            Ending(id="sound", label="CANARY-ending sound", text_html="<p>They leave with help.</p>"),
            Ending(id="gaps", label="CANARY-ending gaps", text_html="<p>Something is missing.</p>"),
            Ending(id="harm", label="CANARY-ending harm", text_html="<p>They are gone.</p>", harm=True),
        ),
        min_percent=75,
        retake=Retake(maximum=attempts),
        debrief=Debrief(
            structure=("What was planned?", "What happened?"),
            prompts=("What will you say?",),
            expert_path=(("d1", "CANARY-listen"), ("d2", "CANARY-help")),
        ),
    )


def page(number: int, slug: str) -> Page:
    """A short page with a section, a citation and a term."""
    return Page(
        slug=slug,
        number=number,
        title=f"Page {slug}",
        html='<p>A claim<sup class="cite"><a href="#ref-1" id="cite-1-1">[1]</a></sup> about a '
        '<a class="term" href="#term-aid" data-term="aid">word</a>.</p><h2 id="more">More</h2><p>Text.</p>',
        headings=(Heading(level=2, anchor="more", text="More"),),
        citations=CITED,
        terms=(Term(slug="aid", term="aid", definition="Help that is given."),),
        words=400,
    )


def module(slug: str, title: str, completion: Completion, **more: object) -> Module:
    """A module of two pages; the first of the basics has checks."""
    first = with_checks(page(10, "first")) if slug == "basics" else page(10, "first")
    return Module(
        slug=slug,
        title=title,
        summary="What it is about.",
        language="en",
        minutes=10,
        level="All ranks",
        outcomes=OUTCOMES,
        content_note=NOTE,
        completion=completion,
        authors=("The team",),
        reviewer="none yet",
        review_date="2027-11-01",
        intro_html="<p>Welcome.</p>",
        pages=(first, page(20, "second")),
        **more,  # type: ignore[arg-type]
    )


def course(slug: str, title: str, modules: tuple[str, ...]) -> Course:
    """A course that certifies."""
    return Course(
        slug=slug,
        title=title,
        summary="A course for the tests.",
        language="en",
        hours=2.5,
        level="All ranks",
        modules=modules,
        outcomes=(Outcome(id="CO1", text="Explain what matters."),),
        certificate=CertificateWording(
            title="Certificate of completion", statement="has completed the course"
        ),
        authors=("The team",),
        review_date="2027-11-01",
    )


def library(*more: Course | Module | Quiz | Scenario) -> Library:
    """The whole set; entries in `more` take the place of those of the same kind and slug."""
    basics = Completion(quizzes=("check",), scenarios=("checkpoint", "practice"))
    contents: list[Course | Module | Quiz | Scenario] = [
        course("core", "Core course", ("basics", "further")),
        course("other", "Other course", ("elsewhere",)),
        module("basics", "The basics", basics),
        module("further", "Further on", Completion(), prerequisites=("basics",)),
        module("elsewhere", "Elsewhere", Completion()),
        quiz(),
        scenario(),
        scenario("practice", mode="formative"),
    ]
    return of(contents, more)


def of(
    contents: Iterable[Course | Module | Quiz | Scenario],
    more: Iterable[Course | Module | Quiz | Scenario] = (),
) -> Library:
    """A library of these contents."""
    by_name = {(content.kind, content.slug): content for content in (*contents, *more)}
    return Library(entries=tuple(Entry(content, {"file": "test"}) for content in by_name.values()))
