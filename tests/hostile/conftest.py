"""The published small library of the tests of authoring."""

from tests.authoring.conftest import published, renderer, shelf

__all__ = ["published", "renderer", "shelf"]
