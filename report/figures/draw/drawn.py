"""A figure once it is drawn: text that site and paper are made of, and that a cache can keep."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import NamedTuple


class Key(NamedTuple):
    """An entry of a legend: slug of a variant, or else what begins with a hyphen; name, picture."""

    slug: str
    name: str
    picture: str


class View(NamedTuple):
    """A drawing without its legend, and what can be read off it; see `Sheet.as_json`.

    `alt` is what it shows in words, where that is not what the figure's own text says.
    """

    svg: str
    marks: str
    alt: str = ""


@dataclass(frozen=True)
class Drawn:
    """A figure as an SVG document, what it shows in words made from its data, and its sources.

    `screen` is the same drawing for a page, whose legend is `legend`, and `narrow` that for a page
    on a phone; `views` are others that may take the place of `screen`, by name. `csv` is the text
    of its data; `code` are the functions that made it, as file and name; `experiment` holds its
    runs; `says` is what its data show, in a title's words or none.
    """

    svg: str
    alt: str
    screen: View
    narrow: View
    legend: tuple[Key, ...] = ()
    views: Mapping[str, View] = field(default_factory=dict)
    csv: str = ""
    code: tuple[tuple[str, str], ...] = ()
    experiment: str = "base"
    says: str = ""

    def as_json(self) -> str:
        """Return the figure as text, from which `from_json` makes an equal one."""
        return json.dumps(asdict(self))


def from_json(text: str) -> Drawn:
    """Return a figure as it was before it became JSON, which knows no tuples."""
    kept = json.loads(text)
    return Drawn(
        kept["svg"],
        kept["alt"],
        View(*kept["screen"]),
        View(*kept["narrow"]),
        tuple(Key(*key) for key in kept["legend"]),
        {name: View(*view) for name, view in kept["views"].items()},
        kept["csv"],
        tuple((path, name) for path, name in kept["code"]),
        kept["experiment"],
        kept["says"],
    )
