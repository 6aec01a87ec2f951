"""How soon the laboratory answers: from a key on a slider to the picture that it asks for.

    python -m benchmarks.laboratory [--inputs N] [--slower N]

It opens the site as it stands, with the processor slowed as on a phone, sets 30 layers of 128
units, moves the slider of the standard deviation key by key, and prints for a phone and a desktop
how long it took until the browser had drawn what followed: quickest, median, slowest.
"""

import argparse
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tools import system

SETTING = "?depth=30&width=128"
SIZES = {"phone": (412, 823), "desktop": (1280, 900)}
INPUTS = 21
SLOWER = 4.0
KEYS = ("ArrowRight", "ArrowLeft")
REST_MS = 1500
"""Between two keys, so that each finds the page at rest."""
LISTEN = """() => {
  window.taken = [];
  new PerformanceObserver((list) => window.taken.push(
    ...list.getEntries().filter(({ name }) => name === "keydown").map(({ duration }) => duration),
  )).observe({ type: "event", durationThreshold: 16 });
}"""
"""The browser's own measure of an interaction: from the key to the next picture, in steps of 8 ms.

See https://w3c.github.io/event-timing/.
"""


def measure(browser: Browser, page: Path, size: str, inputs: int, slower: float) -> list[float]:
    """Return the milliseconds from each of `inputs` keys to the picture that it asked for."""
    width, height = SIZES[size]
    with browser.new_page(viewport={"width": width, "height": height}) as opened:
        opened.goto(f"{page.as_uri()}{SETTING}")
        opened.locator(".bench svg path").first.wait_for(state="attached")
        opened.evaluate(LISTEN)
        session = opened.context.new_cdp_session(opened)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        opened.locator("#sd").focus()
        for at in range(inputs + 1):  # the first one warms up
            opened.keyboard.press(KEYS[at % len(KEYS)])
            opened.wait_for_timeout(REST_MS)
        taken: list[float] = opened.evaluate("window.taken")
    return taken[1:]


def lines(page: Path, program: str, inputs: int, slower: float) -> Iterator[str]:
    """Yield a line for each size of window."""
    yield f"{'window':10}{'quickest':>10}{'median':>10}{'slowest':>10}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=system.browser_arguments()
        )
        for size in SIZES:
            taken = measure(browser, page, size, inputs, slower)
            told = (min(taken), statistics.median(taken), max(taken))
            yield f"{size:10}" + "".join(f"{each:>7.0f} ms" for each in told)
        browser.close()


def main() -> int:
    """Return 0, also where there is no browser; 2 where there is no page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=INPUTS)
    parser.add_argument("--slower", type=float, default=SLOWER)
    asked = parser.parse_args()
    page = Path("site", "laboratory.html").resolve()
    if not page.is_file():
        print("error: there is no site/laboratory.html; make report builds it", file=sys.stderr)
        return 2
    program = system.find_browser()
    if program is None:
        print(f"Left out: it needs {system.BROWSER}.")
        return 0
    for line in lines(page, program, asked.inputs, asked.slower):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
