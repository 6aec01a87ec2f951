"""The figures and tables of one set of results, drawn once and kept."""

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.claims.claim import Claim
from analysis.results.cache import Cache, code_digest, digest
from report import figures, tables
from report.figures.draw import drawn
from report.figures.draw.drawn import Drawn
from report.figures.draw.style import add_faces
from report.tables import table
from report.tables.table import Table

if TYPE_CHECKING:
    from analysis.results.frames import Results
    from report.figures.draw.definition import Definition

PACKAGES = ("matplotlib", "numpy", "pandas", "scipy", "statsmodels")

ORIGIN = {"commit", "committed", "local_changes"}
"""Keys of the provenance by which no number can change."""


def _told(provenance: Mapping[str, object]) -> str:
    return json.dumps(provenance, sort_keys=True, default=str)


def code(root: Path) -> str:
    """Return the digest of all code between results and a page.

    The code of the compute rooms counts too: simple, and never stale.
    """
    files = sorted([*root.glob("analysis/**/*.py"), *root.glob("report/**/*.py")])
    return code_digest(*files, packages=PACKAGES)


def inputs_digest(results: "Results", made_by: str) -> str:
    """Return the digest of the results and of the code that makes a page of them.

    `made_by` is the digest of that code. Of which commit it is, is told on pages alone.
    """
    return digest(
        results.digest,
        _told({key: each for key, each in results.provenance.items() if key not in ORIGIN}),
        made_by,
    )


class Definitions:
    """How the figures of the project in `root` come about, and of which code."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def code(self, name: str) -> str:
        """Return the digest of the code and the packages that a figure follows from."""
        own = (self._root / figures.source(name)).read_bytes()
        return digest(self._shared, own)

    @functools.cached_property
    def _shared(self) -> str:
        files = sorted(file for part in figures.SHARED for file in self._root.glob(part))
        return code_digest(*files, packages=PACKAGES)

    def drawing(self, name: str) -> "Definition":
        """Return a definition that can draw, for matplotlib knows the faces of the report.

        Raises ReportError for a face that is damaged.
        """
        add_faces(self._root / "templates" / "fonts")
        return figures.load(name)


class Catalogue:
    """Figures and tables by name.

    Their rooms import matplotlib and SciPy, so they are entered only for what the cache lacks.
    """

    figures = figures.NAMES
    """Names of all figures."""

    def __init__(
        self,
        results: "Results",
        claims: Mapping[str, Claim],
        cache: Cache,
        inputs: str,
        root: Path,
    ) -> None:
        """`inputs` is that of `inputs_digest`; `claims` are what was tested on the results."""
        self.results = results
        self.claims = claims
        self.cache = cache
        self.inputs = inputs
        self._definitions = Definitions(root)

    def figure(self, name: str) -> Drawn:
        """Return a figure drawn from the results, with its rows and words."""

        def make() -> str:
            return self._definitions.drawing(name).drawn(self.shown(name)).as_json()

        return drawn.from_json(self.cache.text(self.figure_key(name), make))

    def title(self, name: str, drawn: Drawn) -> str:
        """Return what a figure is called, by the verdict on its claim or by its rows."""
        return figures.title(name, self.claims, drawn.says)

    def drawn(self, names: Sequence[str]) -> dict[str, Drawn]:
        """Return figures by name; what another process is drawing is waited for last."""
        for name in names:
            if not self.cache.begun(self.figure_key(name)):
                self.figure(name)
        return {name: self.figure(name) for name in names}

    def figure_key(self, name: str) -> str:
        """Return the digest of all that a figure and its words follow from, and of nothing else."""
        return digest("figure", name, self.shown(name).digest, self._definitions.code(name))

    def shown(self, name: str) -> "Results":
        """Return what a figure may show: the results of its experiment."""
        key = digest("experiment", name, self._definitions.code(name))
        return self.results.of(self.cache.text(key, lambda: figures.load(name).experiment))

    def table(self, name: str) -> Table:
        """Return a table of the results and claims."""

        def make() -> str:
            return table.as_json(tables.load(name)(self.results, self.claims))

        key = digest("table", self.inputs, self._tested, _told(self.results.provenance), name)
        return table.from_json(self.cache.text(key, make))

    @functools.cached_property
    def _tested(self) -> str:
        """The digest of the claims."""
        return digest(*(repr(claim) for claim in self.claims.values()))
