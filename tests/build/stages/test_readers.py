"""Who reads an experiment: what its figures, tables and claims declare."""

from stages.planning import readers


def test_what_reads_an_experiment_is_named_and_counted() -> None:
    """Figures and tables by their names, claims by their number; nobody reads what is not there."""
    assert readers(["dynamics", "gain", "mine", "activation"]) == {
        "dynamics": "figure dynamics",
        "gain": "figure gain; 1 claim",
        "activation": "figure activation-heatmap; table choosing; 5 claims",
    }


def test_the_comparison_is_read_by_most() -> None:
    """Its tables are named, but not those that show every experiment alike."""
    (words,) = readers(["base"]).values()
    figures, tables, claims = words.split("; ")
    assert figures == "figures accuracy, loss, test-accuracy, weight-sd"
    assert tables == "tables final, ends, settings"
    assert claims.endswith(" claims")
