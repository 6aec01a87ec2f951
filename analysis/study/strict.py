"""How a study's tables are taken: frozen, strictly typed, with an answer to an unknown key."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from analysis.study.names import closest

FROZEN = ConfigDict(frozen=True, strict=True, extra="forbid")


class Table(BaseModel):
    """A TOML table: frozen, strictly typed, and with a helpful answer to an unknown key."""

    model_config = FROZEN

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            fields = [name for name in cls.model_fields if name != "points"]
            for key in data:
                if key not in cls.model_fields:
                    if key == "extends":
                        raise ValueError(
                            "extends: only a file extends another one, above its first table; an "
                            "experiment takes over what the study sets before [experiments]"
                        )
                    known, hint = ", ".join(fields), closest(str(key), fields)
                    raise ValueError(f"unknown key {key!r}{hint}; the keys here are {known}")
        return data
