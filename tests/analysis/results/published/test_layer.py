"""Published results below a store: what they have is what their store had, as far as is asked."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.data.dataset import Description
from analysis.errors import InputError
from analysis.plan import planning, provenance, work
from analysis.plan.run import Run
from analysis.results import sources
from analysis.results.frames import Results
from analysis.results.places import Places, Request
from analysis.results.published import archive
from analysis.results.published.layer import Layer
from analysis.results.sources import Job
from analysis.results.stored import rows, store
from analysis.study.model import Study
from tests.made.results import tiny

FRAMES = ("runs", "epochs", "curves", "layers", "histograms", "first_steps")


@dataclass(frozen=True)
class Project:
    """A study with its runs, all of them stored, and published from there."""

    path: Path
    study: Study
    data: dict[str, Description]
    runs: tuple[Run, ...]
    results: Results

    def job(self, train: str | None = None, *changes: str) -> Job:
        """The job of the study, with an empty store beside the published results."""
        places = Places.of(self.path.parent, self.path.parent)
        return sources.prepare(places, Request(str(self.path), changes, None, train))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A tiny study in the place of a project, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    return published(tmp_path, tiny.SWEEP)


def published(folder: Path, experiments: str) -> Project:
    """A tiny study with these experiments, whose runs are stored elsewhere and published here."""
    path = tiny.write_study(folder, experiments=experiments)
    study, runs = tiny.planned(path)
    data = planning.data(study)
    elsewhere = folder / "elsewhere" / "runs.sqlite"
    tiny.store_results(elsewhere, runs, {3})
    with store.open_store(elsewhere) as opened:
        described = provenance.describe(study, data, runs, tiny.environments(opened, runs), folder)
        results = rows.read(study, data, runs, [opened] * len(runs), described)
    archive.write(results, {}, folder / "results" / "published")
    return Project(path, study, data, runs, results)


def shared(job: Job) -> dict[str, tuple[int, int, int]]:
    """By experiment: runs that are here or are to be, those published, and networks to be trained.

    Of the sixteen runs of the sweep four are the same network at two points.
    """
    done = job.done()
    counts = job.shares(done).counts()
    left = [task.run.experiment for task in job.pending(done)]
    return {name: (*counts[name], left.count(name)) for name in counts}


def filled(job: Job, *experiments: str) -> None:
    """Store made-up results of experiments."""
    tiny.store_results(job.store, [run for run in job.planned if run.experiment in experiments])


def test_a_layer_reads_as_the_store_that_was_published(project: Project) -> None:
    """Every frame is the same, up to the ten digits that are published."""
    layer = Layer(project.path.parent / "results" / "published")
    found = rows.read(project.study, project.data, project.runs, [layer] * len(project.runs), {})
    for name in FRAMES:
        wanted = getattr(project.results, name)
        pd.testing.assert_frame_equal(getattr(found, name), wanted, rtol=1e-9)


def test_a_layer_serves_a_study_with_fewer_epochs(project: Project) -> None:
    """As far as its moments were published; losses and metrics are there of every epoch."""
    layer = Layer(project.path.parent / "results" / "published")
    study, runs = tiny.planned(
        project.path, ["experiments.base.training.epochs=1", "experiments.base.measure=[]"]
    )
    own = [run for run in runs if run.experiment == "base"]
    found = rows.read(study, project.data, own, [layer] * len(own), {})
    assert set(found.runs["epochs"]) == {1}
    first = project.results.epochs.query("epoch == 1 and experiment == 'base'")
    assert found.runs["test_loss"].tolist() == pytest.approx(first["test_loss"].tolist())
    whole = project.results.runs.query("experiment == 'base'")["train_s"]
    assert (found.runs["train_s"].to_numpy() < whole.to_numpy()).all()


LONG = "experiments.base.training.epochs=3"
SHORT = ["experiments.base.training.epochs=1", "experiments.base.measure=[]"]


@pytest.mark.parametrize(
    ("epochs", "points", "changes", "left"),
    [
        (2, 2, [], 0),
        (3, 2, [], 0),
        (3, 2, SHORT, 0),
        (3, 2, [LONG], 4),
        (3, 0, [], 0),
        (3, 0, [LONG], 4),
        (3, 4, [LONG], 0),
        (3, 2, [LONG, "experiments.base.curve_points=2"], 0),
        (2, 2, ["experiments.base.curve_points=3"], 4),
    ],
)
def test_a_run_may_be_published_with_several_curves(
    tmp_path: Path, epochs: int, points: int, changes: list[str], left: int
) -> None:
    """Each is served as far as its experiment has drawn it, and its points are never mixed.

    The experiment `base` draws four points of two epochs; another one of the same runs draws some
    number of some epochs.
    """
    other = f"[experiments.other]\ntraining.epochs = {epochs}\ncurve_points = {points}\n"
    found = published(tmp_path, f"[experiments.base]\ncurve_points = 4\n{other}")
    layer = Layer(tmp_path / "results" / "published")
    study, runs = tiny.planned(found.path, changes)
    own = [run for run in runs if run.experiment == "base" or not changes]
    assert len(work.tasks(own, layer.done(own))) == left
    if not left:
        with store.open_store(tmp_path / "elsewhere" / "runs.sqlite") as stored:
            here = rows.read(study, found.data, own, [stored] * len(own), {}).curves
        curves = rows.read(study, found.data, own, [layer] * len(own), {}).curves
        pd.testing.assert_frame_equal(curves, here, rtol=1e-9)


def test_nothing_published_is_a_layer_without_runs(project: Project, tmp_path: Path) -> None:
    """As in a clone whose published results were taken out."""
    assert Layer(tmp_path / "nothing").done(project.runs) == {}


@pytest.mark.parametrize(
    ("train", "wanted"),
    [
        (None, {"base": (4, 0, 4), "deep": (0, 16, 0), "start": (0, 8, 0)}),
        ("none", {"base": (0, 4, 0), "deep": (0, 16, 0), "start": (0, 8, 0)}),
        ("deep", {"base": (0, 4, 0), "deep": (16, 0, 12), "start": (0, 8, 0)}),
        ("deep, start", {"base": (0, 4, 0), "deep": (16, 0, 12), "start": (8, 0, 8)}),
    ],
)
def test_what_is_published_is_trained_only_where_it_is_asked_for(
    project: Project, train: str | None, wanted: dict[str, tuple[int, int, int]]
) -> None:
    """By default the comparison is trained here."""
    assert shared(project.job(train)) == wanted


def test_all_is_all(project: Project) -> None:
    """Not one run is taken from the published results; two experiments may share one."""
    found = shared(project.job("all"))
    assert {name: own[:2] for name, own in found.items()} == {
        "base": (4, 0),
        "deep": (16, 0),
        "start": (8, 0),
    }
    assert sum(own[2] for own in found.values()) == len({run.id for run in project.runs})


def test_a_changed_study_trains_what_the_change_defines(project: Project) -> None:
    """Networks that are never trained know no batch; the others are trained anew."""
    found = shared(project.job(None, "training.batch_size=16"))
    assert found == {"base": (4, 0, 4), "deep": (16, 0, 12), "start": (0, 8, 0)}
    found = shared(project.job(None, "experiments.deep.curve_points=3"))
    assert found["deep"] == (16, 0, 12)


def test_an_experiment_is_taken_from_one_place(project: Project) -> None:
    """From here once all of it is here; a part of it here is left aside for the whole below."""
    job = project.job("none")
    filled(job, "deep")
    assert shared(job) == {"base": (0, 4, 0), "deep": (16, 0, 0), "start": (0, 8, 0)}
    tiny.store_results(job.store, [run for run in job.planned if run.experiment == "start"][:3])
    assert shared(job)["start"] == (0, 8, 0)


def test_where_neither_has_all_both_are_used_and_it_is_said(project: Project) -> None:
    """One seed more than is published: that alone is trained, and the report says so."""
    job = project.job("none", "experiments.base.seeds=3")
    assert shared(job)["base"] == (2, 4, 2)
    filled(job, "base")
    assert shared(job)["base"] == (6, 0, 0)
    job.store.unlink()
    tiny.store_results(job.store, [run for run in job.planned if run.seed == 2])
    assert shared(job)["base"] == (2, 4, 0)
    found = job.results()
    traced = provenance.trained(found.provenance, found.study)
    assert {name: each.place for name, each in traced.items()} == {
        "base": "here and published",
        "deep": "published",
        "start": "published",
    }
    assert len(found.runs) == 6 + 16 + 8


def test_results_of_two_places_tell_them_apart(project: Project) -> None:
    """The comparison was trained here, on this machine; the rest where it was published."""
    job = project.job()
    filled(job, "base")
    found = job.results()
    origins = provenance.origins(provenance.trained(found.provenance, found.study))
    assert [(each.place, each.experiments) for each in origins] == [
        ("here", ("base",)),
        ("published", ("deep", "start")),
    ]
    base = found.runs.query("experiment == 'base'")
    assert base["test_loss"].tolist() == [
        tiny.measured(run).epochs[-1].test_loss
        for run in sorted(
            (each for each in job.planned if each.experiment == "base"),
            key=lambda run: (run.variant != "Zeros", run.seed),
        )
    ]


@pytest.mark.parametrize("asked", ["bse", "base,deeep", "", "All"])
def test_an_unknown_experiment_to_train_is_named(project: Project, asked: str) -> None:
    """With the nearest, and all there are."""
    with pytest.raises(InputError, match=r"--train .*no such experiment.*all, none, or some of"):
        project.job(asked)


def test_each_experiment_says_when_it_was_trained(project: Project) -> None:
    """Those of one place together from the first day to the last; what is mixed, of both."""
    job = project.job("none", "experiments.base.seeds=3")
    with store.open_store(job.store) as opened:
        for run in (each for each in job.planned if each.seed == 2):
            known = (("keras", "3"), ("day", "2026-12-01"))
            opened.add(run, replace(tiny.measured(run), environment=known))
    found = job.results()
    assert found.provenance["trained_on"] == {"base": ["2026-12-01", "2026-12-01"]}
    traced = provenance.trained(found.provenance, found.study)
    assert traced["base"].days == (tiny.DAY, "2026-12-01")
    assert traced["deep"].days == (tiny.DAY, tiny.DAY)
    published, mixed = provenance.origins(traced)
    assert (published.days, mixed.days) == ((tiny.DAY, tiny.DAY), (tiny.DAY, "2026-12-01"))


def test_a_day_that_is_not_recorded_of_all_runs_is_none(project: Project) -> None:
    """Runs that an earlier version has trained have none: it is not told when the others were."""
    job = project.job("all")
    filled(job, "base", "deep", "start")
    run = next(each for each in job.planned if each.experiment == "base")
    with store.open_store(job.store) as opened:
        opened.add(run, replace(tiny.measured(run), environment=(("keras", "3"),)))
    found = job.results()
    assert found.provenance["trained_on"] == {
        name: [tiny.DAY, tiny.DAY] for name in ("deep", "start")
    }
    traced = provenance.trained(found.provenance, found.study)
    assert (traced["base"].days, traced["deep"].days) == (None, (tiny.DAY, tiny.DAY))
    assert [each.days for each in provenance.origins(traced)] == [None]
