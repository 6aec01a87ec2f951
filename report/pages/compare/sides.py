"""The accounts that a build compares: of its own results, the published ones, the last others."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.claims.against import account
from analysis.claims.against.account import Account, Stated
from analysis.claims.against.comparison import compare
from analysis.claims.against.replicated import Ledger
from analysis.claims.claim import Claim
from analysis.results.cache import Cache, digest
from report.document import compose
from report.prose.calls import Prose
from report.prose.locations import Misplaced
from report.prose.numbers.lookup import Numbers
from report.prose.uses import NumberUse

if TYPE_CHECKING:
    from analysis.results.frames import Results
    from analysis.results.ledger.verification import Verification
    from analysis.results.published.manifest import Manifest


@dataclass(frozen=True)
class Beside:
    """What stands beside the results of a build: those published, and what is left of earlier ones.

    `results` reads the published ones, of which `published` is the manifest. `last` is the account
    of the build before, `previous` that of the last one before it with other results. `site` is the
    folder that both are left in.
    """

    published: "Manifest | None" = None
    results: "Callable[[], Results] | None" = None
    last: Account | None = None
    previous: Account | None = None
    site: Path | None = None
    ledger: Ledger = field(default_factory=Ledger)
    """The replications of the same settings."""
    verified: "Verification | None" = None
    """Of the published results, on whatever machine."""

    def before(self, now: Account) -> Account | None:
        """Return the account of the last results that were others than these."""
        if self.last is None or compare(self.last, now).equal:
            return self.previous
        return self.last


@dataclass(frozen=True)
class Kept:
    """A cache, and the digests that what is kept follows from.

    `inputs` is that of the results and of the code, `code` that of the code alone.
    """

    cache: Cache
    inputs: str
    code: str


def stated(uses: Iterable[NumberUse]) -> Iterator[Stated]:
    """Yield the numbers that answers state; of an interval the middle is compared."""
    for use in uses:
        value = sum(use.values) / len(use.values)
        value, low, high = (
            each if math.isfinite(each) else math.nan for each in (value, use.low, use.high)
        )
        yield Stated(
            metric=use.metric, experiment=use.experiment, variant=use.variant,
            statistic=use.statistic, epoch=use.epoch, moment=use.moment, layer=use.layer,
            value=value, low=low, high=high, n=use.n,
        )  # fmt: skip


def published(
    beside: Beside,
    asked: Sequence[Stated],
    tested: Mapping[str, Claim],
    kept: Kept,
) -> Account | None:
    """Return the account of the published results, with the numbers `asked` that they have.

    Raises StoreError where they are damaged.
    """
    manifest, results = beside.published, beside.results
    if manifest is None or results is None:
        return None

    def make() -> str:
        found = results()
        made = account.published(manifest, found, known(found, asked), tested)
        return json.dumps(made.as_json(), allow_nan=False)

    keys = repr([each.key for each in asked])
    key = digest("published account", manifest["sha256"], kept.inputs, keys)
    return account.from_json(json.loads(kept.cache.text(key, make)))


def known(results: "Results", asked: Sequence[Stated]) -> Iterator[Stated]:
    """Yield the numbers asked for as results have them, but for those that they have not."""
    lookup = Numbers(results, Cache(None), "")
    for each in asked:
        try:
            number = lookup.number(
                each.metric, each.variant, stat=each.statistic, experiment=each.experiment,
                epoch=each.epoch, layer=each.layer, moment=each.moment or "final",
            )  # fmt: skip
        except Misplaced:
            continue
        yield from stated([number])


def read(results: "Results", claims: Mapping[str, Claim], root: Path, kept: Kept) -> Prose:
    """Return the answers of the project in `root`, read on results without drawing a figure."""
    prose = compose.prose_on(results, claims, {}, root, kept.cache, kept.inputs, kept.code)
    for source in compose.read(root / compose.ANSWERS, root).values():
        prose.render(source.text, source.file)
    return prose
