"""The figures and tables of one set of results, drawn once and kept."""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.claims.claim import Claim
from analysis.results.cache import Cache, code_digest, digest
from report import tables
from report.tables.table import Table, as_json, from_json

if TYPE_CHECKING:
    from analysis.results.frames import Results

PACKAGES = ("matplotlib", "numpy", "pandas", "scipy", "statsmodels")


class Key(NamedTuple):
    """An entry of a legend: slug of a variant, or else what begins with a hyphen; name, picture."""

    slug: str
    name: str
    picture: str


class View(NamedTuple):
    """A drawing without its legend, and what can be read off it; see `marks.as_json`.

    `alt` is what it shows in words, where that is not what the figure's own text says.
    """

    svg: str
    marks: str
    alt: str = ""


@dataclass(frozen=True)
class Drawn:
    """A figure as an SVG document, what it shows in words made from its data, and its sources.

    `screen` is the same drawing for a page, whose legend is `legend`; `views` are others that may
    take its place, by name. `csv` is the text of its data; `code` are the functions that made it,
    as file and name; `experiment` holds its runs.
    """

    svg: str
    alt: str
    screen: View
    legend: tuple[Key, ...] = ()
    views: Mapping[str, View] = field(default_factory=dict)
    csv: str = ""
    code: tuple[tuple[str, str], ...] = ()
    experiment: str = "base"


def _as_drawn(kept: Mapping[str, Any]) -> Drawn:
    """A figure as it was before it was kept as JSON, which knows no tuples."""
    return Drawn(
        kept["svg"],
        kept["alt"],
        View(*kept["screen"]),
        tuple(Key(*key) for key in kept["legend"]),
        {name: View(*view) for name, view in kept["views"].items()},
        kept["csv"],
        tuple((path, name) for path, name in kept["code"]),
        kept["experiment"],
    )


def evidence_digest(results: "Results", root: Path) -> str:
    """Return the digest of the results and of all code between them and a page.

    The code of the compute rooms counts too: simple, and never stale.
    """
    code = sorted([*root.glob("analysis/**/*.py"), *root.glob("report/**/*.py")])
    frames = (
        results.runs,
        results.epochs,
        results.curves,
        results.layers,
        results.histograms,
    )
    return digest(
        results.study.model_dump_json(),
        *(frame.to_csv(index=False) for frame in frames),
        json.dumps(results.provenance, sort_keys=True, default=str),
        code_digest(*code, packages=PACKAGES),
    )


class Catalogue:
    """Figures and tables by name.

    Their rooms import matplotlib and SciPy, so they are entered only for what the cache lacks.
    """

    def __init__(
        self, results: "Results", claims: Mapping[str, Claim], cache: Cache, evidence: str
    ) -> None:
        """`evidence` is the digest of the results; `claims` are what was tested on them."""
        self.results = results
        self.claims = claims
        self.cache = cache
        self.evidence = evidence

    @functools.cached_property
    def figures(self) -> tuple[str, ...]:
        """Names of all figures."""

        def read() -> str:
            from report.figures import registry

            return json.dumps(list(registry.FIGURES))

        return tuple(json.loads(self.cache.text(digest("names", self.evidence), read)))

    def figure(self, name: str) -> Drawn:
        """Return a figure drawn from the results."""
        key = digest("figure", self.evidence, name)
        return _as_drawn(json.loads(self.cache.text(key, lambda: self._draw(name))))

    def table(self, name: str) -> Table:
        """Return a table of the results and claims."""
        key = digest("table", self.evidence, self._tested, name)

        def make() -> str:
            return as_json(tables.load(name)(self.results, self.claims))

        return from_json(self.cache.text(key, make))

    def _draw(self, name: str) -> str:
        from report.figures import registry

        spec = registry.FIGURES[name]
        data = spec.data(self.results)
        drawing = registry.drawing(spec.draw(self.results, data=data))
        others = {
            view: registry.drawing(spec.draw(self.results, view, data)) for view in spec.views
        }
        drawn = Drawn(
            svg=drawing.whole,
            alt=spec.alt(self.results),
            screen=View(drawing.screen, drawing.marks),
            legend=tuple(Key(entry.slug, entry.name, svg) for entry, svg in drawing.entries),
            views={
                view: View(other.screen, other.marks, spec.alt(self.results, view))
                for view, other in others.items()
            },
            csv=data.to_csv(index=False, lineterminator="\n"),
            code=tuple(spec.code),
            experiment=spec.experiment,
        )
        return json.dumps(asdict(drawn))

    @functools.cached_property
    def _tested(self) -> str:
        """The digest of the claims."""
        return digest(*(repr(claim) for claim in self.claims.values()))
