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
    """Write index.html on a comparison, with styles and fonts, into the folder `out`."""
    folder = root / "templates"
    context = {"part": part, "policy": POLICY, "writer": SimpleNamespace(target="site")}
    html = filling.render(templates(folder), TEMPLATE, context)
    assets.write(folder, out)
    (out / "index.html").write_text(html, "utf-8", newline="\n")
