"""Claims are declared once and whole, in an order that a reader may rely on."""

from types import ModuleType

from analysis.claims import testing
from analysis.claims.deciding import MIN_SEEDS, Finding
from analysis.claims.declaring import Declaration, claim, declared_in
from analysis.claims.evidence import Evidence
from tests.made.results.studies import load_study

EXACT = {
    "zeros-never-learns",
    "zeros-stuck-in-tanh-not-in-sigmoid",
    "constant-is-a-symmetry",
    "dropout-breaks-symmetry",
}
ORDER = {
    "verification": [
        "random-normal-is-he-in-layer-1",
        "sampled-variance-follows-formula",
        "signal-at-initialization",
        "gradient-at-initialization",
        "variance-factor",
        "length-variance",
        "correlation-follows-map",
        "glorot-backward-ratio",
        "glorot-backward-recursion",
        "kernel-gradients-level",
        *("zeros-never-learns", "zeros-stuck-in-tanh-not-in-sigmoid"),
        *("constant-is-a-symmetry", "dropout-breaks-symmetry"),
    ],
    "finding": [
        "early-speed",
        "fashion-early-speed",
        "convolution-early-speed",
        "he-glorot-level",
        "none-wins",
        "ranking-needs-many-seeds",
        "pairing-matters-early",
        "pairing-fades",
        "zero-output-level",
        "too-large-hurts-too-small-slows",
        "sgd-exposes-what-adam-hides",
        "glorot-is-later",
        "he-is-later-when-deeper",
        "glorot-catches-up",
        "optimizer-softens",
        "adam-is-not-enough",
        "fashion-deep",
        "same-variance-level",
        "smaller-variance-behind",
        "own-rate-does-not-level",
        "paths-make-it-matter-less",
        "glorot-for-tanh-is-not-about-accuracy",
        "orthogonal-tanh",
        "deep-selu-needs-lecun",
        "deep-sigmoid-slow",
        "shallow-choice-is-small",
        "edge-of-chaos",
        "trainable-depth",
        "gain-two",
    ],
}
"""Ids by family, as claims.json and the table of all claims list them."""


def test_claims_have_their_order_and_family() -> None:
    """What checks theory and code stands first, then what training did."""
    declared = testing.declarations()
    assert [each.id for each in declared] == [*ORDER["verification"], *ORDER["finding"]]
    for family, ids in ORDER.items():
        assert [each.id for each in declared if each.family == family] == ids


def test_every_claim_is_declared_once_and_whole() -> None:
    """Ids are unique, questions exist, and nothing of a test is left to be decided later."""
    declared = testing.declarations()
    assert len({each.id for each in declared}) == len(declared)
    for each in declared:
        assert each.question in {"Q1a", "Q1b", "Q1c", "Q2a", "Q2b", "Q2c", "Q2d", "Q3a", "Q3b"}
        assert each.statement.endswith(".")
        assert each.method
        assert (each.margin is None) == (each.id in EXACT)
        assert each.expects is None or each.family == "finding"


def test_every_claim_has_its_experiment_with_enough_seeds() -> None:
    """The study trains what a claim reads, from no fewer seeds than decide one."""
    study = load_study()
    for each in testing.declarations():
        assert len(study.experiments[each.experiment].seeds) >= MIN_SEEDS


def made(name: str, module: str) -> Declaration:
    """A claim of that id, declared in a module of that name."""

    def predicate(evidence: Evidence) -> Finding:
        return Finding("supported")

    predicate.__module__ = module
    declare = claim(
        id=name, question="Q1a", family="finding", kind="exact", statement=".", method="-", unit=""
    )
    return declare(predicate)


def test_a_decorator_above_its_test_declares_a_claim() -> None:
    """What is left out is the base experiment, no margin and no effect; the test is kept."""
    declared = made("a", "m")
    assert (declared.experiment, declared.margin, declared.expects) == ("base", None, None)
    assert declared.predicate(None) == Finding("supported")  # type: ignore[arg-type]


def test_a_module_declares_what_stands_in_it() -> None:
    """In the order of its lines, and without what it imports from another module."""
    module = ModuleType("m")
    vars(module).update(
        z=made("first", "m"), a=made("second", "m"), b=made("imported", "other"), number=3
    )
    assert [each.id for each in declared_in(module)] == ["first", "second"]
