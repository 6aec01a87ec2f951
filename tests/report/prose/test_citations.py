import re
from pathlib import Path

import pytest

from analysis.errors import ReportError
from build import ROOT
from report.prose.citations import Bibliography
from tests.made.sites.desk import BIBTEX, Desk, written


@pytest.fixture
def works(tmp_path: Path) -> Bibliography:
    """The made-up works of the desk."""
    path = tmp_path / "references.bib"
    path.write_text(BIBTEX, "utf-8")
    return Bibliography(path)


def plain(html: str) -> str:
    """The text of HTML."""
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('cite("one")', "(Kingma, 2001)"),
        ('cite("two")', "(Glorot &amp; Bengio, 2010)"),
        ('cite("two", text=True)', "Glorot &amp; Bengio (2010)"),
        ('cite("one", "two")', "(Kingma, 2001; Glorot &amp; Bengio, 2010)"),
        ('cite("one", "two", text=True)', "Kingma (2001) and Glorot &amp; Bengio (2010)"),
        # Two works that the short form alone would confuse.
        ('cite("many")', "(Müller et al., 2015a)"),
        ('cite("same")', "(Müller et al., 2015b)"),
    ],
)
def test_short_forms(tmp_path: Path, call: str, text: str) -> None:
    """One author, two, and more; in brackets or as part of the sentence."""
    assert plain(Desk(tmp_path).brief("{{ " + call + " }}")) == text


def test_others_are_not_named(tmp_path: Path) -> None:
    """Where the authors end in "and others", both forms say et al."""
    path = tmp_path / "references.bib"
    path.write_text("@misc{k, author = {A, B and others}, title = {T}, year = {2000}}", "utf-8")
    works = Bibliography(path)
    assert works.work("k").names == "A et al."
    assert works.listed({"k"})[0].html == "A, B., et al. (2000). T."


def test_letters_follow_the_list(tmp_path: Path) -> None:
    """Of two works by one first author in a year, the one that is listed first is a."""
    path = tmp_path / "references.bib"
    entry = "@misc{{{}, author = {{A, B and {} and D, E}}, title = {{T}}, year = {{2000}}}}\n"
    path.write_text(entry.format("early", "Z, Z") + entry.format("late", "C, C"), "utf-8")
    works = Bibliography(path)
    assert [each.key for each in works.listed({"early", "late"})] == ["late", "early"]
    assert [works.work(key).year for key in ("late", "early")] == ["2000a", "2000b"]


def test_letters_do_not_end(tmp_path: Path) -> None:
    """Of thirty works of one author and year each has a letter of its own, or two."""
    path = tmp_path / "references.bib"
    entry = "@misc{{k{0:02}, author = {{A, B}}, title = {{T}}, year = {{2000}}}}\n"
    path.write_text("".join(entry.format(number) for number in range(30)), "utf-8")
    works = Bibliography(path)
    years = [works.work(f"k{number:02}").year for number in range(30)]
    assert years[:2] + years[25:28] == ["2000a", "2000b", "2000z", "2000aa", "2000ab"]
    assert len(set(years)) == 30


def test_names_in_the_sentence_are_not_repeated(tmp_path: Path) -> None:
    """After its authors' names a citation gives the year alone."""
    desk = Desk(tmp_path)
    assert plain(desk.brief('Glorot and Bengio {{ cite("two") }} say')) == (
        "Glorot and Bengio (2010) say"
    )
    assert plain(desk.brief('Bengio {{ cite("two") }}')) == "Bengio (Glorot &amp; Bengio, 2010)"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("two", "Glorot, X. and Y.\u00a0Bengio (2010). Both. J 9(2), 249–256. doi:10.1/x"),
        (
            "many",
            "Müller, K.-R., B.\u00a0B and C.\u00a0C (2015a). All SGD. P. arXiv:1502.01852",
        ),
        ("same", "Müller, O., D.\u00a0D and E.\u00a0E (2015b). Again. example.org/again"),
    ],
)
def test_a_reference_in_full(works: Bibliography, key: str, text: str) -> None:
    """Authors, year, title, where it appeared, and where it can be read; accents decoded."""
    (reference,) = works.listed({key})
    assert plain(reference.html) == text


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("many", "Müller et al. (2015a). All SGD. arXiv:1502.01852"),
        ("same", "Müller et al. (2015b). Again. example.org/again"),
    ],
)
def test_a_reference_in_brief(works: Bibliography, key: str, text: str) -> None:
    """As the text names it, its title, and where it can be read."""
    (reference,) = works.listed({key})
    assert plain(reference.brief) == text


def test_links_lead_to_the_registries(works: Bibliography) -> None:
    """DOI and arXiv numbers are links; an address stands only where there is neither."""
    html = "".join(reference.html for reference in works.listed({"two", "many", "same"}))
    assert re.findall(r'href="([^"]*)"', html) == [
        "https://doi.org/10.1/x",
        "https://arxiv.org/abs/1502.01852",
        "https://example.org/again/",
    ]


def test_the_list_has_what_is_cited_in_order(tmp_path: Path) -> None:
    """Works are listed by author, each once, and only those that an answer cites."""
    answers = {"q2a": '## T\n\n{{ cite("many") }} {{ cite("two", "many") }}'}
    document = Desk(tmp_path).compose(answers)
    assert [reference.key for reference in document.references] == ["two", "many"]


def test_a_citation_leads_to_its_reference(tmp_path: Path) -> None:
    """From another page by its name, on paper inside of the document."""
    document = Desk(tmp_path).compose({"q2a": '## T\n\n{{ cite("two") }}'})
    site, paper = written(document, "q2a")
    assert 'href="methods.html#ref-two"' in site
    assert 'href="#ref-two"' in paper


def test_a_file_that_is_not_bibtex(tmp_path: Path) -> None:
    """A syntax error in the file is reported with its name."""
    path = tmp_path / "references.bib"
    path.write_text("@article{one, title = {", "utf-8")
    with pytest.raises(ReportError, match=r"references\.bib:1: syntax error"):
        Bibliography(path)


def test_every_work_of_the_project_can_be_found() -> None:
    """Each entry of the real file has authors, a year, a title and a link."""
    works = Bibliography(ROOT / "report" / "answers" / "references.bib")
    for reference in works.listed(set(works.entries.entries)):
        assert re.search(r"\(\d{4}[a-z]?\)\. .+<a[^>]* href=\"https://", reference.html), (
            reference.key
        )
        assert "{" not in reference.html
        assert "\\" not in reference.html


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "url = {javascript:alert(1)}",
            "references.bib:1: the entry 'k': url = 'javascript:alert(1)': an",
        ),
        ("doi = {https://doi.org/10.1000/x}", "a DOI begins with 10."),
        ("url = {file:///etc/passwd}", "must begin with https://, http:// or mailto:"),
        ("url = {data:text/html,x}", "must begin with https://"),
        ("url = {HTTPS:alert(1)}", "must begin with https://"),
        ("title = {A\x1b[31m}", "references.bib:1: holds a control character (U+001B)"),
        ("note = {A\u200bB}", "ZERO WIDTH SPACE (U+200B)"),
        ("author = {Ad\u202ea}", "references.bib:1: holds RIGHT-TO-LEFT OVERRIDE"),
    ],
)
def test_what_no_page_can_show_is_refused(tmp_path: Path, entry: str, said: str) -> None:
    """An address that a browser would run or read from disk, and a text that cannot be seen."""
    path = tmp_path / "references.bib"
    path.write_text(f"@misc{{k, {entry}}}", "utf-8")
    with pytest.raises(ReportError) as refused:
        Bibliography(path)
    assert said in str(refused.value)


@pytest.mark.parametrize("key", ["../../x", 'a"b', "a:b", "é", "-a"])
def test_a_key_is_a_part_of_file_names(tmp_path: Path, key: str) -> None:
    """A preview is a file that is called by its key."""
    path = tmp_path / "references.bib"
    path.write_text(f"@misc{{{key}, title = {{T}}}}", "utf-8")
    with pytest.raises(ReportError, match="a key must be letters a to z, digits, - and _"):
        Bibliography(path)
