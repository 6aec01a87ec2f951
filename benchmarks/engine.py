"""The same work by this engine.

`whole`: through analysis.training.workers, the way a build trains: a process for each processor.
`cluster`: by the workers of a cluster, as a build trains there.
`step`: one worker's compiled epoch by itself, for the time of a step without validation.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.plan import planning, run
from analysis.plan.result import RunResult
from analysis.plan.work import Task
from analysis.study.file import build_study
from analysis.training import workers
from analysis.training.cluster import joining
from analysis.training.surroundings import processors, quiet
from benchmarks import work
from benchmarks.work import HIDDEN, SEED, SPLIT, VARIANTS, Epochs, Measurement, Work


def runs(given: Work) -> tuple[run.Run, ...]:
    """Return the work as the runs of a study."""
    tables = {
        "title": "The notebook's work",
        "dataset": given.data,
        "seeds": [SEED],
        "variants": VARIANTS,
        "network": {"hidden": HIDDEN, "activation": "relu"},
        "training": {
            "optimizer": "Adam",
            "loss": "sparse_categorical_crossentropy",
            "batch_size": given.batch,
            "epochs": given.epochs,
            "validation_split": SPLIT,
        },
    }
    study = build_study(tables, "benchmark")
    return planning.runs(study, planning.data(study))


def whole(given: Work) -> Measurement:
    """Return the measurement of training every variant on workers of this machine.

    Memory is that of the largest worker.
    """
    planned = runs(given)
    measured = _measured(planned, workers.train([*map(Task, planned)]))
    most = min(processors.available(), len(planned))
    return replace(measured, memory_mb=work.peak_memory_of_children_mb(), workers=most)


def by_cluster(given: Work) -> Measurement:
    """Return the measurement of training every variant on the workers of a cluster."""
    planned, address = runs(given), joining.read(given.cluster)
    most, tasks = joining.count(address), [*map(Task, planned)]
    with joining.joined(address, tasks) as crew:
        return replace(_measured(planned, crew.train(tasks)), workers=min(most, len(tasks)))


def _measured(planned: Sequence[run.Run], results: Iterator[RunResult]) -> Measurement:
    """Return the measurement of results as they come.

    The clock of training starts with the work of the first worker to finish a run, once its imports
    are done, and ends with the last result.
    """
    names = {run.id: run.variant for run in planned}
    starts, compiled, accuracy, finished = [], [], {}, 0.0
    for result in results:
        finished = time.perf_counter()
        starts.append(finished - result.train_s - result.compile_s)
        compiled.append(result.compile_s)
        accuracy[names[result.run_id]] = result.epochs[-1].val_accuracy
    return Measurement(
        training_s=finished - min(starts),
        compile_s=max(compiled),
        accuracy=accuracy,
    )


def step(given: Work) -> Measurement:
    """Return the measurement of the epochs of one run, in this process.

    Its environment must be that of a worker, `variables.OF_WORKER`.
    """
    with quiet.startup():
        from analysis.training import trainer

        trainer.start()
    run = runs(given)[-1]
    started = time.perf_counter()
    engine, epochs = trainer.engine_for(run), Epochs()
    engine.compile()
    recorder = trainer.Recorder(engine, run)
    recorder.begin()
    epochs.variant()
    for epoch in range(1, given.epochs + 1):
        with epochs.epoch():
            recorder.epoch(epoch)
    return epochs.measured(given.steps(), time.perf_counter() - started, {})


if __name__ == "__main__":
    quiet.without_jax()
    mode, asked, _ = work.from_arguments(("whole", "cluster", "step"))
    work.tell({"whole": whole, "cluster": by_cluster, "step": step}[mode](asked))
