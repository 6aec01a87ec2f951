"""Where a number of the text leads: what it is, its statistics, its rows, and how to have them."""

import csv
import math
import statistics
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from scipy import stats

from tests.browser.opening import Opener
from tests.browser.runs.table import column, visible
from tests.made.sites import run_page

NUMBER = "experiment=base&variant=GlorotNormal&metric=loss&epoch=2#runs-base-glorotnormal"
ACCURACY = "experiment=base&variant=HeNormal&metric=test_accuracy#runs-base-henormal"


def told(page: Page) -> dict[str, str]:
    """What stands above the rows, by its label."""
    pairs = page.locator(".behind dl > div")
    texts = (each.inner_text().replace("\u00a0", " ").split("\n") for each in pairs.all())
    return dict(texts)


def shown(where: Locator) -> str:
    """The words of an element, each blank of it a single space."""
    return " ".join(where.inner_text().split())


def test_a_number_of_an_epoch_is_told_with_its_runs(page: Page, address: str) -> None:
    """Mean, deviation and interval are those of the runs, whose losses are a column."""
    page.goto(f"{address}?{NUMBER}")
    expect(page.locator(".behind")).to_be_in_viewport()
    assert shown(page.locator(".behind h2")) == "Training loss: GlorotNormal, epoch 2"
    epochs = run_page.results().epochs
    own = epochs[(epochs["experiment"] == "base") & (epochs["variant"] == "GlorotNormal")]
    losses = own.loc[own["epoch"] == 2, "loss"].tolist()
    mean, deviation = statistics.mean(losses), statistics.stdev(losses)
    low, high = stats.t.interval(
        0.95, len(losses) - 1, loc=mean, scale=deviation / math.sqrt(len(losses))
    )
    assert told(page) == {
        "Mean": f"{mean:.4f}",
        "Standard deviation": f"{deviation:.4f}",
        "95 % interval of the mean": f"{low:.4f} to {high:.4f}",
        "Runs": "3",
    }
    assert column(page, "base", "Training loss, epoch 2") == [round(loss, 4) for loss in losses]
    assert page.locator("section:visible thead th").nth(1).get_attribute("class") == "asked"


def test_a_diverged_run_is_left_out_and_said_to_be(page: Page, address: str) -> None:
    """Of three runs one diverged: the mean is that of two, and all three are shown."""
    page.goto(f"{address}?{ACCURACY}")
    assert told(page)["Runs"] == "2"
    assert "1 of 3 diverged or have no such value, and are left out." in shown(
        page.locator(".behind")
    )
    assert len(visible(page)) == 3
    assert page.locator("section:visible td.asked").count() == 3


def test_all_is_as_before_once_all_runs_are_shown(page: Page, address: str) -> None:
    """No column is marked or moved any more, and the address asks for nothing."""
    page.goto(address)
    heads = page.locator("section.runs thead th")
    before = heads.all_inner_texts()
    page.goto(f"{address}?{NUMBER}")
    page.get_by_role("button", name="Show all runs").click()
    assert heads.all_inner_texts() == before
    assert page.locator(".asked").count() == 0
    assert page.url == address


def test_the_rows_are_a_file(page: Page, address: str, tmp_path: Path) -> None:
    """As measured, in full digits, with the whole identity of each run."""
    page.goto(f"{address}?{NUMBER}")
    with page.expect_download() as download:
        page.get_by_role("button", name="These rows as CSV").click()
    download.value.save_as(tmp_path / "runs.csv")
    with (tmp_path / "runs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    epochs = run_page.results().epochs
    known = epochs[(epochs["experiment"] == "base") & (epochs["epoch"] == 2)].set_index("run_id")
    assert [row["run"] for row in rows] == [f"GlorotNormal-{seed}" for seed in range(3)]
    for row in rows:
        assert (row["experiment"], row["variant"]) == ("base", "GlorotNormal")
        assert float(row["Training loss, epoch 2, as measured"]) == known["loss"][row["run"]]


def test_the_command_names_each_run_that_is_shown(page: Page, address: str) -> None:
    """One of several is named by make's own variable; of a single one there is no loop."""
    page.goto(f"{address}?{ACCURACY}")
    command = page.locator(".these code")
    names = " ".join(name[:12] for name in visible(page))
    assert command.inner_text() == f"for run in {names}; do make run RUN=$run; done"
    page.fill("input[name=q]", "seed 2")
    expect(command).to_have_text("make run RUN=HeNormal-2")
    page.get_by_role("button", name="Copy the command").click()
    expect(page.locator(".these [role=status]")).not_to_be_empty()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_first_screen_has_the_value(open_page: Opener, width: int) -> None:
    """On a phone, too, mean, interval and how many runs are in sight without a swipe."""
    page = open_page("index", width=width, height=740)
    link = page.locator("main a.number").first
    text = link.inner_text()
    page.goto(page.evaluate("link => link.href", link.element_handle()))
    for part in page.locator(".behind dd").all():
        expect(part).to_be_in_viewport(ratio=1)
    assert text in page.locator(".behind dd").first.inner_text()


@pytest.mark.parametrize(
    "every", [pytest.param(6, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
def test_every_number_of_the_text_is_that_of_its_landing(open_page: Opener, every: int) -> None:
    """Whatever a number says in the text, mean, deviation or interval, its landing says as well."""
    links, page = [], open_page("index")
    for name in ("index", "q1", "q2", "q3", "guide", "methods"):
        page.goto(open_page.address(name))
        links += page.evaluate(
            """[...document.querySelectorAll("main a.number")].map((link) =>
              ({href: link.href, text: link.textContent, ...link.dataset}))"""
        )
    labels = {"mean": "Mean", "sd": "Standard deviation", "n": "Runs"}
    assert len(links) >= 30
    for link in links[::every]:
        page.goto(link["href"])
        found = told(page)
        assert link["stat"] in labels
        digits = link["text"].replace("\u00a0", " ").removesuffix(" percentage points")
        assert digits.removesuffix(" %") in found.get(labels[link["stat"]], found.get("Value", ""))
        assert found["Runs"] == link["n"]
