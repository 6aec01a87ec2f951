"""The foot of a page: where it comes from, and how it is cited."""

import io

import pypdf
import pytest

from tests.browser.opening import Opener, Theme


@pytest.mark.parametrize(
    ("width", "theme", "colours"),
    [(1280, "light", "none"), (360, "dark", "none"), (360, "light", "active")],
)
def test_the_citation_is_opened_and_read_without_scripts(
    open_page: Opener, width: int, theme: Theme, colours: str
) -> None:
    """Folded at first; opened, its lines break within the window, in forced colours too."""
    page = open_page(
        "q1", width=width, theme=theme, scripts=False, context={"forced_colors": colours}
    )
    entry = page.locator("footer pre")
    assert not entry.is_visible()
    page.locator("footer summary").press("Enter")
    assert entry.is_visible()
    assert entry.inner_text().startswith("@misc{")
    box = entry.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert entry.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_a_printed_page_says_how_it_is_cited(open_page: Opener) -> None:
    """On paper nothing is folded."""
    printed = pypdf.PdfReader(io.BytesIO(open_page("q1").pdf(format="A4")))
    text = "".join(printed.pages[-1].extract_text().split())
    assert "@misc{" in text
    assert "licence." in text


def test_data_inside_of_a_page_is_not_run(open_page: Opener) -> None:
    """The linked data of the first page breaks no policy, and a search engine can read it."""
    page = open_page("index")
    kinds = page.evaluate(
        """() => JSON.parse(document.querySelector("script[type='application/ld+json']")
          .textContent)["@graph"].map(each => each["@type"])"""
    )
    assert kinds == ["ScholarlyArticle", "Dataset", "SoftwareSourceCode"]
