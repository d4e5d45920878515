"""Translations: the same content in other words, each text told apart when its source changes."""
