"""The benchmark of the laboratory: what it says of a page that takes its time is true."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks import laboratory

SLOW = """<!doctype html>
<div class="bench"><svg><path d="M0 0h1"/></svg></div>
<input id="sd" type="range" min="0" max="9">
<script>
document.getElementById("sd").addEventListener("input", () => {
  const until = performance.now() + %d;
  while (performance.now() < until);
});
</script>
"""


@pytest.mark.parametrize("busy_ms", [60, 240])
def test_a_key_is_measured_to_the_picture(browser: Browser, tmp_path: Path, busy_ms: int) -> None:
    """A page that works so long before it draws takes at least so long, and not twice as long."""
    page = tmp_path / "page.html"
    page.write_text(SLOW % busy_ms, encoding="utf-8")
    taken = laboratory.measure(browser, page, "phone", inputs=2, slower=1)
    assert len(taken) == 2
    assert min(taken) >= busy_ms
    assert min(taken) < 2 * busy_ms + 100
