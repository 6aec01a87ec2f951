"""More runs than stand in the page: the first of each group, and the others when asked for.

Here the page shows ten of its 42 runs at once, of each group two or more, and loads five at a time.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from report.output.writing import report
from report.pages.runs import records, script_data
from tests.browser.runs.table import column, count, visible
from tests.made.sites import run_page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address, on disk, of the page."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (records, script_data, report):
            for name, most in {"MOST_ROWS": 30, "FIRST_ROWS": 10, "LEAST": 2, "CHUNK": 5}.items():
                if hasattr(module, name):
                    patch.setattr(module, name, most)
        yield run_page.write(tmp_path_factory.mktemp("many")).as_uri()


def loaded(page: Page) -> list[str]:
    """Return the names of the files that the page asks for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url.rpartition("/")[2])

    page.on("request", note)
    return asked


def test_without_script_the_first_rows_are_there_and_the_way_to_the_others(
    browser: Browser, address: str
) -> None:
    """Two of each group's runs, how many more there are, and a link to all of them."""
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    group = opened.locator("#runs-depth-henormal")
    assert group.locator("tr").count() == 1 + 2 + 1
    opened.locator("section.runs summary").nth(1).click()
    said = "The other 10 runs stand in runs.csv, where experiment is depth."
    assert group.locator(".rest").inner_text() == said
    assert group.locator(".rest a").get_attribute("href") == "data/runs.csv"
    context.close()


def test_every_run_is_counted_and_the_first_are_shown(page: Page, address: str) -> None:
    """A closed table says how many it has; open, it has a button for the others and charts."""
    asked = loaded(page)
    page.goto(address)
    assert count(page) == "42 of 42 runs"
    assert visible(page) == []
    assert asked == [name for name in asked if not name[0].isdigit()]  # no chunk yet
    summary = page.locator("section.runs summary").nth(1)
    assert summary.inner_text().startswith("12 runs, one by one")
    summary.click()
    group = page.locator("#runs-depth-henormal")
    assert group.locator(".group .unit").inner_text() == "12 runs"
    expect(group.locator("td svg path")).to_have_count(10)
    group.locator(".rest button").click()
    assert group.locator(".rest").count() == 0
    expect(group.locator("td svg path")).to_have_count(12)
    assert len([name for name in visible(page) if name.startswith("depth")]) == 12
    assert {name for name in asked if name[0].isdigit()} == {"2.js", "3.js", "4.js"}


def test_a_filter_finds_what_was_not_shown(page: Page, address: str) -> None:
    """Of all runs, not of those in the page; a made row is like one of the page."""
    page.goto(f"{address}?experiment=depth&q=10 x 8, sgd")
    assert count(page) == "3 of 42 runs"
    cells = page.locator("#runs-depth-henormal tr:not(.group) td:nth-child(3)")
    assert cells.all_inner_texts() == ["10 × 8"] * 3
    expect(page.locator("#runs-depth-henormal th[scope=row] a[title]")).to_have_count(3)
    assert visible(page) == [f"depth-2-HeNormal-{seed}" for seed in range(3)]
    assert page.locator("#runs-depth-henormal tr.diverged").count() == 1


def test_sorting_brings_up_what_was_not_shown(page: Page, address: str) -> None:
    """The best of all twelve runs come first, as in a table that shows all of them."""
    page.goto(f"{address}?experiment=depth")
    page.locator("#runs-depth-henormal .rest button").click()
    values = column(page, "depth", "Test accuracy")
    page.reload()
    assert "depth-3-HeNormal-2" not in visible(page)  # the last of them
    head = page.locator("section:visible th button", has_text="Test accuracy")
    head.click()
    head.click()
    assert column(page, "depth", "Test accuracy") == sorted(values, reverse=True)
    expect(page.locator("section:visible .flat th[scope=row] a[title]")).to_have_count(10)
    assert "depth-3-HeNormal-2" in visible(page)


def test_an_address_of_a_row_leads_there(page: Page, address: str) -> None:
    """The row is shown, however far down it stands, and in view."""
    page.goto(address)
    anchor = page.evaluate(
        "runs.rows.find(row => row.section.name === 'depth' && row.place === 9).anchor"
    )
    page.goto("about:blank")
    page.goto(f"{address}#{anchor}")
    expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()


def test_a_claim_shows_its_runs(page: Page, address: str) -> None:
    """Its rows are those of the whole table, though they were not in the page."""
    page.goto(f"{address}?experiment=depth&claim=deep#runs-depth")
    wanted = run_page.claims(run_page.results())["deep"].runs
    expect(page.locator("#runs-depth-henormal th[scope=row] a[title]")).to_have_count(len(wanted))
    assert sorted(visible(page)) == sorted(wanted)


def test_details_of_a_made_row_open(page: Page, address: str) -> None:
    """Its identity and history come with its chunk, and the focus stays where it was."""
    page.goto(f"{address}?experiment=depth&q=10 x 8, adam")
    button = page.locator("#runs-depth-henormal th[scope=row] button").nth(1)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr.details")).to_contain_text("depth-3-HeNormal-1")
    page.keyboard.press("Enter")
    expect(page.locator("tr.details")).to_have_count(0)
