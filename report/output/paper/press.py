"""The press: it sets the tree of a document on pages, by the templates of templates/paper/."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.errors import ReportError
from report.output.paper import room, tags
from report.output.paper.tree import Node
from report.output.writing import sources

SIGN = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.S)
TAG = re.compile(r"no setting for <(.+?)>")
FACES = "fonts"


class Unset(ReportError):
    """What stands in the document cannot be set; `tag` or `sign` is what it was."""

    def __init__(self, message: str, tag: str = "", sign: str = "") -> None:
        super().__init__(message)
        self.tag, self.sign = tag, sign


class Press:
    """Sets documents; what it has set once, it need not set anew while it is kept."""

    def __init__(self, templates: Path) -> None:
        """`templates` is the folder that holds paper/ and fonts/."""
        self.templates = templates
        self.compiler = Compiler(templates / FACES)

    def set(self, tree: Node, pictures: Mapping[str, str]) -> bytes:
        """Return the PDF of a document; `pictures` are SVGs by the address that <img> has of each.

        No text of the tree is read as markup. The same tree gives the same bytes. Where a preview
        keeps a compiler, it is that one's work. Raises Unset for an element without a setting and
        for a sign that no face has.
        """
        for path in sorted((self.templates / FACES).glob("*.ttf")):
            sources.face(self.templates, f"{FACES}/{path.name}")
        paper = self.templates / "paper"
        names = (path.relative_to(paper).as_posix() for path in sorted(paper.rglob("*.typ")))
        files = {name: sources.text(self.templates, f"paper/{name}") for name in names}
        files["main.typ"] = sources.text(self.templates, "paper/paper.typ")
        files["document.json"] = json.dumps(tree, ensure_ascii=False)
        files |= pictures
        kept = os.environ.get(room.ADDRESS)
        pdf, fault = room.asked(kept, files) if kept else self.compiler.compile(files)
        if fault:
            raise _fault(fault)
        return tags.complete(pdf, tree)


class Compiler:
    """A compiler that keeps its memory from one document to the next."""

    def __init__(self, faces: Path) -> None:
        self.faces = faces
        self.kept: Any = None

    def compile(self, files: Mapping[str, str]) -> tuple[bytes, str]:
        """Return the PDF of main.typ and what is wrong with it; one of the two is empty.

        No file is read but these, and no face but those of the project.
        """
        import typst

        contents = {name: text.encode() for name, text in files.items()}
        if self.kept is None:
            make: Any = typst.Compiler  # its types do not fit files given as bytes
            self.kept = make(contents, font_paths=[str(self.faces)], ignore_system_fonts=True)
        try:
            pdf, warnings = self.kept.compile_with_warnings(input=contents, pdf_standards=["ua-1"])
        except typst.TypstError as error:
            return b"", "\n".join([error.message, *error.hints, *map(str, error.trace)])
        if warnings:
            return b"", str(warnings[0].message)
        return bytes(pdf), ""


def _fault(message: str) -> Unset:
    """Return what the compiler says of a document, in the words of those who write it."""
    sign = SIGN.search(message)
    if sign:
        letter = sign[1][0]
        return Unset(
            f"no face of the paper has the sign {letter} (U+{ord(letter):04X})", sign=letter
        )
    tag = TAG.search(message)
    if tag:
        return Unset(f"the paper has no setting for <{tag[1]}>", tag=tag[1])
    return Unset(f"the paper cannot be set: {message}")
