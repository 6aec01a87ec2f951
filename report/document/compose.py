"""All answers as one document: numbered, cross-referenced, and checked."""

import re
from collections.abc import Mapping
from pathlib import Path

from analysis.errors import ReportError
from report.document import equations
from report.document.catalogue import Catalogue
from report.document.document import Document
from report.document.equations import Typesetter
from report.document.outline import PAGES, QUESTION, Label, Page, Section
from report.prose import literals, markdown
from report.prose.calls import Prose, Uses
from report.prose.places import Misplaced, Place, unknown
from report.words.numbers import SPACE

FIGURE_CALL = re.compile(r"""\bfigure\(\s*["']([\w-]+)["']""")


def compose(prose: Prose, catalogue: Catalogue, typesetter: Typesetter, answers: Path) -> Document:
    """Return the document of all answers in `answers`.

    Raises ReportError, with file and line, for whatever an answer asks for and cannot have, and for
    a figure that no answer shows.
    """
    sources = _sources(answers, prose.root)
    sections = [
        _section(prose, page, name, *sources[name]) for page in PAGES for name in page.answers
    ]
    uses = prose.uses
    labels = _labels(sections, uses, sources)
    for reference, place in uses.refs:
        if reference not in labels:
            raise ReportError(f"{place}: {unknown('label', reference, labels)}")
    _check_equations(sections, sources, typesetter)
    # Where a study lacks an experiment, the block that shows its figure is left out.
    asked = {name for _, text in sources.values() for name in FIGURE_CALL.findall(text)}
    unused = [name for name in catalogue.figures if name not in {*uses.figures, *asked}]
    if unused:
        folder = _shown(answers, prose.root)
        raise ReportError(
            f"{folder}: no answer shows the figure {unused[0]!r}; place it with "
            f'{{{{ figure("{unused[0]}", "…") }}}} or take it out of report/figures/__init__.py'
        )
    return Document(
        sections=tuple(sections),
        labels=labels,
        uses=uses,
        figures={name: catalogue.figure(name) for name in uses.figures},
        tables={name: catalogue.table(name) for name in uses.tables},
        references=tuple(prose.bibliography.listed(set(uses.cited))),
        typesetter=typesetter,
    )


def _sources(answers: Path, root: Path) -> dict[str, tuple[str, str]]:
    """Return name → (file as shown in messages, text) of every answer."""
    sources = {}
    for page in PAGES:
        for name in page.answers:
            path = answers / f"{name}.md"
            if not path.is_file():
                raise ReportError(
                    f"{_shown(path, root)} does not exist: every answer needs its file"
                )
            sources[name] = (_shown(path, root), path.read_text("utf-8"))
    return sources


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _section(prose: Prose, page: Page, name: str, file: str, text: str) -> Section:
    literals.refuse(text, file)
    rendered = equations.labels_inside(prose.render(text, file))
    html, headings = markdown.to_html(rendered, name)
    if not headings or headings[0].level != 2:
        raise ReportError(f'{file}:1: an answer begins with its title, "## Title"')
    return Section(name, page.name, html, tuple(headings))


def _labels(
    sections: list[Section], uses: Uses, sources: Mapping[str, tuple[str, str]]
) -> dict[str, Label]:
    """Number figures, tables and equations in the order of the document; name every heading."""
    where = {file: section for section in sections for file in [sources[section.name][0]]}
    labels = {page.name: Label(page.name, "", page.title or "the first page") for page in PAGES}
    for section in sections:
        for heading in section.headings:
            text = heading.text
            if heading.level == 2 and QUESTION.fullmatch(section.name):
                text = section.name.upper()[:2] + section.name[2:]
            labels[heading.anchor] = Label(section.page, heading.anchor, text)
    for prefix, word, shown in (("fig", "Figure", uses.figures), ("tab", "Table", uses.tables)):
        for number, item in enumerate(shown.values(), start=1):
            page = where[item.place.file].page
            anchor = f"{prefix}-{item.name}"
            labels[f"{prefix}:{item.name}"] = Label(page, anchor, f"{word}{SPACE}{number}")
    return labels | _equation_labels(sections, sources)


def _equation_labels(
    sections: list[Section], sources: Mapping[str, tuple[str, str]]
) -> dict[str, Label]:
    labels: dict[str, Label] = {}
    for section in sections:
        for equation in equations.displayed(section.html):
            if equation.label in labels:
                place = _place(sources[section.name], equation.label, last=True)
                raise ReportError(f"{place}: the label {equation.label!r} is used twice")
            if equation.label:
                anchor = equation.label.replace(":", "-")
                text = f"Equation{SPACE}{len(labels) + 1}"
                labels[equation.label] = Label(section.page, anchor, text)
    return labels


def _check_equations(
    sections: list[Section], sources: Mapping[str, tuple[str, str]], typesetter: Typesetter
) -> None:
    """Set every equation once for both targets, so that a mistake is reported with its line."""

    def check(section: Section, tex: str, display: bool) -> str:
        try:
            typesetter.mathml(tex, display=display)
            typesetter.image(tex, display=display)
        except Misplaced as error:
            raise ReportError(f"{_place(sources[section.name], tex)}: {error}") from error
        return ""

    for section in sections:
        equations.replace(
            section.html,
            lambda tex, section=section: check(section, tex, False),  # type: ignore[misc]
            lambda found, section=section: check(section, found.tex, True),  # type: ignore[misc]
        )


def _place(source: tuple[str, str], needle: str, *, last: bool = False) -> Place:
    """Return the line of an answer on which the first line of `needle` stands."""
    file, text = source
    first = needle.strip().splitlines()[0]
    position = text.rfind(first) if last else text.find(first)
    return Place(file, text.count("\n", 0, max(position, 0)) + 1)
