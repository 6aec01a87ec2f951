"""Two accounts of results, compared: what moved, by how much, and of which kind the reason is."""

import functools
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from analysis.claims.against.account import Account, Ends, Outcome, Stated
from analysis.claims.against.standing import settings_of
from analysis.plan.changes import studies
from analysis.study.file import build_study
from analysis.study.model import Study

Kind = Literal[
    "settings",  # other hyperparameters
    "seeds",  # other seeds, or another number of them
    "data",  # another data set under the name
    "engine",  # another version of the engine
    "machine",  # the same runs on another machine
    "anew",  # the same runs, trained again
    "few",  # too few observations on a side
    "tests",  # nothing of these: the tests of the claims are others
]
ROUNDING = 1e-6
"""Relative difference up to which two numbers are one: published ones have ten digits."""


@dataclass(frozen=True)
class Reason:
    """Why a claim is not as it was, in kind.

    Of the `runs` that both sides have of its experiment, `other` have ended otherwise, up to `most`
    percentage points of test accuracy apart (NaN where none is known). Of "few", there are `runs`
    observations, and `needed` are the fewest that decide the claim.
    """

    kind: Kind
    runs: int = 0
    other: int = 0
    most: float = math.nan
    needed: int = 0


@dataclass(frozen=True)
class ClaimMove:
    """A claim on both sides, None where a side has it not; with reasons where they differ."""

    id: str
    before: Outcome | None
    after: Outcome | None
    reasons: tuple[Reason, ...] = ()

    @property
    def flipped(self) -> bool:
        """Tell whether both sides have it, with different verdicts."""
        return bool(self.before and self.after and self.before.verdict != self.after.verdict)

    @property
    def moved(self) -> bool:
        """Tell whether verdict, value, interval or number of observations differ."""
        return not (self.before and self.after and _alike(self.before, self.after))

    @property
    def told(self) -> Outcome:
        """Return the later side, or the only one: of its kind, unit and margin."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class NumberMove:
    """A number that both sides state with different values.

    `units` is the difference in half widths of the earlier interval (the later one's, where that
    has none); infinite where one side alone has a value, or the interval no width; NaN where there
    is no interval.
    """

    before: Stated
    after: Stated

    @property
    def difference(self) -> float:
        """Return by how much the later value exceeds the earlier one; NaN where one has none."""
        return self.after.value - self.before.value

    @property
    def units(self) -> float:
        """Return the difference in units of the interval."""
        if not math.isfinite(self.difference):
            return math.inf
        halves = (_half(each) for each in (self.before, self.after))
        half = next((each for each in halves if math.isfinite(each)), math.nan)
        return self.difference / half if half else math.copysign(math.inf, self.difference)


@dataclass(frozen=True)
class Comparison:
    """Two accounts set side by side.

    changes: a line for each hyperparameter that differs. claims: all, those with another verdict
    first, then those that moved. numbers: those that moved, farthest first; `numbers_alike` did
    not, and `numbers_alone` have no counterpart on the other side.
    """

    before: Account
    after: Account
    changes: tuple[str, ...]
    claims: tuple[ClaimMove, ...]
    numbers: tuple[NumberMove, ...]
    numbers_alike: int
    numbers_alone: int

    @property
    def flipped(self) -> tuple[ClaimMove, ...]:
        """Return the claims with another verdict."""
        return tuple(each for each in self.claims if each.flipped)

    @property
    def moved(self) -> tuple[ClaimMove, ...]:
        """Return the claims that moved, those with another verdict first."""
        return tuple(each for each in self.claims if each.moved)

    @property
    def equal(self) -> bool:
        """Tell whether nothing differs: no hyperparameter, no claim, no number."""
        return not (self.changes or self.moved or self.numbers or self.numbers_alone)


def compare(before: Account, after: Account) -> Comparison:
    """Return what moved from one account to another. Raises StudyError for a broken study."""
    names = dict.fromkeys([*after.claims, *before.claims])
    both = _Both(before, after)
    claims = [both.claim(name, before.claims.get(name), after.claims.get(name)) for name in names]
    claims.sort(key=lambda each: (not each.flipped, not each.moved))
    old, new = ({each.key: each for each in side.numbers} for side in (before, after))
    pairs = [NumberMove(old[key], new[key]) for key in new if key in old]
    moved = [each for each in pairs if not _same_number(each.before, each.after)]
    moved.sort(key=lambda each: math.inf if math.isnan(each.units) else -abs(each.units))
    return Comparison(
        before, after, tuple(studies.between(before.study, after.study)), tuple(claims),
        tuple(moved), len(pairs) - len(moved), len(old.keys() ^ new.keys()),
    )  # fmt: skip


class _Both:
    """Two accounts, with what several claims of an experiment ask of them."""

    def __init__(self, before: Account, after: Account) -> None:
        self.before, self.after = before, after
        self.studies = [_study(each.study) for each in (before, after)]
        self.reasons = functools.cache(self._reasons)

    def claim(self, name: str, before: Outcome | None, after: Outcome | None) -> ClaimMove:
        if before is None or after is None or _alike(before, after):
            return ClaimMove(name, before, after)
        reasons = [*self.reasons(after.experiment)]
        if not reasons:
            other = self.before.machine != self.after.machine
            reasons.append(Reason("machine" if other else "tests"))
        open_ = [each for each in (before, after) if each.verdict == "inconclusive"]
        few = [
            Reason("few", each.n, needed=each.seeds) for each in open_ if 0 < each.n < each.seeds
        ]
        return ClaimMove(name, before, after, (*reasons, *few[:1]))

    def _reasons(self, experiment: str) -> tuple[Reason, ...]:
        old, new = (settings_of(each, experiment) for each in self.studies)
        kinds: list[tuple[bool, Kind]] = [
            (old.get("points") != new.get("points"), "settings"),
            (old.get("seeds") != new.get("seeds"), "seeds"),
            (self._data(experiment), "data"),
            (self.before.engine != self.after.engine, "engine"),
        ]
        found = [Reason(kind) for differs, kind in kinds if differs]
        if _epochs(old) != _epochs(new):  # the same runs end elsewhere, whoever has trained them
            other = self.before.machine != self.after.machine
            return (*found, *([Reason("machine")] if other else []))
        return tuple(chain(found, self._trained_again(experiment)))

    def _data(self, experiment: str) -> bool:
        """Tell whether data that both sides call alike are others."""
        used = {
            point.settings.dataset.name
            for study in self.studies
            if experiment in study.experiments
            for point in study.experiments[experiment].points
        }
        old, new = self.before.data, self.after.data
        return any(old[name] != new[name] for name in used & old.keys() & new.keys())

    def _trained_again(self, experiment: str) -> Iterator[Reason]:
        """Yield how far runs that both sides have are apart, if they are."""
        old, new = (each.runs.get(experiment, {}) for each in (self.before, self.after))
        shared = old.keys() & new.keys()
        other = [run for run in shared if not _same_ends(old[run], new[run])]
        if other:
            apart = [abs(old[run][0] - new[run][0]) for run in other]
            known = [100 * each for each in apart if math.isfinite(each)]
            machine = self.before.machine != self.after.machine
            most = max(known, default=math.nan)
            yield Reason("machine" if machine else "anew", len(shared), len(other), most)


def _epochs(settings: Mapping[str, Any]) -> list[int]:
    return [point["training"]["epochs"] for point in settings.get("points", ())]


def _study(tables: Mapping[str, Any]) -> Study:
    return _built(json.dumps(tables))


@functools.lru_cache(maxsize=4)
def _built(tables: str) -> Study:
    """Return the study of tables as JSON: a build compares the same few with each other."""
    return build_study(json.loads(tables), "a study that was compared")


def _alike(one: Outcome, other: Outcome) -> bool:
    return (one.verdict, one.n) == (other.verdict, other.n) and _same(one, other)


def _same(one: Outcome, other: Outcome) -> bool:
    """Tell whether value and interval are the same, up to what publishing rounds away."""
    scale = _scale(one, other)
    return all(
        _close(getattr(one, name), getattr(other, name), scale) for name in ("value", "low", "high")
    )


def _same_number(one: Stated, other: Stated) -> bool:
    return _close(one.value, other.value, _scale(one, other))


def _same_ends(one: Ends, other: Ends) -> bool:
    return all(_close(old, new, 0.0) for old, new in zip(one, other, strict=True))


def _close(one: float, other: float, scale: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=ROUNDING, abs_tol=ROUNDING * scale)


def _scale(*measured: Outcome | Stated) -> float:
    return max(filter(math.isfinite, map(_half, measured)), default=0.0)


def _half(measured: Outcome | Stated) -> float:
    return (measured.high - measured.low) / 2
