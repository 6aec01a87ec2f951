"""Write what is stored of a study, with its verdicts, for all to render from."""

from pathlib import Path

from analysis.claims import testing
from analysis.claims.against import standing
from analysis.errors import counted
from analysis.results.published import archive, manifest
from analysis.results.sources import Job


def publish(job: Job, folder: Path) -> None:
    """Write the results of a job into a folder, and tell how much that is. Raises StoreError."""
    measured = job.results()
    entries = standing.entries(testing.evaluate(measured))
    archive.write(measured, entries, folder)
    megabytes = sum(path.stat().st_size for path in manifest.files(folder)) / 1e6
    print(f"{folder}: {counted(len(measured.runs), 'run')} in {megabytes:.1f} MB.")
