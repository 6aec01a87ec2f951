"""What stands beside the pages: style sheets, fonts, scripts, and the figures as files."""

import base64
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from report.figures.draw import svg
from report.figures.draw.drawn import Drawn

STYLES = ("style.css", "figures.css", "code.css", "runs.css", "laboratory.css")
SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "theme.js": ("fonts.js", "theme.js"),
    "site.js": ("contents.js", "scrolls.js", "popover.js", "figures.js"),
    "runs.js": (
        "runs/rows.js", "runs/filters.js", "runs/sorting.js", "runs/charts.js", "runs/details.js",
        "runs/start.js",
    ),
    "laboratory.js": (
        "laboratory/data.js", "laboratory/setting.js", "laboratory/network/activations.js",
        "laboratory/network/theory.js", "laboratory/network/draws.js",
        "laboratory/network/signals.js", "laboratory/nearest.js", "laboratory/words.js",
        "laboratory/charts.js", "laboratory/view.js", "laboratory/controls.js",
    ),
}  # fmt: skip
"""Scripts of the site, each joined from files of templates/scripts: browsers refuse to import a
module from disk."""


def write(templates: Path, out: Path) -> None:
    """Write styles, fonts and scripts from the folder of the templates into that of the site."""
    out.mkdir(parents=True, exist_ok=True)
    for name in (*(f"styles/{each}" for each in STYLES), "pages/icon.svg"):
        shutil.copyfile(templates / name, out / Path(name).name)
    fonts = with_fonts((templates / "styles" / "fonts.css").read_text("utf-8"), templates)
    (out / "fonts.css").write_text(fonts, "utf-8", newline="\n")
    for name, parts in SCRIPTS.items():
        joined = script(templates / "scripts" / part for part in parts)
        (out / name).write_text(joined, "utf-8", newline="\n")
    paper = shutil.ignore_patterns("*.ttf")  # faces that no page asks for
    shutil.copytree(templates / "fonts", out / "fonts", ignore=paper, dirs_exist_ok=True)


def write_figures(figures: Mapping[str, Drawn], out: Path) -> None:
    """Write each figure as a drawing and as the data behind it."""
    out.mkdir(parents=True, exist_ok=True)
    for name, drawn in figures.items():
        (out / f"{name}.svg").write_text(svg.standalone(drawn.svg), "utf-8", newline="\n")
        (out / f"{name}.csv").write_text(drawn.csv, "utf-8", newline="\n")


def with_fonts(css: str, folder: Path) -> str:
    """Return a style sheet in which each font of `folder` stands itself in place of its address.

    A font that arrives after the text makes the text jump; one in the style sheet is there with it.
    """

    def embed(found: re.Match[str]) -> str:
        font = base64.b64encode((folder / found[1]).read_bytes()).decode("ascii")
        return f'url("data:font/woff2;base64,{font}")'

    return re.sub(r'url\("([^"]+\.woff2)"\)', embed, css)


def script(parts: Iterable[Path]) -> str:
    """Return files of JavaScript as one script; each keeps its names to itself."""
    return "".join(
        f'(() => {{\n"use strict";\n{part.read_text("utf-8").rstrip()}\n}})();\n' for part in parts
    )
