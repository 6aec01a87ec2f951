"""What follows from a source, such as an answer or a template, and from code, and nothing else."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from types import CodeType

from analysis.results.cache import Cache, digest


@dataclass(frozen=True)
class Derived:
    """Texts derived from sources, or what has their digest, each made once while the cache lasts.

    `code` is the digest of the code that makes them: no text is taken that another one has made.
    """

    cache: Cache = field(default_factory=lambda: Cache(None))
    code: str = ""

    def text(self, what: str, *sources: str, make: Callable[[], str]) -> str:
        """Return `what` is derived from sources, by `make` if it is not kept yet."""
        key = digest("derived", what, self.code, _jinja(), *sources)
        return self.cache.text(key, make)

    def python(self, name: str, *sources: str, make: Callable[[], str]) -> CodeType:
        """Return a template as code, of which `make` writes the text in Python.

        Errors in it are told as of a file that is called `name`.
        """
        return compile(self.text("python", name, *sources, make=make), name, "exec")


@functools.cache
def _jinja() -> str:
    """Return the version of what makes Python of a template: another one may do so otherwise."""
    return version("jinja2")
