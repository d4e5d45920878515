"""The browser of the tests: it opens pages, and axe can look at them under a strict content policy."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Browser

from tests.support.browser import accessibility_faults, live

pytestmark = pytest.mark.browser


def page_without_a_name_for_its_field(_environ: object, start: object) -> Iterable[bytes]:
    assert callable(start)
    policy = "default-src 'none'; base-uri 'none'; require-trusted-types-for 'script'"
    start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy)])
    return [b"<!DOCTYPE html><html lang='en'><title>A form</title><main><h1>A form</h1><input></main></html>"]


def test_axe_finds_a_field_without_a_name_although_the_policy_forbids_every_script(chromium: Browser):
    with live(page_without_a_name_for_its_field) as address, chromium.new_context() as context:
        page = context.new_page()
        page.goto(address)
        faults = accessibility_faults(page)
    assert len(faults) == 1
    assert faults[0].startswith("label (critical)")
    assert "<input>" in faults[0]
