"""Opening the laboratory, and waiting until it has drawn."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.opening import Opener


def opened(open_page: Opener, setting: str = "", **how: Any) -> Page:
    """Return the laboratory in a setting that an address names, with its pictures drawn."""
    page = open_page(f"laboratory#{setting}" if setting else "laboratory", **how)
    expect(page.locator("#signal-words")).not_to_be_empty()
    return page
