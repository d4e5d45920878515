"""The published small library of the tests of authoring."""

from tests.authoring.conftest import checked, published, renderer, shelf

__all__ = ["checked", "published", "renderer", "shelf"]
