"""What is opened below a run."""

from playwright.sync_api import Page, expect


def test_details_open_by_keyboard(page: Page, address: str) -> None:
    """Enter on the button of a row shows identity, settings, history and command; again hides."""
    page.goto(f"{address}?experiment=depth")
    button = page.locator("#runs-depth-henormal button").first
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    details = page.locator("tr.details")
    expect(details).to_be_visible()
    words = details.inner_text()
    for part in ("depth-HeNormal-0", "2 × 8", "SGD", "HeNormal()", "make run RUN=depth-HeNorm"):
        assert part in words
    assert details.locator("svg[role=img]").count() == 2
    assert "first" in str(details.locator("svg").first.get_attribute("aria-label"))
    assert details.locator("tbody tr").count() == 3
    page.keyboard.press("Enter")
    expect(details).to_have_count(0)


def test_details_of_an_untrained_network_are_its_layers(page: Page, address: str) -> None:
    """A click on the row of an untrained network shows its signals, layer by layer."""
    page.goto(f"{address}?experiment=start&variant=HeNormal")
    page.locator("#runs-start-henormal td").first.click()
    expect(page.locator("tr.details tbody tr")).to_have_count(5)


def test_a_filter_hides_details_with_their_row(page: Page, address: str) -> None:
    """What is opened in a row goes and comes with it, and stays below it when sorted."""
    page.goto(address)
    page.locator("#runs-base-zeros button").first.click()
    expect(page.locator("tr.details")).to_be_visible()
    page.select_option("select[name=status]", "diverged")
    assert page.locator("tr.details").is_hidden()
    page.select_option("select[name=status]", "")
    assert page.locator("tr.details").is_visible()
    page.locator("section:visible th button", has_text="Seed").first.click(click_count=2)
    before = "e => e.previousElementSibling.querySelector('a').title"
    assert page.locator("tr.details").evaluate(before) == "Zeros-0"
