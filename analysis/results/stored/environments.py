"""Where and when a run was trained, as its row has it."""

import json
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from analysis.plan import provenance
from analysis.plan.result import RunResult

ASIDE = ("cores", provenance.DAY)
"""What a run's bits do not depend on."""


def _dated(environment: dict[str, str]) -> dict[str, str]:
    """Return where and when a run was trained, or raise ValueError for a day that is none."""
    if provenance.DAY in environment:
        provenance.day(environment[provenance.DAY])
    return environment


Environment = Annotated[dict[str, str], AfterValidator(_dated)]
"""Names and values, as `provenance.trained_now` gives them."""


def text(result: RunResult) -> str:
    """Return what a row has of where and when a run was trained."""
    return json.dumps(dict(result.environment), sort_keys=True)


def telling(environment: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what of an environment a run's bits may depend on: neither cores nor the day."""
    return {name: value for name, value in environment if name not in ASIDE}
