"""Claims are declared once and whole, in an order that a reader may rely on."""

from types import ModuleType

from analysis.claims import testing
from analysis.claims.claim import Finding
from analysis.claims.declaring import Declaration, claim, declared_in
from analysis.claims.evidence import Evidence

EXACT = {"zeros-never-learns", "constant-is-a-symmetry"}
ORDER = [
    "zeros-never-learns",
    "he-glorot-level",
    "no-winner",
    "single-seed-ranking",
    "early-speed",
    "pairing-matters-early",
    "pairing-fades",
    "random-normal-is-he-in-layer-1",
    "sampled-variance-follows-formula",
    "signal-at-initialization",
    "gradient-at-initialization",
    "variance-factor-slope",
    "length-variance",
    "glorot-backward-ratio",
    "glorot-backward-recursion",
    "kernel-gradients-level",
    "too-large-hurts-too-small-slows",
    "sgd-exposes-what-adam-hides",
    "he-trains-where-xavier-stalls",
    "optimizer-softens",
    "adam-is-not-enough",
    "he-alone-is-not-enough",
    "glorot-for-tanh-is-not-about-accuracy",
    "deep-relu-needs-he",
    "deep-selu-needs-lecun",
    "deep-sigmoid-stalls",
    "shallow-choice-is-small",
    "constant-is-a-symmetry",
    "zero-output-kernel-harmless",
    "edge-of-chaos",
    "trainable-depth",
    "gain-two",
]
"""Ids as claims.json and the table of all claims have listed them from the beginning."""


def test_claims_keep_their_order() -> None:
    """Whoever reads claims.json by place reads what was there before."""
    assert [each.id for each in testing.declarations()] == ORDER


def test_every_claim_is_declared_once_and_whole() -> None:
    """Ids are unique, questions exist, and nothing of a test is left to be decided later."""
    declared = testing.declarations()
    assert len({each.id for each in declared}) == len(declared)
    for each in declared:
        assert each.question in {"Q1a", "Q1b", "Q1c", "Q2a", "Q2b", "Q2c", "Q2d", "Q3a", "Q3b"}
        assert each.statement.endswith(".")
        assert each.method
        assert (each.margin is None) == (each.id in EXACT)
        assert (each.seeds < 5) <= (each.experiment not in {"base", "depth"})


def made(name: str, module: str) -> Declaration:
    """A claim of that id, declared in a module of that name."""

    def predicate(evidence: Evidence) -> Finding:
        return Finding("supported")

    predicate.__module__ = module
    declare = claim(id=name, question="Q1a", kind="exact", statement=".", method="-", unit="")
    return declare(predicate)


def test_a_decorator_above_its_test_declares_a_claim() -> None:
    """What is left out is the base experiment, five seeds and no margin; the test is kept."""
    declared = made("a", "m")
    assert (declared.experiment, declared.seeds, declared.margin) == ("base", 5, None)
    assert declared.predicate(None) == Finding("supported")  # type: ignore[arg-type]


def test_a_module_declares_what_stands_in_it() -> None:
    """In the order of its lines, and without what it imports from another module."""
    module = ModuleType("m")
    vars(module).update(
        z=made("first", "m"), a=made("second", "m"), b=made("imported", "other"), number=3
    )
    assert [each.id for each in declared_in(module)] == ["first", "second"]
