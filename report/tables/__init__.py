"""The tables of the report by name: typed cells under headers with units.

Nothing that computes is loaded before a table is.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.claims.claim import Claim
    from analysis.results.frames import Results
    from report.tables.table import Table

    Make = Callable[[Results, Mapping[str, Claim]], Table]

MODULES = {
    "final": "results",
    "ends": "results",
    "costs": "results",
    "settings": "settings",
    "environment": "settings",
    "claims": "claims",
    "choosing": "choosing",
    "gains": "gains",
    "reach": "deep",
    "scatter": "deep",
    "stacks": "deep",
}
"""Every table that an answer may show, and the module beside this one whose function makes it.

A new table is a new line here.
"""
NAMES = tuple(MODULES)


def experiments(name: str) -> tuple[str, ...] | None:
    """Return the experiments that a table shows; None where it shows all of them, or none.

    Raises KeyError for a name that is none.
    """
    found: tuple[str, ...] | None = import_module(f"{__name__}.{MODULES[name]}").READS[name]
    return found


def load(name: str) -> "Make":
    """Return the function that makes a table of the results and the claims tested on them.

    Raises KeyError for a name that is none.
    """
    make: Make = getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
    return make
