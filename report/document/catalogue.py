"""The figures and tables of one set of results, drawn once and kept."""

import functools
import json
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.results.cache import Cache, code_digest, digest
from report import figures
from report.figures.draw.drawn import Drawn, from_json
from report.words import verdicts

if TYPE_CHECKING:
    from analysis.results.frames import Results
    from report.tables.tables import Table

PACKAGES = ("matplotlib", "numpy", "pandas", "scipy", "statsmodels")


def evidence_digest(results: "Results", root: Path) -> str:
    """Return the digest of the results and of all code between them and a page.

    The code of the compute rooms counts too: simple, and never stale.
    """
    code = sorted([*root.glob("analysis/**/*.py"), *root.glob("report/**/*.py")])
    return digest(
        results.digest,
        json.dumps(results.provenance, sort_keys=True, default=str),
        code_digest(*code, packages=PACKAGES),
    )


class Catalogue:
    """Figures and tables by name.

    Their rooms import matplotlib and SciPy, so they are entered only for what the cache lacks.
    """

    figures = figures.NAMES
    """Names of all figures."""

    def __init__(self, results: "Results", cache: Cache, evidence: str, root: Path) -> None:
        self.results = results
        self.cache = cache
        self.evidence = evidence
        self.root = root

    @functools.cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of all tables."""

        def read() -> str:
            from report.tables import tables

            return json.dumps(list(tables.TABLES))

        return tuple(json.loads(self.cache.text(digest("names", self.evidence, "tables"), read)))

    def figure(self, name: str) -> Drawn:
        """Return a figure drawn from the results, with its rows and words."""
        drawn = self.cache.text(
            self.figure_key(name), lambda: figures.load(name).drawn(self.results).as_json()
        )
        return from_json(drawn)

    def figure_key(self, name: str) -> str:
        """Return the digest of all that a figure and its words follow from, and of nothing else."""
        own = (self.root / figures.source(name)).read_bytes()
        return digest("figure", name, self.results.digest, self._shared_code, own)

    @functools.cached_property
    def _shared_code(self) -> str:
        """The digest of the code and the packages that all figures follow from."""
        files = sorted(file for part in figures.SHARED for file in self.root.glob(part))
        return code_digest(*files, packages=PACKAGES)

    def table(self, name: str) -> str:
        """Return a table as HTML, from its head to its notes, without caption."""
        key = digest("table", self.evidence, name)
        return self.cache.text(key, lambda: self._rows(name))

    def _rows(self, name: str) -> str:
        from report.tables import tables

        return table_html(tables.TABLES[name](self.results))


def table_html(table: "Table") -> str:
    """Return a table as HTML: a head with units, rows whose first cell is their heading, notes."""
    classes = [f' class="{align}"' if align != "left" else "" for align in table.align]
    head = "".join(
        f'<th scope="col"{kind}>{escape(name)}{_unit(unit)}</th>'
        for name, unit, kind in zip(table.columns, table.units, classes, strict=True)
    )
    rows = "".join(
        f'<tr><th scope="row"{classes[0]}>{_cell(row[0])}</th>'
        + "".join(
            f"<td{kind}>{_cell(cell)}</td>" for cell, kind in zip(row[1:], classes[1:], strict=True)
        )
        + "</tr>\n"
        for row in table.rows
    )
    notes = "".join(f'<p class="note">{escape(note, quote=False)}</p>' for note in table.notes)
    kind = "wide" if len(table.columns) > 6 else "normal"
    head = f"<thead><tr>{head}</tr></thead>"
    return f'<table class="{kind}">{head}\n<tbody>\n{rows}</tbody></table>{notes}'


def _unit(unit: str) -> str:
    return f' <span class="unit">({escape(unit)})</span>' if unit else ""


def _cell(text: str) -> str:
    """Return a cell; a long digest may break anywhere, a number with its interval nowhere."""
    shown = escape(text, quote=False)
    if text in verdicts.MARKS:
        return verdicts.badge(text)
    if re.fullmatch(r"[0-9a-f]{32,}", text):
        return f'<code class="digest">{shown}</code>'
    if re.fullmatch(r"[−\d.,]+ ± [\d.,]+", text):
        return f'<span class="value">{shown}</span>'
    return shown
