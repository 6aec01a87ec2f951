"""How the report is cited."""

import re

import pytest
from pybtex.database import parse_string
from pybtex.richtext import Text

from analysis.plan.provenance import Origin
from report.document.authors import Author, Citation
from report.output.sharing import imprint
from report.output.sharing.imprint import Imprint

ADA = Author("Ada Lovelace", "Lovelace", "Ada")
SOCIETY = Author("Lovelace and Sons, Ltd")
ABOUT = Citation(
    (ADA, SOCIETY), "https://example.org/code", site="https://example.org/report", licence="MIT"
)
OWN = Imprint("Weights, measured", ABOUT, "2026-11-26", "0123456789abcdef" * 2, licensed=True)
HOSTILE = r'{a} }b{ \c $d$ 5 % & #1 _e_ ~ ^ <f> "g" @h'
TEX = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
}
"""What LaTeX prints for these, as its symbol list has it."""


def printed(field: str) -> str:
    """What TeX prints of a field without markup but braces."""
    named = "|".join(map(re.escape, TEX))
    return re.sub(
        rf"({named})|\\(.)|[{{}}]",
        lambda found: TEX.get(found[1] or "", "") or found[2] or "",
        field,
    )


def test_bibtex_reads_the_entry() -> None:
    """People have their family name, a company with "and" in its name stays whole."""
    entry = parse_string(OWN.bibtex, "bibtex").entries["weights-measured-2026"]
    assert entry.type == "misc"
    ada, society = entry.persons["author"]
    assert (ada.last_names, ada.first_names) == (["Lovelace"], ["Ada"])
    assert [str(Text.from_latex(name)) for name in society.last_names] == [SOCIETY.name]
    assert printed(entry.fields["title"]) == "Weights, measured"
    assert entry.fields["year"] == "2026"
    assert entry.fields["url"] == "https://example.org/report"
    assert entry.fields["note"] == "Code at commit 0123456789ab"


def test_no_sign_of_a_title_is_markup_of_tex() -> None:
    """Braces without partner, comments and commands are printed, and the entry ends where it is."""
    own = Imprint(HOSTILE, Citation((Author(HOSTILE),)))
    (entry,) = parse_string(own.bibtex, "bibtex").entries.values()
    assert printed(entry.fields["title"]) == HOSTILE
    (author,) = entry.persons["author"]
    assert printed(" ".join(author.last_names)) == HOSTILE
    assert not re.search(r"(?<!\\)[$%&#_~^<>]", own.bibtex)


def test_what_is_not_known_is_not_said() -> None:
    """Without day, commit, authors and addresses the title alone is left."""
    own = Imprint("T")
    assert own.citation == "T."
    assert own.bibtex == "@misc{t,\n  title = {{T}},\n}"
    assert own.address("share.png") == "share.png"


def test_a_line_has_what_a_reference_needs() -> None:
    """Authors, year, title, code, address."""
    assert OWN.citation == (
        "Ada Lovelace, Lovelace and Sons, Ltd (2026). Weights, measured. "
        "Code at commit 0123456789ab. https://example.org/report."
    )


@pytest.mark.parametrize("site", ["https://e.org/a", "https://e.org/a/", "https://e.org/a/b.html"])
def test_files_of_the_site_stand_in_its_folder(site: str) -> None:
    """Whether its address ends in the folder, a slash or a page."""
    assert Imprint("T", Citation(site=site)).address("share.png") == "https://e.org/a/share.png"


@pytest.mark.parametrize(
    ("committed", "days", "day"),
    [
        ("2026-03-01", [("2026-01-01", "2026-02-01")], "2026-03-01"),
        ("2026-03-01", [("2026-01-01", "2026-04-01"), None], "2026-04-01"),
        ("", [None], ""),
        ("", [], ""),
    ],
)
def test_the_day_is_the_last_that_is_recorded(
    committed: str, days: list[tuple[str, str] | None], day: str
) -> None:
    """Of commit and trainings; no clock is asked where neither is known."""
    origins = [Origin("here", ("base",), "", "", each) for each in days]
    assert imprint.day(committed, origins) == day
