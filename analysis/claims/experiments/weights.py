"""Claims on the weights that were drawn: their formulas, and how those compare."""

from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.claims.model import Finding, Spec, Verdict, joint, within
from analysis.statistics.estimates import Estimate, mean_interval
from analysis.study.initializers import standard_deviation


def random_normal_is_he(evidence: Evidence) -> Finding:
    """RandomNormal's sd over He's is 1 within the margin in layer 1, under a half in later ones."""
    fixed, he = evidence.variant("RandomNormal"), evidence.variant("HeNormal")
    shapes = _shapes(evidence, [fixed, he])
    if len(shapes) < 2:
        raise Undecided("the network has one layer only")
    ratios = [_formula(evidence, fixed, *s) / _formula(evidence, he, *s) for s in shapes]
    near = abs(ratios[0] - 1) <= evidence.margin
    small = all(ratio < 0.5 for ratio in ratios[1:])
    text = ", ".join(f"layer {i} {ratio:.3f}" for i, ratio in enumerate(ratios, start=1))
    verdict: Verdict = "supported" if near and small else "not supported"
    return Finding(verdict, ratios[0], ratios[0], ratios[0], n=len(ratios), note=text)


def sampled_sd_follows_formula(evidence: Evidence) -> Finding:
    """In every variant and layer, mean sampled sd over the formula's is 1 within the margin, in %.

    Value: the layer farthest from the formula.
    """
    groups = _deviations(evidence)
    verdicts = [within(e.low, e.high, evidence.margin, e.n) for e in groups.values()]
    worst = max(groups, key=lambda key: abs(groups[key].value))
    found = groups[worst]
    note = f"farthest of {len(groups)}: {worst[0]}, layer {worst[1]}"
    return Finding(joint(verdicts), found.value, found.low, found.high, n=found.n, note=note)


def _deviations(evidence: Evidence) -> dict[tuple[str, int], Estimate]:
    """Per variant and layer, mean of 100 (sd / formula - 1) over seeds with its 90 % interval."""
    groups: dict[tuple[str, int], Estimate] = {}
    learners = evidence.learners()
    initial = evidence.layers("initial", "kernel_sd", learners)
    for name in learners:
        own = initial[initial["variant"] == name].sort_values("seed")
        for layer, rows in own.groupby("layer"):
            fans = int(rows["fan_in"].iloc[0]), int(rows["fan_out"].iloc[0])
            expected = standard_deviation(*_initializer(evidence, name), *fans)
            if expected:
                ratio = rows["kernel_sd"].to_numpy(dtype=float) / expected
                groups[name, int(str(layer))] = mean_interval(PERCENT * (ratio - 1), level=0.9)
    if not groups:
        raise Undecided("no variant has a closed-form variance")
    return groups


def _shapes(evidence: Evidence, variants: list[str]) -> list[tuple[int, int]]:
    """Fans of each layer, first to last."""
    layers = evidence.layers("initial", "fan_in", variants)
    layers = layers.drop_duplicates("layer").sort_values("layer")
    fans = layers[["fan_in", "fan_out"]].to_numpy(dtype=int)
    return [(int(fan_in), int(fan_out)) for fan_in, fan_out in fans]


def _initializer(evidence: Evidence, name: str) -> tuple[str, dict[str, object]]:
    settings = evidence.declared(name)
    return settings.initializer, dict(settings.parameters)


def _formula(evidence: Evidence, name: str, fan_in: int, fan_out: int) -> float:
    value = standard_deviation(*_initializer(evidence, name), fan_in, fan_out)
    if not value:
        raise Undecided(f"{name} has no closed-form variance above zero")
    return value


CLAIMS = (
    Spec(
        id="random-normal-is-he-in-layer-1",
        question="Q2b",
        kind="exact",
        statement="RandomNormal has He's standard deviation in the first layer, to within two "
        "percent, and less than half of it in every later layer.",
        method="arithmetic: ratio of the closed-form standard deviations, layer by layer",
        unit="",
        margin=0.02,
        predicate=random_normal_is_he,
    ),
    Spec(
        id="sampled-variance-follows-formula",
        question="Q1c",
        kind="equivalence",
        statement="The kernels drawn at the start have the standard deviation that the formula of"
        " their initializer gives, to within five percent in every variant and layer.",
        method="deviation of the sampled standard deviation from the formula, 90 % Student "
        "interval over seeds (TOST at 5 %) in every variant and layer; value: the farthest",
        unit="%",
        margin=5.0,
        predicate=sampled_sd_follows_formula,
    ),
)
"""Claims on initial weights."""
