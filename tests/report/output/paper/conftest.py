"""The paper of the rendered report, set once for the tests of a process."""

from pathlib import Path
from typing import Any

import pypdf
import pytest

from build import ROOT
from report.output.paper import pdf, writer
from report.output.paper.press import Press
from report.output.paper.tree import Node
from tests.report.conftest import Rendered
from tests.report.output.paper.documents import opened

TEMPLATES = ROOT / "templates"


@pytest.fixture(scope="session")
def press() -> Press:
    """A press for all documents of a process."""
    return Press(TEMPLATES)


@pytest.fixture(scope="session")
def paper(rendered: Rendered, press: Press, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF of the rendered report."""
    return pdf.setting(rendered.report, tmp_path_factory.mktemp("paper"), press=press)()


@pytest.fixture(scope="session")
def source(rendered: Rendered) -> Node:
    """The document that the PDF was set from."""
    return pdf.document(writer.html(rendered.report))


@pytest.fixture(scope="session")
def reader(paper: Path) -> pypdf.PdfReader:
    """Its objects."""
    return pypdf.PdfReader(paper)


@pytest.fixture(scope="session")
def leaves(paper: Path) -> list[Any]:
    """Its pages, with the place of every letter and line."""
    return list(opened(paper.read_bytes()))
