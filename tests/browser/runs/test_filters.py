"""Which runs are shown: by the address, by the filters, by a claim."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.runs.table import count, visible
from tests.made.sites import run_page


def test_filters_are_read_from_the_address(page: Page, address: str) -> None:
    """An experiment and a variant of it: three of all runs, and its other groups are gone."""
    page.goto(f"{address}?experiment=base&variant=HeNormal&metric=test_accuracy#runs-base-henormal")
    assert count(page) == "3 of 42 runs"
    assert visible(page) == ["HeNormal-0", "HeNormal-1", "HeNormal-2"]
    assert page.is_hidden("#runs-base-zeros")
    assert page.is_hidden("#runs-depth")
    assert page.locator("#runs-base-henormal").bounding_box() is not None


def test_a_claim_shows_its_runs(page: Page, address: str) -> None:
    """The address of a claim shows its runs alone, says what it states, and leads back to it."""
    page.goto(f"{address}?experiment=base&claim=level#runs-base")
    measured = run_page.results()
    assert sorted(visible(page)) == sorted(run_page.claims(measured)["level"].runs)
    line = page.locator(".behind")
    expect(line).to_be_in_viewport()
    assert line.inner_text().startswith("Runs behind the claim: They < end level. — supported.")
    assert line.locator("a").get_attribute("href") == "q2.html#claim-level"
    line.locator("button").click()
    assert count(page) == "42 of 42 runs"
    assert line.is_hidden()


def test_what_the_address_asks_in_vain_is_passed_over(page: Page, address: str) -> None:
    """An experiment, a variant or a claim that does not exist filters nothing."""
    page.goto(f"{address}?experiment=nothing&variant=none&claim=constructor&layer=3")
    assert count(page) == "42 of 42 runs"


def test_filters_combine_and_stand_in_the_address(page: Page, address: str) -> None:
    """Status and words narrow down together; the address keeps them, and reset forgets them."""
    page.goto(address)
    page.select_option("select[name=status]", "diverged")
    assert visible(page) == [
        f"{place}HeNormal-1" for place in ("", "depth-", "depth-1-", "depth-2-", "depth-3-")
    ]
    page.fill("input[name=q]", "10 x 8, sgd")
    expect(page.locator(".filters output")).to_have_text("1 of 42 runs")
    assert "status=diverged" in page.url
    page.reload()
    assert count(page) == "1 of 42 runs"
    assert page.input_value("input[name=q]") == "10 x 8, sgd"
    page.fill("input[name=q]", "no such word")
    page.wait_for_selector(".nothing:visible")
    page.click(".reset")
    assert count(page) == "42 of 42 runs"
    assert page.url == address
    assert page.input_value("input[name=q]") == ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("seed 1", 14),
        ("SEED 1, adam", 8),
        ("0.05", 6),
        ("10 × 8", 6),
        ("0.0", 0),
        ("make run", 0),
        ("henormal-", 3),
        ("adam henormal 10 x 8", 3),
        ("test accuracy > 101", 0),
        ("test accuracy >", 42),
        ("seed 1, test accuracy >= ", 14),
        ("learning rate <= 0.01, seed 2", 8),
        ("stddev = 1", 3),
    ],
)
def test_words_are_looked_for_as_words(page: Page, address: str, words: str, found: int) -> None:
    """Settings, seeds and identities are found from the start of a word, numbers as a whole.

    A comparison finds values; words in another order are found one by one.
    """
    page.goto(f"{address}?q={words}")
    assert count(page) == f"{found} of 42 runs"


def test_variants_offered_are_those_of_the_experiment(page: Page, address: str) -> None:
    """With an experiment chosen, only its own variants can be."""
    page.goto(address)
    page.select_option("select[name=experiment]", "scale")
    options = page.locator("select[name=variant] option").all_inner_texts()
    assert options == ["all", "RandomNormal"]


def test_a_group_counts_what_is_shown_of_it(page: Page, address: str) -> None:
    """Of three runs with HeNormal one diverged; without the filter the head says three again."""
    page.goto(f"{address}?experiment=base&status=diverged")
    head = page.locator("#runs-base-henormal .group .unit")
    assert head.inner_text() == "1 of 3 runs"
    page.click(".reset")
    assert head.inner_text() == "3 runs"


def test_anchors_land_without_script(browser: Browser, address: str) -> None:
    """Without JavaScript the address of a number shows its group, and no dead control is there."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1440, "height": 500}
    )
    opened = context.new_page()
    opened.goto(f"{address}?experiment=scale&variant=RandomNormal#runs-scale-randomnormal")
    assert opened.locator(".filters").is_hidden()
    assert opened.locator("section.runs button").count() == 0
    box = opened.locator("#runs-scale-randomnormal").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 300
    assert opened.locator("#runs-base-zeros tr").count() == 4
    context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_no_page_scrolls_sideways(page: Page, address: str, width: int) -> None:
    """At any width the tables scroll in their own boxes, details opened or not."""
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(address)
    for group in ("runs-base-zeros", "runs-depth-henormal", "runs-start-zeros"):
        page.locator(f"#{group} button").first.click()
    expect(page.locator("tr.details")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
