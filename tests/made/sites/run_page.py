"""The page of runs without the rest of a site, from results of a few experiments, made up."""

from pathlib import Path

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from analysis.results.frames import Results
from build import ROOT
from report.document.outline import RUNS
from report.output.sharing.imprint import Imprint
from report.output.site import assets
from report.output.site.build import page_html
from report.output.writing.report import Report, templates
from report.pages.compare.page import Moved
from report.pages.laboratory.page import Laboratory
from report.pages.runs.numbers import behind
from report.pages.runs.rows import run_tables
from report.prose.uses import NumberUse
from tests.made.results.synthetic import BASE_VARIANTS, results_of, synthetic_study
from tests.made.sites.desk import Desk, claim

LOST = {("HeNormal", 1): 2}
"""The run, by variant and seed, that diverges, wherever it is trained; and in which epoch."""
EXPERIMENTS: dict[str, object] = {
    "base": {"title": "The base"},
    "depth": {
        "title": "Depth",
        "curve_points": 5,
        "variants": [dict(BASE_VARIANTS[3])],
        "sweep": {
            "network.hidden": ["2 x 8", "10 x 8"],
            "training.optimizer": [
                {"name": "SGD", "learning_rate": 0.05},
                {"name": "Adam", "learning_rate": 0.001},
            ],
        },
    },
    "scale": {
        "title": "Scale",
        "variants": [dict(BASE_VARIANTS[1])],
        "sweep": {"variants.RandomNormal.stddev": [0.01, 1.0]},
    },
    "start": {
        "title": "At the start",
        "training": {"epochs": 0},
        "network": {"hidden": "5 x 8"},
    },
}

NUMBERS = (
    '{{ number("test_accuracy", "HeNormal") }}',
    '{{ number("test_accuracy", "HeNormal", stat="sd") }}',
    '{{ number("loss", "GlorotNormal", epoch=2) }}',
    '{{ number("kernel_sd", "RandomNormal", layer=2, moment="initial") }}',
)
"""The numbers of its text: three that stand behind four."""


def results() -> Results:
    """Results of four experiments: plain, swept with curves, swept in a variant, and untrained."""
    return results_of(synthetic_study(seeds=3, epochs=3, experiments=EXPERIMENTS), diverged=LOST)


def claims(measured: Results) -> dict[str, Claim]:
    """A claim on two variants of the base, out of order, and one on a stretch of the depths."""
    of = measured.runs.set_index(["experiment", "variant"]).sort_index()["run_id"]
    base = [*of.loc[("base", "HeNormal")], *of.loc[("base", "Zeros")]]
    depth = list(of.loc[("depth", "HeNormal")])[3:6]
    return {
        "level": claim(experiment="base", runs=tuple(base), statement="They < end level."),
        "deep": claim(id="deep", experiment="depth", runs=tuple(depth), verdict="inconclusive"),
    }


def report_of(measured: Results, folder: Path) -> Report:
    """A report of a few words in which the claim "level" is stated."""
    made = claims(measured)
    document = Desk(folder, measured, **made).compose(
        {"q2d": f'## Q2d. Title\n\n{{{{ claim("level") }}}}\n\n{" ".join(NUMBERS)}'}
    )
    return Report(
        document=document,
        imprint=Imprint("A synthetic study"),
        description="",
        claims=made,
        statements={name: each.statement for name, each in made.items()},
        standings=dict.fromkeys(made, Standing("unpublished")),
        root=ROOT,
        templates=templates(ROOT / "templates"),
        experiments=measured.study.experiments,
        laboratory=Laboratory((), "{}", (), {}),
        runs=run_tables(measured),
        numbers=behind(measured, document.uses.of(NumberUse)),
        moved=Moved(None, None, ""),
    )


def write(folder: Path) -> Path:
    """Write the page with its styles and scripts into a folder; return its path."""
    report = report_of(results(), folder)
    site = folder / "site"
    assets.write(ROOT / "templates", site)
    assets.write_scripts(report.run_scripts(), site / "runs")
    page = site / "runs.html"
    page.write_text(page_html(report, RUNS), "utf-8", newline="\n")
    return page
