"""Every column of the data is told of, and none that there is not."""

import re
from dataclasses import fields

from analysis.plan.result import EpochMetrics, Histogram, LayerStatistics
from analysis.results.frames import TABLES
from report.output.sharing import columns
from tests.made.sites.drawn import whole

OF = {"epochs": EpochMetrics, "layers": LayerStatistics, "histograms": Histogram}


def told() -> dict[str, list[str]]:
    """The columns that the text lists, by table."""
    _, *parts = columns.readme(whole()).split("\n## ")
    return {
        part.partition(".csv")[0]: re.findall(r"^- `(\w+)`", part, re.M)
        for part in parts
        if ".csv" in part.splitlines()[0]
    }


def test_each_table_has_its_columns_told_in_their_order() -> None:
    """Those of the file itself, but for the four that stand first in all."""
    found = told()
    assert list(found) == list(TABLES)
    for table, names in found.items():
        header = whole().csv(table).splitlines()[0].split(",")
        assert [*columns.KEYS, *names] == header


def test_no_word_is_about_a_column_that_there_is_not() -> None:
    """A field that is measured has words of its own; what is renamed is found."""
    for table, kind in OF.items():
        measured = {field.name for field in fields(kind)}
        own = set(columns.COLUMNS[table])
        assert measured <= own
        assert own - measured <= {"moment"}
    assert set(columns.RUNS) <= set(whole().runs.columns)


def test_only_swept_keys_are_told_in_general_words() -> None:
    """They are named by the study; all else is told by itself."""
    general = re.findall(rf"^- `(\w+)`: {re.escape(columns.SWEPT)}$", columns.readme(whole()), re.M)
    swept = {
        key.rpartition(".")[2] for each in whole().study.experiments.values() for key in each.sweep
    }
    assert set(general) <= swept
    assert general
