"""What CITATION.cff says of the report: who wrote it, and where its code is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from analysis.errors import ReportError, mistakes, reading
from analysis.study.names import readable
from report.words.addresses import web

RIGHT = "; it must be as on https://citation-file-format.github.io"


@dataclass(frozen=True)
class Citation:
    """Names of the authors, and the address of the code, which may be unknown."""

    authors: tuple[str, ...] = ()
    repository: str = ""


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


class _File(BaseModel):
    """What is asked of the file."""

    model_config = ConfigDict(strict=True)

    authors: list[_Author] = []
    repository: Annotated[str | None, Field(alias="repository-code")] = None

    @field_validator("repository")
    @classmethod
    def _address(cls, address: str | None) -> str | None:
        return address and web(address)


def read(path: Path) -> Citation:
    """Return what a CITATION.cff file says; nothing where there is no such file.

    Raises ReportError for one that is no YAML, does not name its authors, names them with what
    cannot be seen, or has an address not of the web.
    """
    import yaml

    if not path.exists():
        return Citation()
    name = path.name
    try:
        about = yaml.safe_load(reading.text(path, name=name, error=ReportError))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        reason = getattr(error, "problem", None) or " ".join(str(error).split())
        raise ReportError(f"{place}: is not valid YAML: {reason}") from None
    except (ValueError, RecursionError) as error:  # a day that is none; too deep
        raise ReportError(f"{name}: is not valid YAML: {error}") from None
    if not isinstance(about, Mapping):
        raise ReportError(f"{name}: must be a table with the key authors{RIGHT}")
    known = mistakes.checked(_File, about, name, error=ReportError, more=RIGHT)
    return Citation(tuple(each.shown() for each in known.authors), known.repository or "")
