"""What is read of CITATION.cff."""

from pathlib import Path

import pytest

from analysis.errors import ReportError
from report.document import authors
from report.document.authors import Author, Citation


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
            Citation((Author("Ada Lovelace", "Lovelace", "Ada"), Author("The Society"))),
        ),
        (
            "url: https://example.org/report\nlicense: MIT\n",
            Citation(site="https://example.org/report", licence="MIT"),
        ),
        ("license: [MIT, Apache-2.0]\n", Citation(licence="MIT OR Apache-2.0")),
    ],
)
def test_what_the_file_says_is_read(tmp_path: Path, text: str, known: Citation) -> None:
    """People have two names, others one; what the file does not say is empty."""
    file = tmp_path / "CITATION.cff"
    file.write_text(text, "utf-8")
    assert authors.read(file) == known


def test_without_the_file_nothing_is_known(tmp_path: Path) -> None:
    """A copy of the project may have lost it: the report has no authors then, and no error."""
    assert authors.read(tmp_path / "CITATION.cff") == Citation((), "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("repository-code: javascript:alert(1)\n", "must begin with https://, http:// or mailto:"),
        ("repository-code: file:///etc/passwd\n", "must begin with https://"),
        ("repository-code: //example.org/r\n", "must begin with https://"),
        ("repository-code: 'https://example.org/a b'\n", "must have no spaces"),
        ("url: mailto:a@example.org\n", "must be the address of a page, not of a person"),
        ("license: '<b>'\n", "'<b>' is no licence as SPDX names them, such as MIT"),
        ('authors: [{name: "A\\x1b[31mda"}]\n', "character 2 is a control character (U+001B)"),
        ('authors: [{name: "A\\u202Eda"}]\n', "RIGHT-TO-LEFT OVERRIDE"),
        ("authors: &own [{name: A}, *own]\n", "authors.1: must be a table"),
    ],
)
def test_what_no_page_can_show_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """An address that a browser would run or read, a name that cannot be seen, a list in itself."""
    file = tmp_path / "CITATION.cff"
    file.write_text(text, "utf-8")
    with pytest.raises(ReportError) as refused:
        authors.read(file)
    assert str(refused.value).startswith("CITATION.cff:1: ")
    assert said in str(refused.value)
