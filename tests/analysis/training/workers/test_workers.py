"""Worker processes: the same bits whatever their number, and clean ends."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import DataError, TrainingError
from analysis.plan.result import RunResult
from analysis.plan.work import Task
from analysis.training import workers
from build import ROOT
from tests.analysis.training import small

# Trains the small study on one worker, last run first, then leaves in the middle of an endless run.
ALONE = """
import json, multiprocessing, sys, time
from dataclasses import asdict
from analysis.plan.work import Task
from analysis.training import workers
from tests.analysis.training import small
from tests.analysis.training.workers.test_workers import bits, study_runs

runs = study_runs(sys.argv[1])[::-1]
endless = small.runs(sys.argv[1], small.HE, seeds=[9], epochs=100_000)
results = workers.train([*runs, *map(Task, endless)], 1)
trained = [asdict(next(results)) for _ in runs]
time.sleep(0.2)
children, started = multiprocessing.active_children(), time.monotonic()
results.close()
for child in children:
    child.join()
print(json.dumps({
    "results": [json.loads(bits(each)) for each in trained],
    "children": len(children),
    "seconds": time.monotonic() - started,
    "tensorflow": "tensorflow" in sys.modules,
}))
"""


def study_runs(data: str) -> tuple[Task, ...]:
    """Return four short runs to be trained: two variants, two seeds."""
    runs = small.runs(data, small.HE, small.GLOROT, seeds=[0, 1], hidden=(32,))
    return tuple(Task(run) for run in runs)


def bits(result: dict[str, Any]) -> str:
    """Return everything of a result but its times, exactly: floats are written to the last bit."""
    epochs = [{**epoch, "train_s": 0} for epoch in result["epochs"]]
    timeless = {**result, "epochs": epochs, "begin_s": 0, "compile_s": 0}
    return json.dumps(timeless | {"measurements": sorted(result["measurements"])}, default=repr)


def nobody_is_left() -> bool:
    """Return whether every child process ends, at once but for a busy machine."""
    for child in multiprocessing.active_children():
        child.join(60)
    return not multiprocessing.active_children()


def trained_alone(data: str, **around: str) -> tuple[dict[str, Any], str]:
    """Return what one worker made in a fresh process, and what that wrote to standard error."""
    command = [sys.executable, "-c", ALONE, data]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **around}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout), done.stderr


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that a training takes for the system's temporary one."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def alone(small_mnist: str, temporary: Path) -> tuple[dict[str, Any], str]:
    """Return what a worker makes in a quiet environment."""
    return trained_alone(small_mnist, TMPDIR=str(temporary))


HOSTILE = (
    {
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "XLA_FLAGS": "--xla_cpu_enable_fast_math=true --xla_no_such_flag",
        "KERAS_BACKEND": "torch",
        "OPENBLAS_NUM_THREADS": "7",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 AVX512F",
    },
    {
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "TF_XLA_FLAGS": "--tf_xla_auto_jit=2 --tf_xla_no_such_flag",
        "TF_USE_LEGACY_KERAS": "1",
        "TF_NUM_INTEROP_THREADS": "3",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    },
    {
        "DNNL_MAX_CPU_ISA": "SSE41",
        "TF_DETERMINISTIC_OPS": "1",
        "OPENBLAS_CORETYPE": "Prescott",
        "MKL_CBWR": "COMPATIBLE",
    },
)
"""Variables of other projects, each of which changed bits, or ended the training, once.

Of those that say the same to one library (which instructions, how many threads, which Keras, which
flags of XLA) each group has one, as any of them would hide the others.
"""
KERAS_JSON = """{"floatx": "float64", "epsilon": 0.001, "backend": "torch",
"image_data_format": "channels_first"}"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home folder that holds another project's settings of Keras."""
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(KERAS_JSON)
    return tmp_path


@pytest.mark.slow
def test_bits_depend_on_no_variable(
    alone: tuple[dict[str, Any], str], small_mnist: str, home: Path
) -> None:
    """With every hostile variable at once, and keras.json in the home folder, bits are the same."""
    everything = {name: value for group in HOSTILE for name, value in group.items()}
    around, _ = trained_alone(small_mnist, HOME=str(home), **everything)
    assert [bits(each) for each in around["results"]] == [
        bits(each) for each in alone[0]["results"]
    ]
    assert (home / ".keras" / "keras.json").read_text() == KERAS_JSON


@pytest.mark.slow
@pytest.mark.parametrize("group", HOSTILE, ids=" ".join)
def test_bits_do_not_depend_on(
    alone: tuple[dict[str, Any], str], small_mnist: str, group: dict[str, str]
) -> None:
    """With hostile variables that do not hide each other, bits are the same."""
    around, _ = trained_alone(small_mnist, **group)
    assert [bits(each) for each in around["results"]] == [
        bits(each) for each in alone[0]["results"]
    ]


def test_workers_leave_no_file_behind(alone: tuple[dict[str, Any], str], temporary: Path) -> None:
    """After the training, even one that was left early, the temporary folder is as it was."""
    assert alone[0]["results"]
    assert list(temporary.iterdir()) == []


def test_bits_depend_neither_on_workers_nor_on_order(
    alone: tuple[dict[str, Any], str], small_mnist: str
) -> None:
    """Two workers give, bit for bit, what one worker gives that takes the runs last to first."""
    runs = study_runs(small_mnist)
    two = {result.run_id: bits(asdict(result)) for result in workers.train(runs, 2)}
    one = {result["run_id"]: bits(result) for result in alone[0]["results"]}
    assert one == json.loads(json.dumps(two))
    assert set(one) == {task.run.id for task in runs}
    assert len(set(one.values())) == 4


@pytest.mark.slow
def test_workers_that_start_afresh_give_the_same_bits(
    alone: tuple[dict[str, Any], str], small_mnist: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they do where no process is copied; and they are gone afterwards."""
    monkeypatch.setattr(workers, "COPIES", False)
    runs = study_runs(small_mnist)
    with workers.started(2) as crew:
        assert len(crew.processes) == 2
        fresh = {each.run_id: json.loads(bits(asdict(each))) for each in crew.train(runs)}
    assert fresh == {each["run_id"]: json.loads(bits(each)) for each in alone[0]["results"]}
    assert nobody_is_left()


@pytest.mark.parametrize(
    "copies",
    [
        pytest.param(True, marks=pytest.mark.skipif(not workers.COPIES, reason="no copies here")),
        pytest.param(False, marks=pytest.mark.slow),
    ],
)
def test_a_worker_that_has_grown_retires_between_two_engines(
    alone: tuple[dict[str, Any], str],
    small_mnist: str,
    monkeypatch: pytest.MonkeyPatch,
    copies: bool,
) -> None:
    """A fresh one, copied or not, gives the same bits; nobody retires in between, nor is lost."""
    monkeypatch.setattr(workers, "COPIES", copies)
    monkeypatch.setattr(workers, "LARGEST", 1)
    others = small.runs(small_mnist, small.HE, seeds=[0, 1], hidden=(16,))
    tasks = [*map(Task, others), *study_runs(small_mnist)]
    known = {each["run_id"]: json.loads(bits(each)) for each in alone[0]["results"]}
    with workers.started(1) as crew:
        served = [worker_of(crew, each) for each in crew.train(tasks)]
    processes = [process for process, _ in served]
    assert len(set(processes[:2])) == len(set(processes[2:])) == 1
    assert processes[1] != processes[2]
    fresh = {result.run_id: json.loads(bits(asdict(result))) for _, result in served[2:]}
    assert fresh == known
    assert nobody_is_left()


def worker_of(crew: workers.Crew, result: RunResult) -> tuple[int, RunResult]:
    """Return the process that is the only worker of a crew now, and the result that it sent."""
    server = crew.processes[0][0].pid or 0
    copies = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return int(copies[-1]) if workers.COPIES else server, result


def test_closing_the_iterator_ends_a_worker_in_the_middle_of_a_run(
    alone: tuple[dict[str, Any], str],
) -> None:
    """A worker that would train for hours is gone within a second of the close.

    A machine that is busy with other tests gets some more.
    """
    assert alone[0]["children"] == 1
    assert alone[0]["seconds"] < 15


def test_the_parent_never_imports_tensorflow(alone: tuple[dict[str, Any], str]) -> None:
    """Training through workers leaves TensorFlow out of the process that asked for it."""
    assert alone[0]["tensorflow"] is False


def test_a_worker_starts_in_silence(alone: tuple[dict[str, Any], str]) -> None:
    """TensorFlow's start-up messages do not reach the screen."""
    assert alone[1] == ""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGILL])
def test_a_lost_worker_is_an_error_that_says_what_to_do(
    small_mnist: str, number: signal.Signals
) -> None:
    """A worker that is lost ends the training with a TrainingError that says by which signal."""

    def kill_one() -> None:
        while not (children := multiprocessing.active_children()):
            time.sleep(0.01)
        os.kill(children[0].pid or 0, number)

    killer = threading.Thread(target=kill_one)
    killer.start()
    with pytest.raises(TrainingError, match=rf"\({number.name}\)\..*the same command resumes"):
        list(workers.train(study_runs(small_mnist), 2))
    killer.join()
    assert nobody_is_left()


@pytest.mark.slow  # TensorFlow has to start
def test_an_error_of_a_run_reaches_the_caller(small_mnist: str) -> None:
    """What a run raises in its worker is raised here, as it is."""
    (run,) = small.runs(small_mnist)
    gone = replace(run, path=str(Path(small_mnist).with_name("gone.npz")))
    with pytest.raises(DataError, match=r"gone\.npz"):
        list(workers.train([Task(gone)], 1))


def test_nothing_to_train_starts_no_worker() -> None:
    """An empty plan ends at once."""
    before = multiprocessing.active_children()
    assert list(workers.train([])) == []
    assert multiprocessing.active_children() == before


def test_there_is_a_worker_for_each_processor_this_process_may_use() -> None:
    """The default number of workers follows the processors that the system grants."""
    count = [
        sys.executable,
        "-c",
        "from analysis.training.surroundings import processors; print(processors.available())",
    ]
    one = subprocess.run(["taskset", "-c", "0", *count], cwd=ROOT, capture_output=True, check=True)
    assert int(one.stdout) == 1


def test_results_are_plain_numbers(alone: tuple[dict[str, Any], str]) -> None:
    """What crosses from a worker survives JSON unchanged: it holds no array and no tensor."""
    for result in alone[0]["results"]:
        assert set(result) == set(RunResult.__dataclass_fields__)
        assert all(isinstance(each["loss"], float) for each in result["epochs"])
