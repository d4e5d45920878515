"""A bank for the small library, with an item of every type, and the blueprint that draws from it."""

from tests.content.small_library import QUIZ, Shelf

BANK = "quizzes/listening-bank.bank.yaml"
TEXT = """\
schema: pme-bank/1
title: More questions on listening
language: en
module: listening
items:
  - id: hours
    type: numeric
    outcome: LO1
    difficulty: easy
    stem: Within how many hours should care begin?
    answer: "72,0"
    tolerance: 5 %
    unit: hours
    accepted_units: [h, hrs]
    feedback: {right: Yes., wrong: No.}
    refs: [GUIDE-2020]
  - id: word
    type: short-text
    outcome: LO1
    difficulty: easy
    stem: What is a free and informed yes called?
    accepted: [consent, informed consent]
    folding: [case, accents]
    feedback: {right: Yes., wrong: No.}
    refs: [GUIDE-2020]
  - id: ways
    type: rating
    outcome: LO2
    difficulty: medium
    stem: How well does each of these serve the person?
    confidence: asked
    options:
      - {id: a, text: Ask what she needs, key: {by: author, rating: 4}, feedback: It helps.}
      - {id: b, text: Take her papers, key: {by: author, rating: 1}, feedback: It harms.}
      - {id: c, text: Call a friend, key: {panel: [2, 2, 3]}, feedback: It may help.}
    refs: [GUIDE-2020]
  - id: letter
    type: essay
    outcome: LO2
    difficulty: hard
    stem: Write a hand-over note.
    most_words: 200
    rubric:
      - id: facts
        title: Facts
        levels:
          - {points: 0, text: None.}
          - {points: 2, text: All of them.}
      - id: tone
        title: Tone
        levels:
          - {points: 0, text: It blames.}
          - {points: 1, text: It is calm.}
    model: |
      She came at noon.

      She asked for water.
    refs: [GUIDE-2020]
  - id: gate
    type: true-false
    outcome: LO1
    difficulty: easy
    stem: A gate is a place to listen.
    answer: "true"
    feedback: {"true": It is., "false": It is one.}
    refs: [GUIDE-2020]
  - id: chair
    type: single
    outcome: LO2
    difficulty: easy
    stem: Where should she sit?
    options:
      - {id: a, text: In the shade, correct: yes, feedback: Yes.}
      - {id: b, text: On the road, feedback: No.}
      - {id: c, text: Under the flag, feedback: No.}
    refs: [GUIDE-2020]
"""
LINES = """\
blueprint:
  - {bank: listening-bank, outcome: LO1, count: 1}
  - {bank: listening-bank, outcome: LO2, count: 1}
items:
"""


def with_bank(shelf: Shelf) -> Shelf:
    """The small library with a bank that its quiz draws from."""
    shelf.write(BANK, TEXT)
    shelf.change(QUIZ, "items:\n", LINES)
    return shelf
