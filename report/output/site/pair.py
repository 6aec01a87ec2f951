"""The page of two results that stand beside no report: a folder with a page of its own."""

from pathlib import Path
from types import SimpleNamespace

from report.output.site import assets
from report.output.site.build import POLICY
from report.output.writing import templates as filling
from report.output.writing.report import templates
from report.pages.compare.page import Part

TEMPLATE = "pages/evidence/pair.html"


def write(part: Part, root: Path, out: Path) -> None:
    """Write index.html on a comparison, with styles, fonts and figures, into the folder `out`."""
    folder, (before, after) = root / "templates", part.folders
    writer = SimpleNamespace(target="site", brief=str)  # no caption stands there
    context = {"part": part, "policy": POLICY, "writer": writer}
    html = filling.render(templates(folder), TEMPLATE, context)
    assets.write(folder, out)
    assets.write_drawings({each.name: each.before for each in part.figures.moved}, out / before)
    assets.write_drawings({each.name: each.after for each in part.figures.moved}, out / after)
    (out / "index.html").write_text(html, "utf-8", newline="\n")
