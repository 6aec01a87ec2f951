"""The page of runs where parts of it do not come, or its address asks for what is not there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.runs.table import count

CHUNKS = re.compile(r"/runs/\d+\.js$")
UNKNOWN = ".unknown"


@pytest.mark.parametrize("lost", ["runs.js", "runs/index.js"])
def test_filters_that_do_not_come_are_missed_aloud(cut: Page, address: str, lost: str) -> None:
    """Whoever was sent to some rows is told that all are shown."""
    cut.route(f"**/{lost}", lambda route: route.abort())
    cut.goto(f"{address}?experiment=base&claim=level")
    expect(cut.locator(".late")).to_be_visible()
    expect(cut.locator(".late")).to_contain_text("whatever the address asks for")
    assert cut.locator(".filters").evaluate("each => each.offsetHeight") == 0
    assert cut.locator("section.runs:visible").count() == 4


def test_details_that_do_not_come_are_missed_aloud(cut: Page, address: str) -> None:
    """A row says that they could not be loaded; opened again it tries again."""
    cut.route(CHUNKS, lambda route: route.abort())
    cut.goto(f"{address}?experiment=depth")
    button = cut.locator("#runs-depth-henormal button").first
    button.click()
    expect(cut.locator("tr.details [role=alert]")).to_contain_text("could not be loaded")
    expect(button).to_have_attribute("aria-expanded", "true")
    cut.unroute(CHUNKS)
    button.click()
    expect(cut.locator("tr.details")).to_have_count(0)
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(cut.locator("tr.details")).to_contain_text("depth-HeNormal-0")


def test_a_file_that_cannot_be_made_is_missed_aloud(cut: Page, address: str) -> None:
    """The line beside the button says so; another click, with a connection, writes the file."""
    cut.route(CHUNKS, lambda route: route.abort())
    cut.goto(f"{address}?experiment=base&variant=HeNormal")
    status = cut.locator(".these [role=status]")
    cut.click(".csv")
    expect(status).to_contain_text("could be loaded")
    cut.unroute(CHUNKS)
    with cut.expect_download() as download:
        cut.click(".csv")
    assert download.value.suggested_filename == "runs.csv"
    expect(status).to_be_empty()


@pytest.mark.parametrize("broken", ["%", "%zz"])
def test_an_anchor_that_is_no_address_leads_nowhere(page: Page, address: str, broken: str) -> None:
    """It throws nothing, and the next one leads to its row."""
    page.goto(f"{address}#{broken}")
    assert count(page) == "42 of 42 runs"
    page.evaluate("location.hash = 'runs-start-henormal'")
    expect(page.locator("#runs-start-henormal")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("asked", "left", "told"),
    [
        ("?claim=gone", "", "“gone” is no claim of this report"),
        ("?experiment=zzz&status=diverged", "?status=diverged", "“zzz” is no experiment"),
        ("?experiment=base&variant=zzz", "?experiment=base", "“zzz” is no variant"),
        ("?status=zzz#runs-depth", "#runs-depth", "“zzz” is no status"),
        ("?sort=Nonsense&order=descending", "", "“Nonsense” is no column"),
        ("?experiment=base&metric=gone", "?experiment=base", "the number is not in the text"),
    ],
)
def test_what_is_asked_in_vain_is_said(
    page: Page, address: str, asked: str, left: str, told: str
) -> None:
    """A line names what is passed over, and the address keeps the rest; the next filter ends it."""
    page.goto(f"{address}{asked}")
    line = page.locator(UNKNOWN)
    expect(line).to_be_visible()
    expect(line).to_have_text(re.compile(f"^Not everything that was asked for .*{told}"))
    assert page.url == f"{address}{left}"
    page.select_option("select[name=status]", "finished")
    expect(line).to_be_hidden()


def test_a_long_word_is_not_repeated_whole(page: Page, address: str) -> None:
    """Whoever makes a link does not write the page."""
    page.goto(f"{address}?claim={'x' * 300}")
    assert len(page.locator(UNKNOWN).inner_text()) < 150


def test_what_is_understood_is_not_complained_of(page: Page, address: str) -> None:
    """A claim, a number, a column and words that find nothing are all fit to be asked for."""
    for query in (
        "claim=level&experiment=base",
        "experiment=base&variant=HeNormal&metric=test_accuracy",
        "sort=Seed&order=ascending",
        "q=nowhere",
    ):
        page.goto(f"{address}?{query}")
        assert page.locator(UNKNOWN).inner_text() == "", query
