"""How a figure comes about: from results to rows, and from those to a drawing and to words."""

import functools
import inspect
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.results import select
from analysis.results.frames import Results
from report.figures.draw import layout
from report.figures.draw.drawn import Drawn, Key, View
from report.figures.draw.readings import Sheet
from report.figures.draw.style import NARROW, WIDTH
from report.figures.draw.vector import lean, svg

Data = Callable[[Results], pd.DataFrame]
Paint = Callable[[Results, pd.DataFrame], Sheet]
Words = Callable[[Results, pd.DataFrame], str]


@dataclass(frozen=True)
class Other:
    """Another drawing of a figure, and what it shows in words."""

    paint: Paint
    alt: Words


@dataclass(frozen=True)
class Definition:
    """How a figure comes about, each step from the results; `experiment` holds its runs.

    `paint` draws the very frame that `data` returns, and `alt` says what it shows. `views`
    are other drawings of it, by name, that a page may show in the place of the first. `apart` are
    the columns of the runs by which it tells the points of a sweep apart: at each of them a variant
    has one run a seed. `says` puts what the rows show in a title's few words, or in none where they
    show nothing so short.
    """

    experiment: str
    data: Data
    paint: Paint
    alt: Words
    views: Mapping[str, Other] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    says: Callable[[pd.DataFrame], str] | None = None

    def rows(self, results: Results) -> pd.DataFrame:
        """Return what the figure shows.

        Raises ReportError where the results lack it, or have more than the figure tells apart.
        """
        select.one_run_a_seed(results, self.experiment, self.apart)
        return self.data(results)

    def as_csv(self, results: Results) -> str:
        """Return the rows of the figure as its readers get them. Raises ReportError as `rows`."""
        return _csv(self.rows(results))

    def draw(
        self,
        results: Results,
        view: str = "",
        data: pd.DataFrame | None = None,
        width: float = WIDTH,
    ) -> Sheet:
        """Return the figure, or a view of it, in the project's style; `data` if it is there yet.

        Raises ReportError as `rows` does.
        """
        paint = self.views[view].paint if view else self.paint
        with layout.styled(width):
            return paint(results, self.rows(results) if data is None else data)

    def alt_text(self, results: Results, view: str = "", data: pd.DataFrame | None = None) -> str:
        """Return what the figure, or a view of it, shows, for those who do not see it.

        Raises ReportError as `rows` does.
        """
        alt = self.views[view].alt if view else self.alt
        return alt(results, self.rows(results) if data is None else data)

    def drawn(self, results: Results) -> Drawn:
        """Return the figure with its views, words and rows. Raises ReportError as `rows` does."""
        data = self.rows(results)
        views = {view: on_screen(self.draw(results, view, data)) for view in self.views}
        return replace(
            self.alone(results, data),
            views={
                name: view._replace(alt=self.alt_text(results, name, data))
                for name, view in views.items()
            },
            code=tuple((_file(each), each.__name__) for each in (self.paint, self.data)),
        )

    def alone(self, results: Results, data: pd.DataFrame | None = None) -> Drawn:
        """Return the figure for files of its own: its drawing, words and rows, without its views.

        Raises ReportError as `rows` does.
        """
        data = self.rows(results) if data is None else data
        sheet = self.draw(results, data=data)
        whole = written(sheet)
        return Drawn(
            whole.whole,
            self.alt_text(results, data=data),
            whole.screen,
            on_screen(self.draw(results, data=data, width=NARROW), sheet),
            whole.legend,
            csv=_csv(data),
            experiment=self.experiment,
            says=self.says(data) if self.says else "",
        )


def _csv(data: pd.DataFrame) -> str:
    return data.to_csv(index=False, lineterminator="\n")


def _file(function: Callable[..., Any]) -> str:
    """The file of a function, from the root of the project."""
    module = inspect.getmodule(function)
    return f"{module.__name__.replace('.', '/')}.py" if module else ""


def views(paint: Callable[..., Sheet], alt: Callable[..., str]) -> dict[str, Other]:
    """Return training and validation alone, by a painter and words that know `only`."""
    return {
        name: Other(functools.partial(paint, only=name), functools.partial(alt, only=name))
        for name in ("training", "validation")
    }


@dataclass(frozen=True)
class Written:
    """A drawing as text: `whole` for paper and a file of its own, `screen` without its legend.

    `legend` has the entries that the screen lacks, with their pictures.
    """

    whole: str
    screen: View
    legend: tuple[Key, ...]


def written(sheet: Sheet) -> Written:
    """Return a drawing as SVG with its readings, the same bytes for the same drawing."""
    drawn = _svg(sheet.figure, "path")
    return Written(
        svg.without(drawn, "data-spread", "seeds"),
        on_screen(sheet),
        tuple(
            Key(entry.slug, entry.name, svg.excerpt(drawn, "data-legend", entry.slug, entry.box))
            for entry in layout.legend_entries(sheet.figure)
        ),
    )


def on_screen(sheet: Sheet, like: Sheet | None = None) -> View:
    """Return a drawing for a page: its text is text, and its legend is not in it.

    Of what can be read off it, what `like` says as well is left out; see `places_as_json`.
    """
    drawn = svg.without(_svg(sheet.figure, "none"), "data-legend", "whole")
    marks = sheet.places_as_json(like) if like else sheet.as_json()
    return View(svg.cropped(drawn, layout.legend_height(sheet.figure)), marks)


def _svg(figure: Figure, text: str) -> str:
    buffer = io.BytesIO()
    absent = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with layout.styled(text=text):
        figure.savefig(buffer, format="svg", metadata=absent)
    return lean.minified(buffer.getvalue().decode("utf-8"))
