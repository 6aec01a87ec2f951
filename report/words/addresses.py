"""Where on the page of runs those behind a number, a claim or a figure are listed.

The anchor leads there without JavaScript and on paper; the query tells the page's script what to
show of it.
"""

from urllib.parse import urlencode

from analysis.study.names import slug

PAGE = "runs.html"


def anchor(experiment: str, variant: str | None = None) -> str:
    """Return the anchor of an experiment's runs, or of those of one of its variants."""
    names = [experiment] if variant is None else [experiment, variant]
    return "-".join(["runs", *map(slug, names)])


def address(experiment: str, variant: str | None = None, **more: str) -> str:
    """Return the address of the runs of an experiment or variant, as seen from another page.

    What stands in `more`, such as a claim, narrows them down further.
    """
    named = {"experiment": experiment} | ({} if variant is None else {"variant": variant})
    return f"{PAGE}?{urlencode(named | more)}#{anchor(experiment, variant)}"
