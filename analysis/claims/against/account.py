"""What two sets of results are compared by: verdicts, numbers of the answers, runs, and origin."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, get_args

from analysis.claims.claim import Claim, Verdict

if TYPE_CHECKING:
    from analysis.results.frames import Results
    from analysis.results.published.manifest import Manifest

ENDS = ("test_accuracy", "test_loss")
"""What of a run is compared: a fraction, and nats."""


@dataclass(frozen=True)
class Outcome:
    """A claim's verdict, value and interval; what is not finite is NaN, an unknown kind is ""."""

    experiment: str
    verdict: Verdict
    value: float
    low: float
    high: float
    unit: str
    n: int
    kind: str = ""
    margin: float | None = None
    seeds: int = 0
    """Fewest of what `n` counts that decide it; 0 where any number does, or it is not known."""

    @property
    def margins(self) -> tuple[float, ...]:
        """Return where on the axis of the value its margin lies: at one place, or around 0 or 1."""
        if self.margin is None:
            return ()
        if self.kind == "equivalence":
            return (-self.margin, self.margin)
        return (1 - self.margin, 1 + self.margin) if self.kind == "exact" else (self.margin,)


@dataclass(frozen=True)
class Stated:
    """A number of the answers: which, its value, and the interval of the mean over `n` runs."""

    metric: str
    experiment: str
    variant: str
    statistic: str
    epoch: int | None
    moment: str | None
    layer: int | None
    value: float
    low: float
    high: float
    n: int

    @property
    def key(self) -> tuple[object, ...]:
        """Return what it is, whatever its value."""
        return tuple(getattr(self, each.name) for each in fields(self)[:7])


Ends = tuple[float, ...]


@dataclass(frozen=True)
class Account:
    """What is compared of one set of results.

    claims: by id. numbers: each once. study: its tables. data: digests by name. machine: name and
    value of what training depends on beside the settings. runs: by experiment and identity the
    values of `ENDS`. figures: what each of a site shows in words, by its name.
    """

    claims: Mapping[str, Outcome]
    numbers: tuple[Stated, ...]
    study: Mapping[str, Any]
    data: Mapping[str, str]
    machine: Mapping[str, str]
    engine: int | None
    runs: Mapping[str, Mapping[str, Ends]]
    figures: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values, null for what is not finite."""
        return {
            **vars(self),
            "claims": {name: _plain(asdict(each)) for name, each in self.claims.items()},
            "numbers": [_plain(asdict(each)) for each in self.numbers],
            "runs": {
                name: {run: [_null(end) for end in ends] for run, ends in own.items()}
                for name, own in self.runs.items()
            },
        }


def of(results: "Results", claims: Mapping[str, Claim], numbers: Iterable[Stated]) -> Account:
    """Return the account of results, with the claims tested on them and the numbers of answers."""
    tested = {
        claim.id: Outcome(
            experiment=claim.experiment, verdict=claim.verdict,
            value=_finite(claim.value), low=_finite(claim.low), high=_finite(claim.high),
            unit=claim.unit, n=claim.n, kind=claim.kind, margin=claim.margin, seeds=claim.seeds,
        )
        for claim in claims.values()
    }  # fmt: skip
    return Account(
        tested,
        tuple({each.key: each for each in numbers}.values()),
        results.study.tables(),
        {name: about.digest for name, about in results.data.items()},
        _machine(results.provenance),
        _engine(results.provenance),
        _runs(results),
    )


def published(
    manifest: "Manifest", results: "Results", numbers: Iterable[Stated], tested: Mapping[str, Claim]
) -> Account:
    """Return the account of published results, whose verdicts are those that were published.

    Kinds, margins and least seeds are those of the claims `tested` today.
    """
    claims = {}
    for name, entry in manifest["claims"].items():
        today = tested.get(name)
        value, low, high = map(_number, (entry["value"], entry["low"], entry["high"]))
        claims[name] = Outcome(
            experiment=entry["experiment"], verdict=entry["verdict"],
            value=value, low=low, high=high,
            unit=entry.get("unit", today.unit if today else ""), n=entry.get("n", 0),
            kind=today.kind if today else "", margin=today.margin if today else None,
            seeds=today.seeds if today else 0,
        )  # fmt: skip
    return replace(of(results, {}, numbers), claims=claims)


def from_json(kept: Any) -> Account | None:
    """Return the account that was kept as JSON values; None for what is none."""
    try:
        return Account(
            {name: _outcome(each) for name, each in kept["claims"].items()},
            tuple(Stated(**_nan(each)) for each in kept["numbers"]),
            dict(kept["study"]),
            dict(kept["data"]),
            {str(name): str(value) for name, value in kept["machine"].items()},
            kept["engine"],
            {
                name: {run: tuple(map(_number, ends)) for run, ends in own.items()}
                for name, own in kept["runs"].items()
            },
            {str(name): str(alt) for name, alt in kept.get("figures", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def text(now: Account, before: Account | None) -> str:
    """Return two accounts as the text of a file, from which `earlier.read` makes them again."""
    kept = {"now": now.as_json(), "previous": before.as_json() if before else None}
    return json.dumps(kept, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def _machine(provenance: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in (provenance.get("trained_with") or {}).items()}


def _engine(provenance: Mapping[str, Any]) -> int | None:
    version = provenance.get("engine_version")
    return version if isinstance(version, int) else None


def _runs(results: "Results") -> dict[str, dict[str, Ends]]:
    frame, found = results.runs, dict[str, dict[str, Ends]]()
    columns = (frame[name].tolist() for name in ("experiment", "run_id", *ENDS))
    for experiment, run, *ends in zip(*columns, strict=True):
        found.setdefault(str(experiment), {})[str(run)] = tuple(map(_finite, ends))
    return found


def _finite(value: float) -> float:
    return float(value) if math.isfinite(value) else math.nan


def _null(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _null(value) for name, value in record.items()}


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _outcome(record: Mapping[str, Any]) -> Outcome:
    if record["verdict"] not in get_args(Verdict):
        raise ValueError(record["verdict"])
    return Outcome(**_nan(record))


def _nan(record: Mapping[str, Any]) -> dict[str, Any]:
    return {**record, **{name: _number(record[name]) for name in ("value", "low", "high")}}
