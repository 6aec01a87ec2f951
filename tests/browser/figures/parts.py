"""A figure on its page, and the rows behind it."""

import csv
from pathlib import Path

from playwright.sync_api import Locator, Page


def figure(page: Page, name: str) -> Locator:
    """A figure by name."""
    return page.locator(f'figure[data-name="{name}"]')


def rows(site: Path, name: str) -> list[dict[str, str]]:
    """The rows of a figure's CSV file."""
    with (site / "figures" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def opacities(page: Page, name: str) -> dict[str, set[str]]:
    """The opacity of a figure's groups by variant."""
    pairs = (
        figure(page, name)
        .locator(".drawing [data-variant]")
        .evaluate_all(
            "found => found.map(each => [each.dataset.variant, getComputedStyle(each).opacity])"
        )
    )
    return {variant: {o for v, o in pairs if v == variant} for variant, _ in pairs}
