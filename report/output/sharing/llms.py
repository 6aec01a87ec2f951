"""The site as a list for language models, in the form of llmstxt.org."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

FILE = "llms.txt"
READ = (
    "No number of the text is typed: each is looked up in stored training runs. Each statement "
    "about them is tested on every build, and its verdict (supported, contradicted or "
    "inconclusive) stands beside it and in data/claims.json. The links begin at this file."
)
SPECIAL = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
"""Signs that Markdown may take for markup."""
ENTITIES = {"<": "&lt;", "&": "&amp;"}
"""Those of HTML; the others have a backslash before them."""

Link = tuple[str, str, str]
"""Name and address of a file of the site, and a sentence about it."""


def text(title: str, summary: str, sections: Mapping[str, Sequence[Link]]) -> str:
    """Return a heading, the summary as a quote, and links by section, as seen from the site."""
    parts = [f"# {plain(title)}", f"> {plain(summary)}", READ]
    parts += [
        "\n".join([f"## {name}", "", *_listed(links)]) for name, links in sections.items() if links
    ]
    return "\n\n".join(parts) + "\n"


def _listed(links: Iterable[Link]) -> Iterator[str]:
    for name, address, about in links:
        yield f"- [{plain(name)}]({address}): {plain(about)}"


def plain(words: str) -> str:
    """Return words as Markdown that says them."""
    return SPECIAL.sub(lambda found: ENTITIES.get(found[0], f"\\{found[0]}"), words)
