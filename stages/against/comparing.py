"""Set any two results side by side: stored ones of a study, or a folder of published ones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.claims import testing
from analysis.claims.against import account
from analysis.claims.claim import Claim
from analysis.errors import InputError, reading, visible
from analysis.errors.mistakes import shown
from analysis.results import sources
from analysis.results.cache import Cache
from analysis.results.frames import Results
from analysis.results.places import Places, Request
from analysis.study import tables
from report.document.catalogue import code, inputs_digest
from report.output import swap
from report.output.site import pair
from report.pages.compare import drawings, page, sides
from report.prose import markdown
from report.prose.calls import Prose
from report.prose.uses import FigureUse, NumberUse

NAMES = page.Names("moved", "A against B", "A", "B", "A", ("figures/a", "figures/b"))
MOST = 10
"""So many numbers are printed; the page has them all."""


@dataclass(frozen=True)
class Side:
    """Results with the claims tested on them, the answers read on them, and their figures."""

    results: Results
    claims: Mapping[str, Claim]
    prose: Prose
    figures: drawings.Made

    @property
    def stated(self) -> list[account.Stated]:
        """Return the numbers of the answers, read on these results."""
        return [*sides.stated(self.prose.uses.of(NumberUse))]

    @property
    def shown(self) -> list[str]:
        """Return the names of the figures of the answers."""
        return [use.name for use in self.prose.uses.of(FigureUse)]


def compare(places: Places, before: Request, after: Request) -> None:
    """Write a page on what moved from one to the other, and print its lines. Raises InputError."""
    root, out = places.root, places.site.with_name("comparison")
    old, new = (_side(places, each) for each in (before, after))
    asked = [*old.stated, *new.stated]
    figures = drawings.moved(old.figures, new.figures, dict.fromkeys([*new.shown, *old.shown]))
    statements = {
        name: markdown.plain(each.statement) for name, each in {**old.claims, **new.claims}.items()
    }
    experiments = {**old.results.study.experiments, **new.results.study.experiments}
    titles = {name: each.title for name, each in experiments.items()}
    accounts = _account(old, asked), _account(new, asked)
    told = page.part(NAMES, *accounts, statements, None, titles, figures, {})
    record = {name: dict(each.results.provenance) for name, each in (("A", old), ("B", new))}
    with swap.alone(out), swap.replacing(out) as folder:
        pair.write(told, root, folder)
        text = json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (folder / swap.MADE).write_text(text, "utf-8", newline="\n")
    for line in told.lines(MOST):
        print(visible(line))
    print(f"{out}/index.html is ready.")


def _side(places: Places, request: Request) -> Side:
    source = sources.source(places, request)
    results = source.results()
    cache, made_by = Cache(places.cache), code(places.root)
    claims = testing.evaluate_once(results, cache, made_by)
    kept = sides.Kept(cache, inputs_digest(results, made_by), made_by)
    prose = sides.read(results, claims, places.root, kept)
    figures = drawings.Made(lambda: results, results.digest, places.root, cache)
    return Side(results, claims, prose, figures)


def _account(side: Side, asked: Sequence[account.Stated]) -> account.Account:
    return account.of(side.results, side.claims, sides.known(side.results, asked))


def typed(name: str, words: str) -> Request:
    """Return what A or B, called `name`, asks for: a folder, or one and a study behind a colon.

    Raises InputError where nothing is asked for, or an address of the web.
    """
    if not words.strip():
        raise InputError(
            f"{name}: must be a folder of results, such as published or results, or one with a "
            "study, such as results:quick"
        )
    if tables.URL.match(words):
        raise InputError(
            f"{name} = {shown(words)}: must be a folder: nothing is fetched; download the results "
            "and name their folder"
        )
    folder, colon, study = words.rpartition(":")
    if colon and folder and study and not reading.exists(Path(words)):
        return Request.typed(study, (), folder)
    return Request.typed(None, (), words)
