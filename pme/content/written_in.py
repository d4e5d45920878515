"""The languages that content is written in, and what each calls itself."""

LANGUAGES = ("en", "fr", "uk", "ar")
OWN_NAMES = {"en": "English", "fr": "Français", "uk": "Українська", "ar": "العربية"}  # not words
