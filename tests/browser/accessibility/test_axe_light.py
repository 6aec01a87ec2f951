import pytest

from tests.browser.accessibility.axe import assert_accessible, check
from tests.browser.opening import NAMES, Opener


@pytest.mark.parametrize("width", [1280, pytest.param(320, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_in_the_light(open_page: Opener, name: str, width: int) -> None:
    """On a desktop and on the smallest phone a page breaks no rule; no contrast is left open."""
    assert_accessible(open_page(name, width=width, theme="light"))


def test_axe_sees_a_planted_mistake(open_page: Opener) -> None:
    """Pale text and a picture without a text are found and named."""
    page = open_page("laboratory")
    page.evaluate(
        """() => {
          const text = document.querySelector("main").appendChild(document.createElement("p"));
          text.textContent = "Pale on purpose";
          text.style.color = "#ccc";
          const picture = document.querySelector("main").appendChild(new Image());
          picture.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
        }"""
    )
    rules = {line.split(" at ")[0] for line in check(page).violations}
    assert {"color-contrast", "image-alt"} <= rules


def test_contrast_is_really_measured(open_page: Opener) -> None:
    """The contrast of nine texts in ten is measured, not passed over."""
    found = check(open_page("methods"), measured=True)
    assert found.measured > 9 * found.undecided.total() > 0
