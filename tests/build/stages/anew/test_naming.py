"""A run is named by its identity or by what the study calls it; what is unclear is asked back."""

from collections.abc import Sequence
from typing import Any

import pytest

from analysis.errors import InputError
from analysis.plan.run import Run
from analysis.study.model import Study
from stages.anew.naming import Wanted, named
from tests.made.results import tiny


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Sequence[Run]]:
    """Return a study of three experiments, two of them sweeps, and its runs."""
    folder = tmp_path_factory.mktemp("tiny")
    return tiny.planned(tiny.write_study(folder, experiments=tiny.SWEEP))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(variant="Zeros", seed=1), {"experiment": "base", "variant": "Zeros", "seed": 1}),
        (
            Wanted(experiment="deep", variant="Small", seed=3, at="depth=2 stddev=1e-2"),
            {"experiment": "deep", "variant": "Small", "seed": 3, "point": 3},
        ),
        (
            Wanted(at='stddev=0.10 depth=3 seed="1" variant=Small'),
            {"experiment": "deep", "variant": "Small", "seed": 1, "point": 0},
        ),
        (
            Wanted(experiment="start", variant="Zeros", at="activation=tanh bias=Ones"),
            {"experiment": "start", "variant": "Zeros", "seed": 0, "point": 3},
        ),
    ],
)
def test_a_run_is_found_by_its_names(
    planned: tuple[Study, Sequence[Run]], wanted: Wanted, found: dict[str, Any]
) -> None:
    """As many names as tell it apart do; numbers count as such, however they are written."""
    (run,) = named(*planned, wanted)
    assert {name: getattr(run, name) for name in found} == found


def test_a_run_is_found_by_the_start_of_its_identity(
    planned: tuple[Study, Sequence[Run]],
) -> None:
    """Every run of the study, in capitals too; of one with two names both are returned."""
    study, runs = planned
    for run in runs:
        found = named(study, runs, Wanted(run=f" {run.id[:12].upper()}"))
        assert {each.id for each in found} == {run.id}
        assert list(found) == [each for each in runs if each.id == run.id]
    at_both = next(run for run in runs if run.variant == "He, zero output")
    assert len(named(study, runs, Wanted(run=at_both.id))) == 2


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(), ["which run?", "--run", "--experiment base"]),
        (Wanted(variant="HeNorml"), ["--variant 'HeNorml'", "did you mean 'HeNormal'?", "Zeros"]),
        (Wanted(experiment="dep"), ["--experiment 'dep'", "did you mean 'deep'?", "base, deep"]),
        (Wanted(experiment="deep", seed=2), ["--seed '2': no run of --experiment 'deep'", "3, 1"]),
        (Wanted(at="dept=3"), ["--at 'dept=3'", "did you mean 'depth'?", "stddev"]),
        (Wanted(at="depth"), ["--at 'depth': must be KEY=VALUE, such as depth=20"]),
        (Wanted(at="depth="), ["must be KEY=VALUE"]),
        (Wanted(at="depth=7"), ["--at 'depth=7'", "there are 1, 3, 2"]),
        (Wanted(at=f"depth={'9' * 5000}"), ["cannot be read"]),
        (Wanted(run="xyz"), ["--run 'xyz': no run of this study has it"]),
        (Wanted(variant="Zeros"), ["meant", "--experiment (base, start)", "--seed (0, 1)"]),
        (
            Wanted(experiment="deep", variant="Small", seed=1),
            ["4 runs are meant", "--at depth=… (3, 2)", "--at stddev=… (0.1, 0.01)"],
        ),
    ],
    ids=str,
)
def test_what_is_unclear_is_said(
    planned: tuple[Study, Sequence[Run]], wanted: Wanted, said: Sequence[str]
) -> None:
    """The message has what was typed, and the nearest, or all by which runs can be told apart."""
    with pytest.raises(InputError) as error:
        named(*planned, wanted)
    assert all(part in str(error.value) for part in said), error.value
    assert len(str(error.value)) < 500


def test_a_start_that_several_share_is_ambiguous(planned: tuple[Study, Sequence[Run]]) -> None:
    """The runs are named; an identity with a slip leads to the nearest."""
    study, runs = planned
    digits = [run.id[0] for run in {run.id: run for run in runs}.values()]
    often = max(digits, key=digits.count)
    with pytest.raises(InputError, match=rf"{digits.count(often)} runs begin so, among them"):
        named(study, runs, Wanted(run=often))
    slip = f"{runs[0].id[:9]}{'0' if runs[0].id[9] != '0' else '1'}"
    with pytest.raises(InputError, match=rf"did you mean '{runs[0].id[:10]}'\?"):
        named(study, runs, Wanted(run=slip))
