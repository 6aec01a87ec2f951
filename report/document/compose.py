"""All answers as one document: numbered, cross-referenced, and checked."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from analysis.errors import ReportError, reading
from analysis.plan import provenance
from analysis.results.cache import Cache
from report import tables
from report.document import markup
from report.document.catalogue import Catalogue
from report.document.document import Document
from report.document.equations import Typesetter
from report.document.outline import PAGES, QUESTION, Label, Page, Section
from report.prose import markdown
from report.prose.calls import Prose
from report.prose.citations import Bibliography
from report.prose.locations import Misplaced, Place, line_at, unknown
from report.prose.numbers.lookup import Numbers
from report.prose.source import literals
from report.prose.source.derived import Derived
from report.prose.uses import (
    CiteUse,
    EquationUse,
    FigureUse,
    HeadingUse,
    RefUse,
    Shown,
    TableUse,
    Use,
    Uses,
)
from report.words import verdicts
from report.words.numbers import SPACE

if TYPE_CHECKING:
    from analysis.results.frames import Results

ANSWERS = Path("report", "answers")
"""Where the answers are, from the root of the project."""
FIGURE_CALL = re.compile(r"""\bfigure\(\s*["']([\w-]+)["']""")


class Source(NamedTuple):
    """An answer as it is written: its file, as messages show it, and its text."""

    file: str
    text: str


def prose_on(
    results: "Results",
    claims: Mapping[str, Claim],
    standings: Mapping[str, Standing],
    root: Path,
    cache: Cache,
    inputs: str,
    code: str,
) -> Prose:
    """Return what renders answers of the project in `root` on results and their claims.

    `inputs` is the digest of the results and of the code, `code` that of the code alone.
    Raises ReportError for a bibliography that cannot be used.
    """
    numbers = Numbers(results, cache, inputs)
    bibliography = Bibliography(root / ANSWERS / "references.bib")
    return Prose(
        numbers, claims, bibliography, root,
        figures=Catalogue.figures, tables=tables.NAMES, standings=standings,
        derived=Derived(cache, code),
    )  # fmt: skip


def compose(prose: Prose, catalogue: Catalogue, typesetter: Typesetter, answers: Path) -> Document:
    """Return the document of all answers in `answers`.

    Raises ReportError, with file and line, for whatever an answer asks for and cannot have, and for
    a figure that no answer shows.
    """
    sources = read(answers, prose.root)
    _refuse_strays(answers, sources, prose.root)
    sections = [
        _section(prose, page, name, *sources[name]) for page in PAGES for name in page.answers
    ]
    uses = prose.uses
    labels = _labels(sections, uses, sources)
    for use in uses.of(RefUse):
        if use.label not in labels:
            raise ReportError(f"{use.place}: {unknown('label', use.label, labels)}")
    _check_equations(sections, uses, sources, typesetter)
    shown = [use for section in sections for use in uses.within(section.html)]
    figures = [use.name for use in shown if isinstance(use, FigureUse)]
    # Where a study lacks an experiment, the block that shows its figure is left out.
    asked = {name for _, text in sources.values() for name in FIGURE_CALL.findall(text)}
    unused = [name for name in catalogue.figures if name not in {*figures, *asked}]
    if unused:
        folder = _shown(answers, prose.root)
        raise ReportError(
            f"{folder}: no answer shows the figure {unused[0]!r}; place it with "
            f'{{{{ figure("{unused[0]}", "…") }}}} or take it out of report/figures/__init__.py'
        )
    changed = (name for name, each in prose.standings.items() if each.frozen == "changed")
    notes = dict.fromkeys(changed, (verdicts.CHANGED,))
    published = {
        name: each.published_verdict
        for name, each in prose.standings.items()
        if each.published_verdict
    }
    traced = provenance.trained(catalogue.results.provenance, catalogue.results.study)
    drawn = catalogue.drawn(figures)
    return Document(
        sections=tuple(sections),
        labels=labels,
        uses=uses,
        figures=drawn,
        titles={name: catalogue.title(name, each) for name, each in drawn.items()},
        tables={
            use.name: catalogue.table(use.name).beside(
                published, notes, verdicts.frozen(prose.standings)
            )
            for use in shown
            if isinstance(use, TableUse)
        },
        references=tuple(prose.bibliography.listed(_cited(uses))),
        typesetter=typesetter,
        answered=frozenset(each.claim for each in prose.said if each.own),
        trained=traced,
        origins=provenance.origins(traced),
    )


def _cited(uses: Uses) -> set[str]:
    return {work.key for use in uses.of(CiteUse) for work in use.works}


def read(answers: Path, root: Path) -> dict[str, Source]:
    """Return every answer in a folder by its name; messages show its file as seen from `root`.

    Raises ReportError for one that is missing or cannot be read.
    """
    sources = {}
    for page in PAGES:
        for name in page.answers:
            path = answers / f"{name}.md"
            if not path.exists():
                raise ReportError(
                    f"{_shown(path, root)} does not exist: every answer needs its file"
                )
            file = _shown(path, root)
            sources[name] = Source(file, reading.text(path, name=file, error=ReportError))
    return sources


def _refuse_strays(answers: Path, sources: Mapping[str, Source], root: Path) -> None:
    for path in sorted(answers.glob("*.md")):
        if path.stem not in sources and not path.name.startswith("."):  # such as an editor's lock
            raise ReportError(
                f"{_shown(path, root)}: no page has this answer; name it in PAGES of "
                "report/document/outline.py, or take it out of the folder"
            )


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _section(prose: Prose, page: Page, name: str, file: str, text: str) -> Section:
    _refuse(text, file, prose.derived)
    rendered = prose.render(text, file)
    try:
        html = markdown.to_html(rendered, name, prose.uses)
    except Misplaced as error:
        raise ReportError(f"{file}:{markup.deepest(text)}: {error}") from error
    for part in (html, *(use.inner for use in prose.uses.throughout(html))):
        markup.refuse_broken(part, text, file)
    headings = tuple(use for use in prose.uses.within(html) if isinstance(use, HeadingUse))
    if not headings or headings[0].level != 2:
        raise ReportError(f'{file}:1: an answer begins with its title, "## Title"')
    for before, after in pairwise(headings):
        if after.level == 2 or after.level - before.level > 1:
            place = f"{file}:{markup.line_of(text, begin=after.text)}"
            wrong = "is a second title" if after.level == 2 else "leaves out a level"
            raise ReportError(
                f"{place}: the heading “{after.text}” {wrong}; the parts of an answer begin with "
                "###, and their parts with ####"
            )
    return Section(name, page.name, html, headings)


def _refuse(text: str, file: str, derived: Derived) -> None:
    """Raise ReportError for what no answer may hold; a source without it is looked through once."""

    def faultless() -> str:
        literals.refuse(text, file)
        markup.refuse_stray_signs(text, file)
        return "faultless"

    derived.text("faultless", text, make=faultless)


def _labels(sections: list[Section], uses: Uses, sources: Mapping[str, Source]) -> dict[str, Label]:
    """Number figures, tables and equations in the order of the document; name every heading."""
    labels = {page.name: Label(page.name, "", page.title or "the first page") for page in PAGES}
    numbers = Counter[str]()
    for section in sections:
        for use in uses.within(section.html):
            if isinstance(use, HeadingUse):
                text = use.text
                if use.level == 2 and QUESTION.fullmatch(section.name):
                    text = section.name.upper()[:2] + section.name[2:]
                labels[use.anchor] = Label(section.page, use.anchor, text)
                continue
            kind, name = _numbered(use)
            if name in labels:
                place = _place(sources[section.name], name, last=True)
                raise ReportError(f"{place}: the label {name!r} is used twice")
            if name:
                numbers[kind] += 1
                text = f"{kind}{SPACE}{numbers[kind]}"
                labels[name] = Label(section.page, name.replace(":", "-"), text)
    return labels


def _numbered(use: Use) -> tuple[str, str]:
    """Return what numbers a record and the label it is known by; nothing for one without."""
    if isinstance(use, Shown):
        return use.kind.title(), use.label
    return "Equation", use.label if isinstance(use, EquationUse) else ""


def _check_equations(
    sections: list[Section], uses: Uses, sources: Mapping[str, Source], typesetter: Typesetter
) -> None:
    """Set every equation once for site and paper, so that a mistake is reported with its line."""
    for section in sections:
        for use in uses.throughout(section.html):
            if not isinstance(use, EquationUse):
                continue
            try:
                typesetter.mathml(use.tex, display=use.display)
            except Misplaced as error:
                place = use.place or _place(sources[section.name], use.tex)
                raise ReportError(f"{place}: {error}") from error


def _place(source: Source, needle: str, *, last: bool = False) -> Place:
    """Return the line of an answer on which the first line of `needle` stands."""
    first = needle.strip().splitlines()[0]
    position = source.text.rfind(first) if last else source.text.find(first)
    return Place(source.file, line_at(source.text, max(position, 0)))
