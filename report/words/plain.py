"""Text of records, such as titles and names, in an answer: words there, and never its markup."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from report.words.counts import listed
from report.words.numbers import exact

OPENING, CLOSING = "\ue000", "\ue001"
"""Around a text that is not to be read as Markdown, TeX or HTML; no file may hold them itself."""
SEALED = re.compile(f"{OPENING}([0-9a-f]*){CLOSING}")


@dataclass(frozen=True, eq=False, repr=False)
class Plain:
    """A text that is nothing but text.

    Where a template writes it or joins it to other words, a seal stands for it, which Markdown
    takes for a word; `opened` puts the text itself in its place. It is equal to its text, so that
    an answer may compare it and look things up by it, and it has none of the methods by which a
    text could be had without the seal.
    """

    text: str

    def __str__(self) -> str:
        return sealed(self.text)

    def __repr__(self) -> str:
        return sealed(repr(self.text))

    def __eq__(self, other: object) -> bool:
        return self.text == bare(other)

    def __lt__(self, other: object) -> bool:
        return self.text < str(bare(other))

    def __hash__(self) -> int:
        return hash(self.text)

    def __len__(self) -> int:
        return len(self.text)

    def replace(self, old: str, new: str) -> "Plain":
        """Return the text with one word in the place of another."""
        return Plain(self.text.replace(old, new))


def sealed(text: str) -> str:
    """Return what stands for a text in the source of an answer."""
    return f"{OPENING}{text.encode('utf-8', 'surrogatepass').hex()}{CLOSING}" if text else ""


def opened(text: str, *, markup: bool) -> str:
    """Return a text with the sealed words in their places, as they stand in HTML if it is that."""

    def put(found: re.Match[str]) -> str:
        words = bytes.fromhex(found[1]).decode("utf-8", "surrogatepass")
        return escape(words) if markup else words

    return SEALED.sub(put, text)


def bare(value: object) -> object:
    """Return the text itself of a `Plain`, and any other value as it is."""
    return value.text if isinstance(value, Plain) else value


def in_words(value: object) -> object:
    """Return what stands for a `Plain` in Markdown, and any other value as it is."""
    return str(value) if isinstance(value, Plain) else value


def in_a_sentence(value: Any) -> Any:
    """Write numbers, truths and tuples as a sentence would: 0.001, true, 128 and 64."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return exact(value)
    if isinstance(value, tuple):
        return listed(map(in_a_sentence, value))
    return value


def all_plain(value: Any) -> Any:
    """Return a value, such as a study, in which every text at any depth is a `Plain`.

    Mappings and lists become dictionaries and tuples; a model is copied with its fields replaced.
    """
    if isinstance(value, str):
        return Plain(value)
    if isinstance(value, Mapping):
        return {all_plain(key): all_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return tuple(all_plain(item) for item in value)
    if hasattr(type(value), "model_fields"):
        fields = {name: all_plain(getattr(value, name)) for name in type(value).model_fields}
        return value.model_copy(update=fields)
    return value
