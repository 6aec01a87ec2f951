"""The site as a list for language models, in the form of llmstxt.org."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

FILE = "llms.txt"
SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&]")
"""Signs that Markdown may take for markup."""

Link = tuple[str, str, str]
"""Name and address of a file of the site, and a sentence about it."""


def text(title: str, summary: str, sections: Mapping[str, Sequence[Link]]) -> str:
    """Return a heading, the summary as a quote, and links by section, as seen from the site."""
    parts = [f"# {plain(title)}", f"> {plain(summary)}"]
    parts += [
        "\n".join([f"## {name}", "", *_listed(links)]) for name, links in sections.items() if links
    ]
    return "\n\n".join(parts) + "\n"


def _listed(links: Iterable[Link]) -> Iterator[str]:
    for name, address, about in links:
        yield f"- [{plain(name)}]({address}): {plain(about)}"


def plain(words: str) -> str:
    """Return words as Markdown that says them."""
    return SPECIAL.sub(r"\\\g<0>", words)
