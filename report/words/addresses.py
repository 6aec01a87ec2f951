"""Where a link may lead: to the web, and on the page of runs to those behind a number or a claim.

The anchor leads there without JavaScript and on paper; the query tells the page's script what to
show of it.
"""

from urllib.parse import urlencode, urlsplit

from analysis.study.names import slug

PAGE = "runs.html"
REPLICATIONS = "replications.html"
MOVED = "compare.html"
CODE = "code.html"
PUBLISHED = "published"
"""The anchor on the page of what moved of the comparison with the published results."""


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


def moved(claim: str = "", others: str = PUBLISHED) -> str:
    """Return the address of a claim, or of all, in the comparison with others."""
    return f"{MOVED}#{others}{f'-{claim}' if claim else ''}"


def replications(claim: str = "") -> str:
    """Return the address of a claim, or of all, on the page of replications."""
    return f"{REPLICATIONS}{f'#claim-{claim}' if claim else ''}"


def code_of(claim: str) -> str:
    """Return the address of the code that tests a claim."""
    return f"{CODE}#test-{claim}"


def web(address: str) -> str:
    """Return an address that a page may link to, as it is; raise ValueError for any other.

    A browser would run what begins with javascript:, and read files of its reader by file:.
    """
    found = urlsplit(address)
    if (found.scheme in ("https", "http") and found.netloc) or (
        found.scheme == "mailto" and "@" in found.path
    ):
        if not any(sign.isspace() for sign in address):
            return address
        raise ValueError("an address must have no spaces")
    raise ValueError("an address must begin with https://, http:// or mailto:")
