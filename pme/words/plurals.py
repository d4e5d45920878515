"""How many forms a counted text has in each language, and which goes with a whole number. Pure.

By the rules of CLDR for whole numbers, as gettext writes them. French has a further form, for millions, that
nothing here counts to.
"""

FORMS = {"fr": 2, "uk": 3, "ar": 6}
RULES = {
    "fr": "(n > 1)",
    "uk": "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)",
    "ar": "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5)",
}


def header(language: str) -> str:
    """What a catalogue says of them."""
    return f"nplurals={FORMS[language]}; plural={RULES[language]};"
