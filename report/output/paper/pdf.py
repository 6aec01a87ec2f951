"""The PDF: the same answers, set for paper."""

from collections.abc import Callable, Mapping
from pathlib import Path

from analysis.errors import ReportError, reading, whole
from report.figures.draw.vector import svg
from report.output.paper import writer
from report.output.paper.equations import spoken
from report.output.paper.press import Press, Unset
from report.output.paper.tree import Node, parse, text, walk
from report.output.writing.report import Report


def setting(report: Report, out: Path, press: Press | None = None) -> Callable[[], Path]:
    """Return what writes out/report.pdf and returns its path; any thread may call it.

    The same report gives the same bytes. A `press` that has set it before is faster. Raises
    ReportError for a link to nowhere and for a picture that is not said or not there; what is
    returned does, with file and line, where an answer has what cannot be set.
    """
    tree = document(writer.html(report))
    drawn = report.document.figures.items()
    pictures = {f"figures/{name}.svg": svg.standalone(each.svg) for name, each in drawn}
    check(tree, pictures)

    def write() -> Path:
        try:
            pdf = (press or Press(report.root / "templates")).set(tree, pictures)
        except Unset as error:
            place = _place(_written(error, tree), report.root) or _named(error.sign, report)
            raise ReportError(f"{place}: {error}" if place else str(error)) from error
        target = out / "report.pdf"
        whole.write(target, pdf)
        return target

    return write


def document(html: str) -> Node:
    """Return the tree of a composed document; its equations are said in words."""
    tree = parse(html)
    for math in walk(tree, "math"):
        for semantics in walk(math, "semantics"):
            shown, *annotations = semantics["children"]
            semantics["children"] = [shown]
            math["attributes"]["tex"] = "".join(map(text, annotations))
        math["attributes"]["alttext"] = spoken.spoken(math)
    return tree


def check(tree: Node, pictures: Mapping[str, str]) -> None:
    """Raise ReportError for a link to nowhere, and for a picture that is not said or not there."""
    places = {node["attributes"].get("id") for node in walk(tree)}
    for link in walk(tree, "a"):
        address = link["attributes"].get("href", "")
        if address.startswith("#") and address[1:] not in places:
            raise ReportError(
                f"paper: the link “{text(link)}” leads to {address}, which is nowhere"
            )
    for picture in walk(tree, "img"):
        source = picture["attributes"].get("src", "")
        if not picture["attributes"].get("alt", "").strip():
            raise ReportError(f"paper: the picture {source} has no text in its place")
        if source not in pictures:
            raise ReportError(f"paper: the picture {source} does not exist")
        if "<text" in pictures[source]:
            raise ReportError(f"paper: {source} has text that is not drawn as a path")


def _written(error: Unset, tree: Node) -> str:
    """Return what an answer has where it stands that cannot be set: a sign, a tag, or TeX."""
    for math in walk(tree, "math"):
        if any(walk(math, error.tag)) if error.tag else error.sign and error.sign in text(math):
            return math["attributes"].get("tex", "").strip().partition("\n")[0]
    return error.sign or (error.tag and f"<{error.tag}")


def _place(wanted: str, root: Path) -> str:
    """Return file and line of the first answer, or of the bibliography, that has a text."""
    folder = root / "report" / "answers"
    for path in sorted((*folder.glob("*.md"), *folder.glob("*.bib"))) if wanted else ():
        for number, line in enumerate(reading.text(path).splitlines(), start=1):
            if wanted in line:
                return f"{path.relative_to(root)}:{number}"
    return ""


def _named(sign: str, report: Report) -> str:
    """Return what the study or CITATION.cff calls something by a name with this sign, in words."""
    experiments = report.experiments.values()
    texts = {
        "title": [report.title, *(each.title for each in experiments)],
        "variant": [variant.name for each in experiments for variant in each.variants],
        "author": list(report.authors),
    }
    named = [(what, text) for what, found in texts.items() for text in found if sign in text]
    return "{} {!r}".format(*named[0]) if sign and named else ""
