"""What the report states about its results, each with a test declared in code.

A new claim is one more `Spec` in a registry such as `base.CLAIMS`, one for each experiment.
"""

from analysis.claims.experiments import (
    activation,
    base,
    chaos,
    depth,
    glorot,
    scale,
    signals,
    symmetry,
    weights,
)
from analysis.claims.model import Claim, Spec, settings_of, tested
from analysis.results.frames import Results

__all__ = ["SPECS", "Claim", "Spec", "evaluate", "settings_of"]

SPECS: tuple[Spec, ...] = (
    *base.CLAIMS,
    *weights.CLAIMS,
    *signals.CLAIMS,
    *glorot.CLAIMS,
    *scale.CLAIMS,
    *depth.CLAIMS,
    *activation.CLAIMS,
    *symmetry.CLAIMS,
    *chaos.CLAIMS,
)


def evaluate(results: Results) -> dict[str, Claim]:
    """Return every claim by its id, tested on `results`, in the order of the registry.

    A claim whose variants, seeds or experiment are missing is inconclusive; its note says why.
    """
    return {spec.id: tested(spec, results) for spec in SPECS}
