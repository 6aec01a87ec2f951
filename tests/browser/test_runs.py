from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.made import run_page

ALL = "var rows = [...document.querySelectorAll('section.runs tbody tr:not(.group, .details)')]; "


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address, on disk, of the page of 42 runs: of four experiments 12, 12, 6 and 12."""
    folder: Path = tmp_path_factory.mktemp("runs")
    return run_page.write(folder).as_uri()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which nothing may be said on the console."""
    said: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert said == []


def count(page: Page) -> str:
    """What the bar says."""
    return page.inner_text(".filters output")


def visible(page: Page) -> list[str]:
    """Identities of the rows that are shown, from the page itself."""
    found: list[str] = page.evaluate(
        ALL + "rows.filter(row => row.offsetParent).map(row => row.querySelector('a').title)"
    )
    return found


def column(page: Page, group: str, header: str) -> list[float]:
    """The numbers of a column in a group, from top to bottom."""
    texts: list[str] = page.evaluate(
        """([group, header]) => {
          const body = document.getElementById(group);
          const heads = [...body.closest("table").querySelectorAll("thead th")];
          const place = heads.findIndex((head) => head.textContent.startsWith(header));
          return [...body.rows].slice(1).map((row) => row.cells[place].textContent);
        }""",
        [group, header],
    )
    return [float(text) for text in texts if text != "–"]


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
        ("SEED 1, adam", 12),
        ("0.05", 6),
        ("10 × 8", 6),
        ("0.0", 0),
        ("henormal-", 3),
    ],
)
def test_words_are_looked_for_as_words(page: Page, address: str, words: str, found: int) -> None:
    """Settings, seeds and identities are found from the start of a word, numbers as a whole."""
    page.goto(f"{address}?q={words}")
    assert count(page) == f"{found} of 42 runs"


def test_variants_offered_are_those_of_the_experiment(page: Page, address: str) -> None:
    """With an experiment chosen, only its own variants can be."""
    page.goto(address)
    page.select_option("select[name=experiment]", "scale")
    options = page.locator("select[name=variant] option").all_inner_texts()
    assert options == ["all", "RandomNormal"]


def test_sorting_is_by_number_both_ways(page: Page, address: str) -> None:
    """Within each variant up, down, and back to the order of the page; what is missing is last."""
    page.goto(f"{address}?experiment=depth")
    before = visible(page)
    head = page.locator("section:visible th", has_text="Test accuracy")
    values = column(page, "runs-depth-henormal", "Test accuracy")
    assert values != sorted(values)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, "runs-depth-henormal", "Test accuracy") == sorted(values)
    assert sum(name.endswith("HeNormal-1") for name in visible(page)[-4:]) == 4
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, "runs-depth-henormal", "Test accuracy") == sorted(values, reverse=True)
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


def test_identities_sort_as_words(page: Page, address: str) -> None:
    """What begins with digits is no number in the first column: 10ab before 1e2 before 9e1."""
    page.goto(f"{address}?experiment=base&variant=HeNormal")
    names = page.evaluate(
        """() => {
          const cells = [...document.querySelectorAll("#runs-base-henormal tr th[scope=row] code")];
          ["9e1", "10ab", "1e2"].forEach((text, at) => { cells[at].textContent = text; });
          document.querySelector("#runs-base th button, section[data-experiment=base] th button")
            .click();
          return [...document.querySelectorAll("#runs-base-henormal tr th[scope=row] code")]
            .map((each) => each.textContent);
        }"""
    )
    assert names == ["10ab", "1e2", "9e1"]


def test_a_group_counts_what_is_shown_of_it(page: Page, address: str) -> None:
    """Of three runs with HeNormal one diverged; without the filter the head says three again."""
    page.goto(f"{address}?experiment=base&status=diverged")
    head = page.locator("#runs-base-henormal .group .unit")
    assert head.inner_text() == "1 of 3 runs"
    page.click(".reset")
    assert head.inner_text() == "3 runs"


def test_details_open_by_keyboard(page: Page, address: str) -> None:
    """Enter on the button of a row shows identity, settings, history and command; again hides."""
    page.goto(f"{address}?experiment=depth")
    button = page.locator("#runs-depth-henormal button").first
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    details = page.locator("tr.details")
    words = details.inner_text()
    for part in ("depth-HeNormal-0", "2 × 8", "SGD", "HeNormal()", "--experiment depth"):
        assert part in words
    assert details.locator("svg[role=img]").count() == 2
    assert "first" in str(details.locator("svg").first.get_attribute("aria-label"))
    assert details.locator("tbody tr").count() == 3
    page.keyboard.press("Enter")
    assert details.count() == 0


def test_details_of_an_untrained_network_are_its_layers(page: Page, address: str) -> None:
    """A click on the row of an untrained network shows its signals, layer by layer."""
    page.goto(f"{address}?experiment=start&variant=HeNormal")
    page.locator("#runs-start-henormal td").first.click()
    assert page.locator("tr.details tbody tr").count() == 5


def test_a_filter_hides_details_with_their_row(page: Page, address: str) -> None:
    """What is opened in a row goes and comes with it, and stays below it when sorted."""
    page.goto(address)
    page.locator("#runs-base-zeros button").first.click()
    page.select_option("select[name=status]", "diverged")
    assert page.locator("tr.details").is_hidden()
    page.select_option("select[name=status]", "")
    assert page.locator("tr.details").is_visible()
    page.locator("section:visible th button", has_text="Seed").first.click(click_count=2)
    before = "e => e.previousElementSibling.querySelector('a').title"
    assert page.locator("tr.details").evaluate(before) == "Zeros-0"


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
    assert page.evaluate("document.documentElement.scrollWidth") <= width
