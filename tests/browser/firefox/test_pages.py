"""Every page in Firefox, from disk and served."""

from pathlib import Path

import pytest

from tests.browser.firefox.session import Firefox
from tests.browser.opening import sampled

WHOLE = """document.fonts.ready.then(() => ({
  sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  faces: [...new Set([...document.fonts].filter((face) => face.status === "loaded")
    .map((face) => face.family.replace(/"/g, "")))],
  failed: [...document.fonts]
    .filter((face) => face.status === "error" && face.display !== "optional")
    .map((face) => `${face.family} ${face.weight} ${face.style}`),
}))"""
"""An optional face that comes too late is given up, as it should be; one that is not there is
heard by the fixture.
"""


@pytest.mark.parametrize("disk", [True, False])
@pytest.mark.parametrize("name", sampled("index", "q1", "laboratory", "runs"))
def test_a_page_is_whole_on_a_phone_and_on_a_desktop(
    firefox: Firefox, site: Path, server: str, name: str, disk: bool
) -> None:
    """It is as wide as its window, in the fonts of the report, and says nothing on the console."""
    base = f"{site.resolve().as_uri()}/" if disk else server
    for width in (360, 1280):
        firefox.open(f"{base}{name}.html", width=width)
        found = firefox.evaluate(WHOLE)
        assert found["sideways"] <= 0, width
        assert found["failed"] == []
        assert "Source Serif 4" in found["faces"]


def test_what_pages_do_wrong_is_heard(firefox: Firefox, server: str) -> None:
    """An error, a broken content policy and a missing file are each told in a line."""
    firefox.open(f"{server}index.html")
    firefox.evaluate(
        """(() => {
          console.error("said on purpose");
          setTimeout(() => { throw new Error("thrown on purpose"); });
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.head.append(script);
          document.body.append(Object.assign(new Image(), {src: "not-there.png"}));
        })()"""
    )
    firefox.wait("[...document.images].at(-1).complete")
    firefox.collect()
    heard = "\n".join(firefox.problems)
    for part in ("said on purpose", "thrown on purpose", "Content-Security-Policy", "answered 404"):
        assert part in heard
    assert firefox.evaluate("window.ran === undefined")
    firefox.problems.clear()
