"""Photograph the site as it stands: `python -m tools.screenshots`.

Every page at three widths in both themes, and every page of the PDF, go to screenshots/.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, sync_playwright

from tools import system

WIDTHS = (360, 768, 1440)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 8000  # px; a viewer shrinks a longer picture until nothing can be read


def tiles(height: int, tallest: int = TALLEST) -> Iterator[tuple[int, int]]:
    """Yield top and height of pieces of equal height, as few as cover `height` px."""
    count = -(-height // tallest)
    size = -(-height // count)
    for top in range(0, height, size):
        yield top, min(size, height - top)


def photograph(page: Page, name: str, width: int, out: Path) -> list[Path]:
    """Return the pictures of a whole page, written to `out`; one where it is not too long."""
    page.evaluate("document.fonts.ready")
    height = page.evaluate("document.scrollingElement.scrollHeight")
    pieces = list(tiles(height))
    paths = []
    for number, (top, size) in enumerate(pieces, start=1):
        part = f"-{number}" if len(pieces) > 1 else ""
        path = out / f"{name}{part}.png"
        clip: FloatRect = {"x": 0, "y": top, "width": width, "height": size}
        page.screenshot(path=path, full_page=True, clip=clip)
        paths.append(path)
    return paths


def photograph_site(browser: Browser, site: Path, out: Path) -> int:
    """Return how many pictures of the pages of `site` were written to `out`."""
    count = 0
    for theme, width in product(THEMES, WIDTHS):
        size: ViewportSize = {"width": width, "height": 900}
        context = browser.new_context(color_scheme=theme, viewport=size)
        page = context.new_page()
        for file in sorted(site.glob("*.html")):
            page.goto(file.resolve().as_uri())
            count += len(photograph(page, f"{file.stem}-{width}-{theme}", width, out))
        context.close()
    return count


def photograph_pdf(pdf: Path, out: Path) -> int:
    """Return how many pages of `pdf` were written to `out`, by Poppler's pdftoppm."""
    subprocess.run(["pdftoppm", "-r", "100", "-png", pdf, out / "pdf"], check=True)
    return len(list(out.glob("pdf-*.png")))


def main(folder: Path) -> int:
    """Return 0, or 2 where there is no site in `folder`, or no browser."""
    built, out = folder / "site", folder / "screenshots"
    program = system.find_browser()
    if not (built / "index.html").is_file() or program is None:
        lacking = f"screenshots need {system.BROWSER}"
        if program is not None:
            lacking = f"{built}/index.html does not exist; make report builds it"
        print(f"error: {lacking}", file=sys.stderr)
        return 2
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=system.browser_arguments()
        )
        print(f"{out}: {photograph_site(browser, built, out)} pictures of the site.", flush=True)
        browser.close()
    pdf = built / "report.pdf"
    if not pdf.is_file():
        print(f"{pdf} does not exist, so there are no pictures of it.")
    elif shutil.which("pdftoppm") is None:
        print("Pictures of the PDF need pdftoppm (Debian: apt install poppler-utils).")
    else:
        print(f"{out}: {photograph_pdf(pdf, out)} pages of the PDF.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path()))
