"""What is read of CITATION.cff."""

from pathlib import Path

import pytest

from report.document import authors
from report.document.authors import Citation


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("title: T\n", Citation((), "")),
        (
            "title: T\nrepository-code: https://example.org/r\n",
            Citation((), "https://example.org/r"),
        ),
        ("title: T\nrepository-code:\n", Citation((), "")),
        (
            "authors:\n- {given-names: Ada, family-names: Lovelace}\n- name: The Society\n",
            Citation(("Ada Lovelace", "The Society"), ""),
        ),
    ],
)
def test_authors_and_repository_are_read(tmp_path: Path, text: str, known: Citation) -> None:
    """People have two names, others one; what the file does not say is empty."""
    file = tmp_path / "CITATION.cff"
    file.write_text(text, "utf-8")
    assert authors.read(file) == known


def test_without_the_file_nothing_is_known(tmp_path: Path) -> None:
    """A copy of the project may have lost it: the report has no authors then, and no error."""
    assert authors.read(tmp_path / "CITATION.cff") == Citation((), "")
