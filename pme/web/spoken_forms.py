"""Forms whose every refusal is in our words: what WTForms would say by itself is said in the language spoken now.

Fields and validators mostly carry their own sentence. Where one has none, as when somebody tampers with a list, the
form says what stands here; a test holds that to everything that WTForms can say.
"""

from typing import Any

from flask_wtf import FlaskForm

from pme.words.lazily import lazy

CHOOSE = lazy("Choose from what is offered here: what was sent is not among it.")
FILL_IN = lazy("Fill this in.")
NUMBER = lazy("Give a number, in digits.")
DAY = lazy("Give a day or a time as the field shows it, such as 2027-03-14.")
LENGTH = lazy("This is longer or shorter than it may be.")
ANEW = lazy("This cannot be saved as it was sent. Fill in the form again.")
OURS = {
    "Not a valid choice.": CHOOSE,
    "'%(value)s' is not a valid choice for this field.": CHOOSE,
    "'%(value)s' are not valid choices for this field.": CHOOSE,
    "Invalid Choice: could not coerce.": CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE,
    "Invalid value, must be one of: %(values)s.": CHOOSE,
    "Invalid value, can't be any of: %(values)s.": CHOOSE,
    "This field is required.": FILL_IN,
    "Not a valid integer value.": NUMBER,
    "Not a valid decimal value.": NUMBER,
    "Not a valid float value.": NUMBER,
    "Not a valid datetime value.": DAY,
    "Not a valid date value.": DAY,
    "Not a valid time value.": DAY,
    "Not a valid week value.": DAY,
    "Field must be at least %(min)d character long.": LENGTH,
    "Field must be at least %(min)d characters long.": LENGTH,
    "Field cannot be longer than %(max)d character.": LENGTH,
    "Field cannot be longer than %(max)d characters.": LENGTH,
    "Field must be exactly %(max)d character long.": LENGTH,
    "Field must be exactly %(max)d characters long.": LENGTH,
    "Field must be between %(min)d and %(max)d characters long.": LENGTH,
}
"""What WTForms says, and what is said instead; all the rest of it is `ANEW`."""


class InOurWords:
    """What WTForms asks for the text of a refusal."""

    def gettext(self, text: str) -> str:
        """Our words for it."""
        return str(OURS.get(text, ANEW))

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Our words for it, which do not depend on the number."""
        return self.gettext(one if number == 1 else many)


IN_OUR_WORDS = InOurWords()


class SpokenForm(FlaskForm):
    """A form of a page."""

    class Meta:
        """How WTForms is to say things."""

        def get_translations(self, _form: Any) -> InOurWords:
            """In our words."""
            return IN_OUR_WORDS
