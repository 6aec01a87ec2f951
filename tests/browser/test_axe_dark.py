import pytest

from tests.browser.axe import assert_accessible
from tests.browser.opening import NAMES, Opener


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_in_the_dark(open_page: Opener, name: str, width: int) -> None:
    """On a desktop and on a phone a page breaks no rule, and no contrast is left open.

    What is drawn has its colours from the desktop and its size from the light: on a phone in the
    dark it is left out, which saves a quarter of the time.
    """
    assert_accessible(open_page(name, width=width, theme="dark"), drawn=width > 360)
