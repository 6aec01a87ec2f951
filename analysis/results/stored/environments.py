"""Where, when and under which claims a run was trained, as a store keeps it."""

import json
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from analysis.plan import provenance
from analysis.plan.result import RunResult


def _dated(environment: dict[str, str]) -> dict[str, str]:
    """Return where and when a run was trained, or raise ValueError for a day that is none."""
    if provenance.DAY in environment:
        provenance.day(environment[provenance.DAY])
    return environment


Environment = Annotated[dict[str, str], AfterValidator(_dated)]


def text(result: RunResult) -> str:
    """Return where a run was trained as JSON."""
    return json.dumps(dict(result.environment), sort_keys=True)


def went_on(result: RunResult, begun: Mapping[str, str]) -> str:
    """Return where a run has ended, as JSON; the claims are those under which it was `begun`."""
    own = {name: each for name, each in result.environment if name != provenance.CLAIMS}
    known = {name: each for name, each in begun.items() if name == provenance.CLAIMS}
    return json.dumps(own | known, sort_keys=True)


def is_here(environment: Mapping[str, str]) -> bool:
    """Tell whether a run was trained as it would be here."""
    return provenance.same(environment, dict(provenance.training_environment()))
