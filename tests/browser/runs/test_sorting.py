"""The order of the runs."""

from playwright.sync_api import Page

from tests.browser.runs.table import column, visible


def test_sorting_is_by_number_both_ways(page: Page, address: str) -> None:
    """Up, down, and back to the order of the page; what is missing is last."""
    page.goto(f"{address}?experiment=depth")
    before = visible(page)
    head = page.locator("section:visible thead th", has_text="Test accuracy")
    values = column(page, "depth", "Test accuracy")
    assert values != sorted(values)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, "depth", "Test accuracy") == sorted(values)
    assert sum(name.endswith("HeNormal-1") for name in visible(page)[-4:]) == 4
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, "depth", "Test accuracy") == sorted(values, reverse=True)
    assert sum(name.endswith("HeNormal-1") for name in visible(page)[-4:]) == 4
    head.locator("button").click()
    assert head.get_attribute("aria-sort") is None
    assert visible(page) == before


def test_sorting_by_depth_is_not_by_letters(page: Page, address: str) -> None:
    """Ten layers come after two, and runs of one depth stay in their order."""
    page.goto(f"{address}?experiment=depth")
    before = visible(page)
    page.locator("section:visible th button", has_text="Hidden layers").click()
    assert visible(page) == before  # 2 × 8 before 10 × 8, as it was
    page.locator("section:visible th button", has_text="Hidden layers").click()
    assert visible(page) == before[6:] + before[:6]


def test_sorting_is_over_all_variants_and_stands_in_the_address(page: Page, address: str) -> None:
    """The best run of an experiment is the first, whatever its variant, with its name beside it."""
    page.goto(f"{address}?experiment=base")
    groups = column(page, "base", "Test accuracy")
    head = page.locator("section:visible thead th", has_text="Test accuracy")
    head.locator("button").click()
    head.locator("button").click()
    page.reload()
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, "base", "Test accuracy") == sorted(groups, reverse=True)
    rows = page.locator("section:visible .flat th[scope=row]")
    names = {text.split()[-1] for text in rows.all_inner_texts()}
    assert names == {"Zeros", "RandomNormal", "GlorotNormal", "HeNormal"}
    page.click(".reset")
    assert page.url == address


def test_identities_sort_as_words(page: Page, address: str) -> None:
    """What begins with digits is no number in the first column: 10ab before 1e2 before 9e1."""
    page.goto(f"{address}?experiment=base&variant=HeNormal")
    before = visible(page)
    say(page, "base", "Run", dict(zip(before, ["9e1", "10ab", "1e2"], strict=True)))
    page.locator("section:visible th button", has_text="Run").first.click()
    assert visible(page) == [before[1], before[2], before[0]]


def test_powers_of_ten_sort_by_size(page: Page, address: str) -> None:
    """What is written as 1.2 × 10⁻⁵ is smaller than 0.001, and 2 × 10¹² larger than 5."""
    page.goto(f"{address}?experiment=depth&variant=HeNormal")
    sizes = ["5", "2\u00a0×\u00a010¹²", "−3\u00a0×\u00a010⁻⁵", "1.2\u00a0×\u00a010⁻⁵", "0.001"]
    before = visible(page)
    rest = dict.fromkeys(before[len(sizes) :], "–")
    say(page, "depth", "Test loss", dict(zip(before, sizes, strict=False)) | rest)
    page.locator("section:visible th button", has_text="Test loss").click()
    assert visible(page)[: len(sizes)] == [before[i] for i in (2, 3, 4, 0, 1)]


def say(page: Page, experiment: str, header: str, texts: dict[str, str]) -> None:
    """Let rows, by identity, say other texts in a column of the index that the page sorts by."""
    page.evaluate(
        """([experiment, header, texts]) => {
          const own = runs.rows.filter((row) => row.section.name === experiment);
          const column = own[0].section.names.indexOf(header);
          const identity = (row) => row.element.querySelector("a").title;
          const cells = own.map((row) => texts[identity(row)] ?? row.cell(column));
          runs.index.tables[experiment].columns[column] = { texts: cells };
        }""",
        [experiment, header, texts],
    )
