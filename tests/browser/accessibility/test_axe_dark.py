import pytest

from tests.browser.accessibility.axe import assert_accessible
from tests.browser.opening import Opener, sampled


@pytest.mark.parametrize("name", sampled("index", "q1", "laboratory", "runs"))
def test_axe_finds_nothing_in_the_dark(open_page: Opener, name: str) -> None:
    """On a desktop and on the smallest phone every text stands out from what it stands on.

    The other rules know no colours: they are held to in the light.
    """
    page = open_page(name, theme="dark")
    assert_accessible(page, colours=True)
    page.set_viewport_size({"width": 320, "height": 900})
    assert_accessible(page, colours=True)
