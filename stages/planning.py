"""Tell what a study asks for: which runs are stored, and which are to be trained."""

from analysis.errors import counted
from analysis.plan import costs, work
from analysis.results.sources import Job
from analysis.training.surroundings import processors


def tell(job: Job) -> None:
    """Print a line for each experiment, and what training all of them takes. Raises StudyError."""
    done = job.done()
    pending = job.pending(done)
    for name in dict.fromkeys(run.experiment for run in job.planned):
        own = [run for run in job.planned if run.experiment == name]
        print(f"{name}: {counted(len(own), 'run')}, {work.in_words(work.tasks(own, done))}")
    time = costs.in_words(costs.seconds(pending, job.data, processors.available()))
    print(f"In all: {counted(job.count, 'run')}, {len(pending)} to train, {time}")
