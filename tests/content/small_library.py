"""A small library of files without any problem, for tests that plant one."""

from datetime import date
from pathlib import Path

from pme.content.check import check
from pme.content.files import read_tree
from pme.content.library import Report
from pme.content.render import Renderer

TODAY = date(2026, 11, 23)
MODULE = "modules/listening/module.md"
PAGE = "modules/listening/10-first-steps.md"
SECOND = "modules/listening/20-next-steps.md"
FIGURE = "modules/listening/media/steps.svg"
COURSE = "modules/core.course.yaml"
SOURCES = "modules/sources.yaml"
GLOSSARY = "modules/glossary.yaml"
QUIZ = "quizzes/listening-check.quiz.yaml"
SCENARIO = "quizzes/gate.scenario.yaml"

FILES = {
    SOURCES: """\
GUIDE-2020:
  title: A guide to listening
  body: An institute
  date: "2020"
  url: https://guide.example/listening
NOTES-2021:
  title: Notes
  body: Another institute
  date: May 2021
  status: seen
""",
    GLOSSARY: """\
consent:
  en:
    term: consent
    definition: A free and informed yes.
""",
    COURSE: """\
schema: pme-course/1
title: Core
summary: How to listen.
language: en
hours: 1.5
level: All ranks
modules: [listening]
outcomes:
  CO1: Listen to a person in need.
certificate:
  title: Certificate of completion
  statement: has completed the course
authors: [The team]
review_date: 2027-11-01
""",
    MODULE: """\
---
schema: pme-module/1
title: Listening
summary: How to listen well.
language: en
level: All ranks
outcomes:
  LO1:
    text: Listen without questions.
    verb: listen
    serves: [CO1]
  LO2:
    text: Offer help.
    verb: offer
    serves: [CO1]
content_note:
  themes: [violence (mentioned)]
  detail: mentioned
  text: Violence is named, never told.
  equivalent: A talk with your instructor counts the same.
  support: default
completion:
  pages: all
  quizzes: [listening-check]
  scenarios: [gate]
authors: [The team]
reviewer: none yet
review_date: 2027-11-01
---
Listening is work [@GUIDE-2020]. Begin with [the first steps](page:listening/first-steps).
""",
    PAGE: """\
# First steps

You ask for [[consent]] before you act [@GUIDE-2020 §2; @NOTES-2021].

## What to do

![Three boxes in a row: listen, offer, act](media/steps.svg "The three steps")

Table: What helps
| Act | Why |
|---|---|
| Listen | It calms |

!!! important "Remember"
    A person decides for herself [@GUIDE-2020 §2].

### In short

Go on to [the next page](page:listening/next-steps), or read [the guide](https://guide.example/a?b=1&c=2).
""",
    SECOND: """\
# Next steps

You write down what you saw.[^1]

[^1]: In your own words.
""",
    FIGURE: """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 200">
  <title>Three steps</title>
  <desc>Listen, offer, act.</desc>
  <linearGradient id="shade"><stop offset="0" stop-color="currentColor"/></linearGradient>
  <rect class="fig-accent" x="1" y="1" width="10" height="10" fill="url(#shade)"/>
  <text x="1" y="40" font-size="16">Listen</text>
</svg>
""",
    QUIZ: """\
schema: pme-quiz/1
title: A check
summary: A few questions.
language: en
module: listening
minutes: 5
pass:
  min_percent: 90
  critical: [first]
attempts: unlimited
shuffle: {items: yes, options: no}
key: {by: author}
items:
  - id: first
    type: single
    outcome: LO1
    difficulty: easy
    stem: What comes **first**?
    options:
      - {id: a, text: Listen, correct: yes, feedback: Yes.}
      - {id: b, text: Leave the place, feedback: No.}
      - {id: c, text: Ask for more, feedback: No.}
    refs: [GUIDE-2020 §2]
  - id: second
    type: single
    outcome: LO2
    difficulty: medium
    stem: What comes next?
    options:
      - {id: a, text: Silence and some more, feedback: No.}
      - {id: b, text: An offer, correct: yes, feedback: Yes.}
      - {id: c, text: A long report, feedback: No.}
    refs: [NOTES-2021]
  - id: third
    type: single
    outcome: LO2
    difficulty: hard
    stem: And then?
    options:
      - {id: a, text: A question or two, feedback: No.}
      - {id: b, text: A promise of help, feedback: No.}
      - {id: c, text: A hand-over, correct: yes, feedback: Yes.}
    refs: [GUIDE-2020]
  - id: signs
    type: multiple
    scoring: per-option
    outcome: LO1
    difficulty: medium
    stem: Which help?
    options:
      - {id: a, text: Water, correct: yes, feedback: It helps.}
      - {id: b, text: Shade, correct: yes, feedback: It helps.}
      - {id: c, text: Noise, feedback: It does not.}
    refs: [GUIDE-2020]
  - id: consent
    type: true-false
    outcome: LO1
    difficulty: easy
    stem: Silence is consent.
    answer: "false"
    feedback: {"true": It is not., "false": Right.}
    refs: [GUIDE-2020]
  - id: who
    type: matching
    scoring: per-option
    outcome: LO2
    difficulty: medium
    stem: Who does what?
    pairs:
      - {id: a, left: Medic, right: Care, feedback: Care is theirs.}
      - {id: b, left: Police, right: Inquiry, feedback: Inquiry is theirs.}
    distractors: [Rumour]
    refs: [GUIDE-2020]
  - id: order
    type: ordering
    scoring: all-or-nothing
    outcome: LO2
    difficulty: medium
    stem: In which order?
    sequence:
      - {id: a, text: Listen, feedback: First.}
      - {id: b, text: Offer, feedback: Second.}
      - {id: c, text: Act, feedback: Third.}
    refs: [GUIDE-2020]
""",
    SCENARIO: """\
schema: pme-scenario/1
id: gate
version: 1.0.0
status: draft
language: en
title: At the gate
classification: UNCLASSIFIED
mode: summative
instruction: should_do
estimated_minutes: 5
module: listening
audience: {role: guard, level: all, prerequisites: [listening]}
learning_outcomes: {LO1: Listen., LO2: Offer help.}
content_note:
  themes: [fear (mentioned)]
  detail: mentioned
  text: A person is afraid.
  equivalent: A talk counts the same.
  support: default
fiction: {composite: true, real_person: false, place: invented}
sources:
  guide: {source: GUIDE-2020, locator: ch. 1}
role: {you_are: You stand guard., mission: Keep the gate., resources: [a radio]}
state:
  trust: {min: 0, max: 2, start: 1, label: Trust}
flags: [helped]
display: {state: debrief_only, score: never_during, clock: story_time}
critical_actions:
  CA1: {kind: must_not, text: Send her away, effect: fail, refs: [guide]}
  CA2: {kind: must_do, text: Offer help, effect: fail, refs: [guide]}
start: brief
nodes:
  brief: {kind: brief, story_time: "14:00", text: A woman comes to the gate., goto: d1}
  d1:
    kind: decision
    prompt: What should you do?
    outcomes: [LO1]
    choices:
      a:
        text: Listen
        key: {by: author, rating: 4}
        effects: {trust: +1}
        feedback: Good.
        refs: [guide]
        goto: d2
      b:
        text: Look at the sky
        key: {by: author, rating: 2}
        feedback: Weak.
        refs: [guide]
        goto: d2
      c:
        text: Send her away
        key: {by: author, rating: 1}
        effects: {trust: -2}
        critical: CA1
        feedback: Bad.
        refs: [guide §2]
        goto: d2
  d2:
    kind: decision
    story_time: "14:05"
    variants:
      - {when: trust >= 2, text: She speaks.}
      - {text: She waits.}
    prompt: And now?
    outcomes: [LO2]
    choices:
      a:
        text: Speak of the rain
        key: {by: author, rating: 1}
        feedback: Bad.
        refs: [GUIDE-2020]
        goto: d3
      b:
        text: Offer help
        key: {panel: [4, 4, 4]}
        set: [helped]
        satisfies: CA2
        feedback: Good.
        refs: [GUIDE-2020]
        goto: d3
      c:
        text: Hold her papers
        key: {by: author, rating: 1}
        effects: {trust: -2}
        feedback: Bad.
        refs: [GUIDE-2020]
        goto: d3
  d3:
    kind: decision
    prompt: At the end?
    outcomes: [LO1, LO2]
    choices:
      a:
        text: Go back to work
        key: {by: author, rating: 2}
        feedback: Weak.
        refs: [guide]
        goto: resolve
      b:
        text: Tell the others all
        key: {by: author, rating: 1}
        feedback: Bad.
        refs: [guide]
        goto: resolve
      c:
        text: Hand over
        key: {by: author, rating: 4}
        feedback: Good.
        refs: [guide]
        goto: resolve
  resolve:
    kind: resolve
    goto:
      - {when: trust <= 0, to: harm}
      - {when: helped and trust >= 1, to: sound}
      - {to: gaps}
outcomes:
  sound: {label: Sound, text: She is safe.}
  gaps: {label: Gaps, text: Something was left out.}
  harm: {label: Harm, text: She is lost.}
scoring:
  item_credit: panel_mean_scaled
  pass: {min_percent: 90, critical: all, method: the author's judgement}
  retake: {after: debrief, max: unlimited, form: same}
debrief:
  structure: ["What was planned?", "What happened?"]
  prompts: ["What was hard?"]
  show: [path_taken, expert_path, sources]
  expert_path: [d1.a, d2.b, d3.c]
""",
}


class Shelf:
    """The small library on disk, to be changed and checked."""

    def __init__(self, root: Path, renderer: Renderer) -> None:
        self.root = root
        self.renderer = renderer
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file anew."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a piece of a file that is there."""
        text = self.text(path)
        assert old in text, f"{old!r} is not in {path}"
        self.write(path, text.replace(old, new, 1))

    def remove(self, path: str) -> None:
        """Take a file away."""
        (self.root / path).unlink()

    def text(self, path: str) -> str:
        """What a file holds now."""
        return (self.root / path).read_text(encoding="utf-8")

    def line_of(self, path: str, snippet: str) -> int:
        """The line where a piece of a file begins."""
        text = self.text(path)
        assert snippet in text, f"{snippet!r} is not in {path}"
        return text[: text.index(snippet)].count("\n") + 1

    def check(self) -> Report:
        """Everything wrong with the library as it is now."""
        tree = read_tree(self.root / "modules", self.root / "quizzes")
        return check(tree, self.renderer, today=TODAY)
