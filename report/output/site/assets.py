"""What stands beside the pages: style sheets, fonts, scripts, and the figures as files."""

import base64
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from report.figures.draw.drawn import Drawn
from report.figures.draw.vector import svg
from report.output.writing import sources
from report.pages.compare.drawings import Drawing

STYLES: Mapping[str, tuple[str, ...]] = {
    "style.css": (
        "fonts.css", "style.css", "frame.css", "evidence.css", "figures.css", "code.css",
        "search.css",
    ),
    **{f"{name}.css": (f"pages/{name}.css",) for name in ("runs", "compare", "guide")},
    "index.css": ("pages/index.css", "pages/charts.css", "pages/hero.css"),
    "laboratory.css": ("pages/charts.css", "pages/laboratory.css"),
}  # fmt: skip
"""Style sheets of the site, each joined from files of templates/styles: a page waits for one of all
pages, and for one of its own."""
NETWORK = (
    "setting/data", "setting/slices", "words/numbers", "network/activations", "network/theory",
    "network/draws", "network/products", "network/signals", "setting/setting",
)  # fmt: skip
"""What a page needs that draws a network and measures it, of templates/scripts/laboratory."""
SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "theme.js": ("theme/fonts.js", "theme/choice.js"),
    "site.js": (
        "contents.js", "scrolls.js", "popover.js", "figures.js",
        "search/loading.js", "search/matching.js", "search/runs.js", "search/hits.js",
        "search/field.js",
    ),
    "runs.js": (
        "runs/arrived.js", "runs/rows.js", "runs/table/elements.js", "runs/behind.js",
        "runs/address/asked.js", "runs/address/filters.js", "runs/table/sorting.js",
        "runs/charts.js", "runs/table/details.js",
        "runs/address/start.js",
    ),
    "hero.js": tuple(f"laboratory/{part}.js" for part in (
        *NETWORK, "words/courses", "charts/axes", "charts/lines", "hero/hero",
    )),
    "laboratory.js": tuple(f"laboratory/{part}.js" for part in (
        *NETWORK, "trained/nearest", "words/courses", "charts/axes", "charts/ridges",
        "charts/lines", "charts/curves", "training/learning", "training/batches",
        "training/live", "page/painter", "page/reading", "page/pictures", "trained/recorded",
        "page/bench", "page/address", "page/controls",
    )),
}  # fmt: skip
"""Scripts of the site, each joined from files of templates/scripts: browsers refuse to import a
module from disk."""

COMMON = "fonts/common-"
"""How the places of faces begin that stand in the style sheet."""
FONT = re.compile(r'url\("(fonts/[^"]+)"\)')
"""A face as a style sheet names it, by its place on the site and among the templates."""
LIBRARY = "minisearch"
"""MiniSearch 7.2.0, under MIT: the search of the pages loads it when it is first used."""
SHA256 = "03c27931eb603af1d3358579e9885eafdb6a2f5fa9929557b3e77d7e99d06d03"
"""The digest of its dist/umd/index.js, as the registry of JavaScript packages has it."""


def write(templates: Path, out: Path) -> None:
    """Write styles, fonts and scripts from the folder of the templates into that of the site."""
    (out / "fonts").mkdir(parents=True, exist_ok=True)
    for name, parts in STYLES.items():
        joined = "\n".join(sources.style(templates, f"styles/{part}") for part in parts)
        _put(out / name, with_fonts(joined, templates))
        for font in FONT.findall(joined):
            if not font.startswith(COMMON):  # those stand in the sheet itself
                (out / font).write_bytes(sources.face(templates, font))
    _put(out / "icon.svg", sources.text(templates, "pages/icon.svg"))
    for name, parts in SCRIPTS.items():
        _put(out / name, script(sources.script(templates, f"scripts/{part}") for part in parts))
    _write_library(templates, out / "search")
    for path in sorted((templates / "fonts").glob("LICENSE*")):
        (out / "fonts" / path.name).write_bytes(sources.data(templates, f"fonts/{path.name}"))


def _write_library(templates: Path, out: Path) -> None:
    """Write the library of the search as its makers have released it, with its licence."""
    out.mkdir(exist_ok=True)
    folder = f"vendor/{LIBRARY}"
    content = sources.released(templates, f"{folder}/{LIBRARY}.js", SHA256)
    (out / f"{LIBRARY}.js").write_bytes(content)
    _put(out / "LICENSE.txt", sources.text(templates, f"{folder}/LICENSE.txt"))


def _put(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")


def write_scripts(scripts: Mapping[str, str], out: Path) -> None:
    """Write scripts that a page loads when it needs them."""
    out.mkdir(parents=True, exist_ok=True)
    for name, text in scripts.items():
        _put(out / name, text)


def write_figures(figures: Mapping[str, Drawn], out: Path) -> None:
    """Write each figure as a drawing and as the data behind it."""
    out.mkdir(parents=True, exist_ok=True)
    for name, drawn in figures.items():
        _put(out / f"{name}.svg", svg.standalone(drawn.svg))
        _put(out / f"{name}.csv", drawn.csv)


def write_drawings(drawings: Mapping[str, Drawing | None], out: Path) -> None:
    """Write each figure of another side as a drawing and as the data behind it, if it has one."""
    for name, each in drawings.items():
        if each is not None:
            out.mkdir(parents=True, exist_ok=True)
            _put(out / f"{name}.svg", each.svg)
            _put(out / f"{name}.csv", each.csv)


def with_fonts(css: str, folder: Path) -> str:
    """Return a style sheet in which each font of common signs stands in place of its address.

    A font that arrives after the text makes the text jump; one in the style sheet is there with it.
    """

    def embed(found: re.Match[str]) -> str:
        if not found[1].startswith(COMMON):
            return found[0]
        font = base64.b64encode(sources.face(folder, found[1])).decode("ascii")
        return f'url("data:font/woff2;base64,{font}")'

    return FONT.sub(embed, css)


def script(parts: Iterable[str]) -> str:
    """Return pieces of JavaScript as one script; each keeps its names to itself.

    One that returns false is the last to run.
    """
    pieces = ",\n".join(f'() => {{\n"use strict";\n{part.rstrip()}\n}}' for part in parts)
    return f"[{pieces}].every((piece) => piece() !== false);\n"
