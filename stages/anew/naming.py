"""Which run is meant: by the start of its identity, or by what a study calls it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.errors import InputError, counted
from analysis.errors.mistakes import shown
from analysis.plan.run import Run
from analysis.results.frames import KEYS, POINT, named_runs
from analysis.study import tables
from analysis.study.model import Study
from analysis.study.names import closest
from report.pages.runs.records import SHORT

LISTED = 8
"""So many values are listed in a message; of more, the first and the last."""
EXAMPLES = "--run with the start of its identity, or --experiment base --variant HeNormal --seed 3"


@dataclass(frozen=True)
class Wanted:
    """What is typed of a run; what is not is empty, and the seed None.

    `run` is the start of its identity. `at` holds KEY=VALUE words, whose keys are columns of
    runs.csv that tell its settings: depth, activation, or what else a sweep sets.
    """

    run: str = ""
    experiment: str = ""
    variant: str = ""
    seed: int | None = None
    at: str = ""

    def parts(self) -> Iterator[tuple[str, str, str]]:
        """Yield the option, the column and the value of all that is typed.

        Raises InputError where nothing is, or a word of `at` sets nothing.
        """
        seed = "" if self.seed is None else str(self.seed)
        found = {
            "run_id": self.run.strip().lower(), "experiment": self.experiment,
            "variant": self.variant, "seed": seed,
        }  # fmt: skip
        words = tables.pairs(self.at)
        if not any(found.values()) and not words:
            raise InputError(f"which run? Name it by {EXAMPLES}")
        for column, value in found.items():
            if value:
                option = "--run" if column == "run_id" else f"--{column}"
                yield f"{option} {shown(value)}", column, value
        for word in words:
            key, sign, value = word.partition("=")
            if not (key and sign and value):
                raise InputError(f"--at {shown(word)}: must be KEY=VALUE, such as depth=20")
            try:
                meant = tables.value(value.strip())
            except ValueError as error:
                raise InputError(f"--at {shown(word)}: cannot be read: {error}") from None
            yield f"--at {shown(word)}", key.strip(), str(meant)


def named(
    study: Study, planned: Sequence[Run], wanted: Wanted, published: Collection[str] = ()
) -> tuple[Run, ...]:
    """Return the run that is meant, once for every experiment that it is part of and that fits.

    `published` are the identities of the published runs, which may be those of another study.
    Raises InputError where none is meant, or more than one, with the nearest or all that there are.
    """
    frame = named_runs(study, planned)
    said: list[str] = []
    for option, column, value in wanted.parts():
        known = _columns(frame)
        if column not in known:
            hint = closest(column, known)
            raise InputError(f"{option}: no such setting{hint}; there are {', '.join(known)}")
        texts = [_text(each) for each in frame[column].tolist()]
        fits = [_fits(column, text, value) for text in texts]
        if not any(fits):
            of = f" of {' '.join(said)}" if said else " of this study"
            there = column == "run_id" and any(each.startswith(value) for each in published)
            instead = (
                "; the published study has one: --results published"
                if there
                else _instead(column, value, texts)
            )
            raise InputError(f"{option}: no run{of} has it{instead}")
        frame = frame[fits]
        said.append(option)
    identities = frame["run_id"].unique()
    if len(identities) > 1:
        raise InputError(f"{' '.join(said)}: {_ambiguous(frame, wanted)}")
    return tuple(planned[place] for place in frame.index.to_list())


def _columns(frame: pd.DataFrame) -> list[str]:
    """What a run may be named by."""
    return [str(name) for name in frame.columns if name != POINT]


def _text(value: object) -> str:
    """A value as one types it; a whole number has no point."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _fits(column: str, text: str, value: str) -> bool:
    if column == "run_id":
        return text.startswith(value)
    if _is_number(text) and _is_number(value):
        return float(text) == float(value)
    return text == value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _instead(column: str, value: str, texts: Sequence[str]) -> str:
    """The nearest value that there is, and which there are; of identities only the nearest."""
    known = dict.fromkeys(text for text in texts if text != "nan")
    if column == "run_id":
        return closest(value, {text[: max(len(value), 4)] for text in known})
    hint = "" if _is_number(value) else closest(value, known)
    return f"{hint}; there {'is' if len(known) == 1 else 'are'} {_listed(known)}"


def _listed(values: Mapping[str, None]) -> str:
    texts = list(values)
    return ", ".join(texts if len(texts) <= LISTED else [*texts[: LISTED - 2], "…", texts[-1]])


def _ambiguous(frame: pd.DataFrame, wanted: Wanted) -> str:
    """How many runs are meant, and by what they can be told apart."""
    count = counted(frame["run_id"].nunique(), "run")
    if wanted.run:
        first = frame.drop_duplicates("run_id").head(LISTED)[KEYS]
        rows = first.itertuples(index=False, name=None)
        names = [f"{run[:SHORT]} ({each}, {v}, seed {s})" for each, v, s, run in rows]
        return f"{count} begin so, among them {'; '.join(names)}; type more of it"
    differing = []
    for column in _columns(frame):
        values = dict.fromkeys(_text(each) for each in frame[column].tolist())
        if column != "run_id" and len(values) > 1:
            option = f"--{column}" if column in KEYS else f"--at {column}=…"
            differing.append(f"{option} ({_listed(values)})")
    return f"{count} are meant; tell which by {', '.join(differing)}"
