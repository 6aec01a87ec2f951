"""Tell what a study asks for: which runs are stored, and which are to be trained."""

from analysis.errors import counted
from analysis.plan import costs, work
from analysis.results.sources import Job
from analysis.training.surroundings import processors


def tell(job: Job) -> None:
    """Print a line for each experiment, and what training all of them takes. Raises StudyError."""
    done = job.done()
    pending = job.pending(done)
    shares = job.shares(done)
    for name, (_, published) in shares.counts().items():
        own = [run for run in shares.here if run.experiment == name]
        told = work.in_words(work.tasks(own, done)) if own else ""
        below = f"{published} published" if own and published else "published" if published else ""
        runs = counted(len(own) + published, "run")
        print(f"{name}: {runs}, {', '.join(filter(None, (told, below)))}")
    time = costs.in_words(costs.seconds(pending, job.data, processors.available()))
    print(f"In all: {counted(job.count, 'run')}, {len(pending)} to train, {time}")
