"""How a claim is declared: by a decorator above the predicate that tests it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType

from analysis.claims.claim import Family, Kind
from analysis.claims.deciding import Finding, Level
from analysis.claims.evidence import Evidence
from analysis.study.model import BASE

Predicate = Callable[[Evidence], Finding]
"""What tests a claim. Raises Undecided where the results cannot decide it."""


@dataclass(frozen=True)
class Declaration:
    """A claim without its results: how it will be tested, whatever they are."""

    id: str
    question: str
    family: Family
    kind: Kind
    statement: str
    method: str
    unit: str
    predicate: Predicate
    margin: float | Level | None
    """In `unit`; a level is an accuracy in percent."""
    experiment: str
    expects: float | None
    """The effect that theory predicts, in `unit`; of a sign test the share of seeds."""
    dense: bool = True
    """Whether it is about networks of dense layers alone, and so decides nothing of other ones."""


def claim(
    *,
    id: str,  # noqa: A002 - the word that answers and claims.json have for it
    question: str,
    family: Family,
    kind: Kind,
    statement: str,
    method: str,
    unit: str,
    margin: float | Level | None = None,
    experiment: str = BASE,
    expects: float | None = None,
) -> Callable[[Predicate], Declaration]:
    """Return the decorator that makes a predicate the declaration of a claim.

    `statement` is what the claim says, wherever it stands; it and `method` may name levels as
    `deciding.worded` has them. `margin` is in `unit`.
    """

    def declared(predicate: Predicate) -> Declaration:
        return Declaration(
            id=id,
            question=question,
            family=family,
            kind=kind,
            statement=statement,
            method=method,
            unit=unit,
            predicate=predicate,
            margin=margin,
            experiment=experiment,
            expects=expects,
        )

    return declared


def of_any_network(declared: Declaration) -> Declaration:
    """Return a claim that is not about dense layers alone; it stands above `claim`."""
    return replace(declared, dense=False)


def declared_in(module: ModuleType) -> list[Declaration]:
    """Return the claims that a module declares, first to last; not those it imports."""
    found = [each for each in vars(module).values() if isinstance(each, Declaration)]
    return [each for each in found if each.predicate.__module__ == module.__name__]
