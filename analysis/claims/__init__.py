"""What the report states about its results, each statement with a test declared before they are seen.

A new claim is one more `Spec` in a registry such as `base.CLAIMS`; other experiments bring their own.
"""

from analysis.claims import base
from analysis.claims.model import Claim, Spec, tested
from analysis.store import Results

__all__ = ["SPECS", "Claim", "Spec", "evaluate"]

SPECS: tuple[Spec, ...] = (*base.CLAIMS,)


def evaluate(results: Results) -> dict[str, Claim]:
    """Return every claim by its id, tested on `results`, in the order of the registry.

    A claim whose variants, seeds or experiment are missing is inconclusive and says why in its note.
    """
    return {spec.id: tested(spec, results) for spec in SPECS}
