"""What CITATION.cff says of the report: authors, licence, version, where it and its code are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from analysis.errors import ReportError, mistakes, reading
from analysis.errors.mistakes import Location, shown
from analysis.study.names import closest, readable
from report.prose.locations import densest
from report.words.addresses import web

RIGHT = "; it must be as on https://citation-file-format.github.io"
KEYS = (
    "abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi",
    "identifiers", "keywords", "license", "license-url", "message", "preferred-citation",
    "references", "repository", "repository-artifact", "repository-code", "title", "type", "url",
    "version",
)  # fmt: skip
"""All that the format knows at the top."""
SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
NESTING = r"[\[{]|^\s+|- "
"""What stands in each other in YAML: brackets, and by their indent tables and lists."""


@dataclass(frozen=True)
class Author:
    """A person, whose family name is known, or whatever has a name alone."""

    name: str
    family: str = ""
    given: str = ""


@dataclass(frozen=True)
class Citation:
    """Authors, and what else may be unknown: where code and site are, version, release, licence.

    Version and day of release are as they are written; a build has no use for them. The licence is
    an expression of SPDX: "MIT", or "MIT OR Apache-2.0".
    """

    authors: tuple[Author, ...] = ()
    repository: str = ""
    version: str = ""
    released: str = ""
    site: str = ""
    licence: str = ""


class _Author(BaseModel):
    """A person by one or two names, or whatever has a name alone; the rest is not asked for."""

    model_config = ConfigDict(strict=True)

    name: str = ""
    given: str = Field("", alias="given-names")
    family: str = Field("", alias="family-names")

    @model_validator(mode="after")
    def _named(self) -> "_Author":
        if not self.shown():
            raise ValueError("an author needs a name, or given-names and family-names")
        readable(self.shown())
        return self

    def shown(self) -> str:
        return self.name.strip() or f"{self.given.strip()} {self.family.strip()}".strip()

    def author(self) -> Author:
        """Return the author: one with a name alone is no person."""
        if self.name.strip():
            return Author(self.shown())
        return Author(self.shown(), self.family.strip(), self.given.strip())


class _File(BaseModel):
    """What is asked of the file."""

    model_config = ConfigDict(strict=True)

    authors: list[_Author] = []
    repository: Annotated[str | None, Field(alias="repository-code")] = None
    version: object = None
    released: Annotated[object, Field(alias="date-released")] = None
    site: Annotated[str | None, Field(alias="url")] = None
    licence: Annotated[str | list[str] | None, Field(alias="license")] = None

    @field_validator("repository", "site")
    @classmethod
    def _address(cls, address: str | None) -> str | None:
        if address and web(address).startswith("mailto:"):
            raise ValueError("must be the address of a page, not of a person")
        return address

    @field_validator("licence")
    @classmethod
    def _known(cls, licence: str | list[str] | None) -> str | list[str] | None:
        """Refuse what is no identifier of SPDX: letters, digits, points, hyphens and a plus."""
        for name in [licence] if isinstance(licence, str) else licence or []:
            if not SPDX.fullmatch(name):
                raise ValueError(f"{shown(name)} is no licence as SPDX names them, such as MIT")
        return licence


def read(path: Path) -> Citation:
    """Return what a CITATION.cff file says; nothing where there is no such file.

    Raises ReportError, with the line, for one that is no YAML, has a key that the format does not
    know, does not name its authors, names them with what cannot be seen, has an address not of the
    web, or a licence that is none.
    """
    if not path.exists():
        return Citation()
    name = path.name
    text = reading.text(path, name=name, error=ReportError)
    about = _loaded(text, name)
    if not isinstance(about, Mapping):
        raise ReportError(f"{name}: must be a table with the key authors{RIGHT}")
    line_of = partial(_line, text)
    for key in about:
        if key not in KEYS:
            place, hint = line_of((key,)), closest(str(key), KEYS)
            raise ReportError(f"{name}:{place}: unknown key {shown(key)}{hint}{RIGHT}")
    known = mistakes.checked(_File, about, name, error=ReportError, more=RIGHT, line_of=line_of)
    licences = [known.licence] if isinstance(known.licence, str) else known.licence or []
    return Citation(
        tuple(each.author() for each in known.authors),
        known.repository or "",
        str(known.version or ""),
        str(known.released or ""),
        known.site or "",
        " OR ".join(licences),
    )


def _line(text: str, location: Location) -> int:
    """Return the line of a value of a YAML file, or of its key, as far as `location` leads to it.

    Only that way is gone: a file may hold itself, by an alias.
    """
    import yaml

    node: Any = yaml.compose(text)
    begin = node
    for step in location:
        held: list[tuple[Any, Any]] = []
        if isinstance(node, yaml.MappingNode):
            held = [pair for pair in node.value if pair[0].value == step]
        elif isinstance(node, yaml.SequenceNode) and step in range(len(node.value)):
            held = [(node.value[int(step)],) * 2]
        if not held:
            break
        begin, node = held[0]
    return int(begin.start_mark.line) + 1


def _loaded(text: str, name: str) -> Any:
    """Return what a YAML file says; raise ReportError, with the line, for what is none."""
    import yaml

    class Loader(yaml.SafeLoader):
        """Tells of a value that is none, such as a 13th month, and of a repeated key, the line."""

        def construct_object(self, node: Any, deep: bool = False) -> Any:
            try:
                return super().construct_object(node, deep)
            except ValueError as error:
                self.refuse(str(error), node)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            keys = set[str]()
            for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
                if isinstance(key, yaml.ScalarNode) and key.value in keys:
                    self.refuse(f"the key {key.value!r} is repeated", key)
                keys.add(str(key.value))
            return super().construct_mapping(node, deep)

        def refuse(self, problem: str, node: Any) -> NoReturn:
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)

    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        reason = getattr(error, "problem", None) or " ".join(str(error).split())
    except RecursionError:
        place = f"{name}:{densest(text, NESTING)}"
        reason = "lists and tables stand in each other too deep"
    raise ReportError(f"{place}: is not valid YAML: {reason}")
