"""Write one figure as files, from what is stored or published of its experiment."""

import os
from pathlib import Path

from analysis.errors import InputError, StudyError, counted, whole
from analysis.errors.mistakes import shown
from analysis.plan import work
from analysis.results import sources
from analysis.results.frames import Results
from analysis.results.places import Places, Request
from analysis.study.names import closest
from report import figures
from report.figures.draw.style import add_faces
from report.figures.draw.vector import svg
from report.output.paper import plate
from report.output.writing.sources import face


def draw(places: Places, request: Request, name: str, out: str) -> None:
    """Write a figure into the folder `out`, by default the project's; without a name, list all.

    Raises what `write` does.
    """
    if name:
        write(places, request, name, Path(out) if out.strip() else places.figures)
    else:
        print(*figures.NAMES, sep="\n")


def write(places: Places, request: Request, name: str, out: Path) -> None:
    """Write a figure as SVG, PDF, PNG and CSV into the folder `out`, and tell what it shows.

    It is drawn from the runs of its experiment alone: those stored or, of a study that is published
    and not trained here, the published ones. Raises InputError for a name that no figure has and
    for a study without its experiment, StoreError where neither has its runs, ReportError where
    they lack what it shows, and WriteError.
    """
    if name not in figures.NAMES:
        known = ", ".join(figures.NAMES)
        hint = closest(name, figures.NAMES)
        raise InputError(f"--name {shown(name)}: no such figure{hint}; there are {known}")
    nearest = next(each for each in (out, *out.absolute().parents) if os.path.lexists(each))
    if not nearest.is_dir():
        raise InputError(f"--out {out}: {nearest} is no folder")
    definition = figures.load(name)
    results, origin = _results(places, request, definition.experiment)
    _add_faces(places.root / "templates")
    drawn = definition.alone(results)
    drawing = svg.standalone(drawn.svg)
    pdf, png = plate.sheets(drawing, f"{results.study.title}: {name}", drawn.alt)
    contents: dict[str, str | bytes] = {"svg": drawing, "pdf": pdf, "png": png, "csv": drawn.csv}
    for kind, content in contents.items():
        whole.write(out / f"{name}.{kind}", content)
    count = counted(int((results.runs["experiment"] == definition.experiment).sum()), "run")
    print(f"{out / name}.svg, .pdf, .png and .csv show {count} of {origin}.")


def _add_faces(templates: Path) -> None:
    """Let the figure have the faces of the report. Raises ReportError for one that is damaged."""
    folder = templates / "fonts"
    for path in sorted(folder.glob("*.ttf")):
        face(templates, f"{folder.name}/{path.name}")
    add_faces(folder.resolve())  # the same file under one name, wherever links lead


def _results(places: Places, request: Request, experiment: str) -> tuple[Results, str]:
    """Return what a figure of an experiment is drawn from, and where that is. Raises InputError."""
    source = sources.source(places, request)
    if isinstance(source, sources.Published):
        return source.results(), str(source.folder)
    if experiment not in source.study.experiments:
        raise StudyError(
            f"{source.source}: has no experiment {shown(experiment)}, whose runs the figure shows"
        )
    job = source.of(experiment)
    done = job.done()
    if request.results is None and work.tasks(job.planned, done):
        published = sources.as_published(places, job)
        if published is not None:
            return published.results(), str(published.folder)
    shares = job.shares(done)
    parts = ((shares.here, job.store), (shares.published, places.published))
    return job.results(), " and ".join(str(path) for runs, path in parts if runs)
