"""The press: it sets the tree of a document on pages, by the templates of templates/paper/."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.errors import ReportError
from report.output.paper import tags
from report.output.paper.tree import Node

SIGN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
TAG = re.compile(r"no setting for <(.+?)>")


class Unset(ReportError):
    """What stands in the document cannot be set; `wanted` is what an answer has where it stands."""

    def __init__(self, message: str, wanted: str = "") -> None:
        super().__init__(message)
        self.wanted = wanted


class Press:
    """Sets documents; what it has set once, it need not set anew while it is kept."""

    def __init__(self, templates: Path) -> None:
        """`templates` is the folder that holds paper/ and fonts/."""
        self.templates = templates
        self.compiler: Any = None

    def set(self, tree: Node, pictures: Mapping[str, str]) -> bytes:
        """Return the PDF of a document; `pictures` are SVGs by the address that <img> has of each.

        No text of the tree is read as markup. The same tree gives the same bytes. Raises Unset for
        an element without a setting and for a sign that no face has.
        """
        import typst

        files = {path.name: path.read_bytes() for path in (self.templates / "paper").glob("*.typ")}
        files["document.json"] = json.dumps(tree, ensure_ascii=False).encode()
        files |= {name: picture.encode() for name, picture in pictures.items()}
        # The compiler takes its main file from this one name.
        files["main.typ"] = files.pop("paper.typ")
        if self.compiler is None:
            faces = [str(self.templates / "fonts")]
            make: Any = typst.Compiler  # its types do not fit files given as bytes
            self.compiler = make(files, font_paths=faces, ignore_system_fonts=True)
        try:
            pdf, warnings = self.compiler.compile_with_warnings(input=files, pdf_standards=["ua-1"])
        except typst.TypstError as error:
            raise _fault(error) from error
        for warning in warnings:
            raise Unset(f"paper: {warning.message}")
        return tags.complete(pdf, tree)


def _fault(error: Any) -> Unset:
    """Return what the compiler says of a document, in the words of those who write it."""
    sign = SIGN.search(error.message)
    if sign:
        letter = sign[1][0]
        return Unset(
            f"no face of the paper has the sign {letter} (U+{ord(letter):04X})", wanted=letter
        )
    tag = TAG.search(error.message)
    if tag:
        return Unset(f"the paper has no setting for <{tag[1]}>", wanted=f"<{tag[1]}")
    return Unset("\n".join(["paper: " + error.message, *error.hints, *map(str, error.trace)]))
