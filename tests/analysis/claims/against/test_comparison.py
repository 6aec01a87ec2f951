"""Two sets of results compared: what moved, how far, and of which kind the reason is."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.claims.against import account, earlier
from analysis.claims.against.account import Account, Outcome, Stated
from analysis.claims.against.comparison import Comparison, compare
from tests.made.results.studies import load_study

STUDY = load_study("quick").tables()
CLAIM = Outcome("base", "supported", 2.0, 1.0, 3.0, "%", 20, "difference", 0.5, 5)
NUMBER = Stated("test_accuracy", "base", "HeNormal", "mean", None, None, None, 0.97, 0.96, 0.98, 20)
ACCOUNT = Account(
    claims={"level": CLAIM},
    numbers=(NUMBER,),
    study=STUDY,
    data={"mnist": "a digest"},
    machine={"processor": "A", "cores": "2"},
    engine=3,
    runs={"base": {"one": (0.97, 0.1), "two": (0.98, 0.2), "lost": (math.nan, math.nan)}},
)
B: Mapping[str, str] = {"processor": "B", "cores": "2"}


def changed(*overrides: str) -> dict[str, Any]:
    """The tables of the study with other values."""
    return load_study("quick", overrides).tables()


def with_claim(**changes: Any) -> Account:
    """The account with another finding of its one claim."""
    return replace(ACCOUNT, claims={"level": replace(CLAIM, **changes)})


def kinds(found: Comparison) -> list[str]:
    """Of which kinds the reasons of the one claim are."""
    return [each.kind for each in found.claims[0].reasons]


def test_the_same_twice_is_equal() -> None:
    """Nothing moves between results and themselves, what is NaN on both sides included."""
    found = compare(ACCOUNT, ACCOUNT)
    assert found.equal
    assert (found.claims[0].moved, found.claims[0].flipped, found.moved) == (False, False, ())
    assert (found.numbers_alike, found.numbers_alone) == (1, 0)


def test_what_publishing_rounds_away_moves_nothing() -> None:
    """Ten digits are as good as all."""
    near = 2.0 + 1e-10
    rounded = with_claim(value=near, low=1.0 - 1e-10)
    number = replace(NUMBER, value=0.97 + 1e-11)
    assert compare(ACCOUNT, replace(rounded, numbers=(number,))).equal


def test_a_flip_comes_first() -> None:
    """Claims with another verdict, then those that moved, then the others, each in their order."""
    before = replace(ACCOUNT, claims=dict.fromkeys(("still", "moved", "flipped"), CLAIM))
    after = replace(
        ACCOUNT,
        claims={
            "still": CLAIM,
            "moved": replace(CLAIM, value=2.1),
            "flipped": replace(CLAIM, verdict="contradicted", value=-1.0, low=-2.0, high=0.0),
        },
    )
    found = compare(before, after)
    assert [each.id for each in found.claims] == ["flipped", "moved", "still"]
    assert [each.id for each in found.flipped] == ["flipped"]
    assert [each.id for each in found.moved] == ["flipped", "moved"]
    assert not found.equal


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (replace(with_claim(value=2.1), study=changed("training.epochs=7")), ["settings"]),
        (replace(with_claim(value=2.1), study=changed("seeds=7")), ["seeds"]),
        (replace(with_claim(value=2.1), data={"mnist": "another"}), ["data"]),
        (replace(with_claim(value=2.1), engine=4), ["engine"]),
        (replace(with_claim(value=2.1), machine=B), ["machine"]),
        (with_claim(value=2.1), ["tests"]),
        (with_claim(verdict="inconclusive", n=2), ["tests", "few"]),
        (
            replace(with_claim(value=3), engine=4, study=changed("training.epochs=7", "seeds=7")),
            ["settings", "seeds", "engine"],
        ),
    ],
)  # fmt: skip
def test_a_reason_is_told_in_kind(after: Account, expected: list[str]) -> None:
    """Settings, seeds, data, engine and machine are told apart, and few observations are added."""
    assert kinds(compare(ACCOUNT, after)) == expected


@pytest.mark.parametrize(("machine", "kind"), [(B, "machine"), (ACCOUNT.machine, "anew")])
def test_runs_of_both_sides_are_counted(machine: Mapping[str, str], kind: str) -> None:
    """One run of the three that both have ended elsewhere, by one point; a new run counts not."""
    runs = {"base": {**ACCOUNT.runs["base"], "two": (0.97, 0.25), "new": (0.5, 0.5)}}
    after = replace(with_claim(value=2.1), machine=machine, runs=runs)
    (reason,) = compare(ACCOUNT, after).claims[0].reasons
    assert (reason.kind, reason.runs, reason.other) == (kind, 3, 1)
    assert reason.most == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("machine", "expected"), [(ACCOUNT.machine, ["settings"]), (B, ["settings", "machine"])]
)
def test_runs_that_end_at_another_epoch_are_not_told_as_trained_anew(
    machine: Mapping[str, str], expected: list[str]
) -> None:
    """They are the same runs, of which another number of epochs is asked: nothing else is known."""
    runs = {"base": {**ACCOUNT.runs["base"], "two": (0.97, 0.25)}}
    after = replace(
        with_claim(value=2.1), machine=machine, runs=runs, study=changed("training.epochs=7")
    )
    assert kinds(compare(ACCOUNT, after)) == expected


@pytest.mark.parametrize(
    ("seeds", "n", "few"), [(5, 4, True), (5, 5, False), (3, 4, False), (0, 1, False)]
)
def test_few_are_fewer_than_the_claim_asks_for(seeds: int, n: int, few: bool) -> None:
    """Each claim says how many observations decide it; an exact one needs no number of them."""
    after = with_claim(verdict="inconclusive", n=n, seeds=seeds)
    (_, *added) = compare(ACCOUNT, after).claims[0].reasons
    assert [(each.kind, each.runs, each.needed) for each in added] == [("few", n, seeds)] * few


def test_a_claim_that_stands_still_needs_no_reason() -> None:
    """Other settings that move nothing are no reason."""
    found = compare(ACCOUNT, replace(ACCOUNT, study=changed("training.epochs=7")))
    assert kinds(found) == []
    assert "training.epochs: 2 → 7" in found.changes
    assert not found.equal


@pytest.mark.parametrize("new", [True, False])
def test_a_claim_of_one_side_alone_has_moved(new: bool) -> None:
    """It has no other verdict, and is told by the side that has it."""
    sides = (replace(ACCOUNT, claims={}), ACCOUNT)
    found = compare(*(sides if new else sides[::-1]))
    (move,) = found.moved
    assert (move.flipped, move.told) == (False, CLAIM)


def test_numbers_are_sorted_by_units_of_their_interval() -> None:
    """A difference of 0.02 with a half width of 0.01 is two units; without an interval it is last.

    What one side alone has a value of, comes first.
    """
    bases = [replace(NUMBER, layer=layer) for layer in range(1, 5)]
    bases[2] = replace(bases[2], low=math.nan, high=math.nan)
    after = [
        replace(bases[0], value=0.975),
        replace(bases[1], value=0.95),
        replace(bases[2], value=0.5),
        replace(bases[3], value=math.nan, low=math.nan, high=math.nan, n=0),
    ]
    one = replace(ACCOUNT, numbers=(*bases, replace(NUMBER, epoch=1)))
    found = compare(one, replace(ACCOUNT, numbers=(*after, replace(NUMBER, epoch=2))))
    assert [each.after.layer for each in found.numbers] == [4, 2, 1, 3]
    assert found.numbers[1].difference == pytest.approx(-0.02)
    assert [each.units for each in found.numbers[1:3]] == pytest.approx([-2.0, 0.5])
    assert math.isnan(found.numbers[3].units)
    assert (found.numbers_alike, found.numbers_alone) == (0, 2)


def test_an_account_is_kept_beside_the_pages(tmp_path: Path) -> None:
    """What the next build reads is what this one has written; nothing finite is lost."""
    assert earlier.read(tmp_path) == (None, None)
    (tmp_path / earlier.FILE).parent.mkdir()
    (tmp_path / earlier.FILE).write_text(account.text(ACCOUNT, with_claim(value=2.5)), "utf-8")
    now, before = earlier.read(tmp_path)
    assert now is not None
    assert before is not None
    assert compare(now, ACCOUNT).equal
    assert before.claims["level"].value == 2.5


@pytest.mark.parametrize(
    "kept",
    [
        "", "[]", "{}", '{"now": 3}', '{"now": {"claims": {"level": {"verdict": "perhaps"}}}}',
        account.text(ACCOUNT, None).replace('"experiments"', '"else"'),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_no_build_before(tmp_path: Path, kept: str) -> None:
    """A file that is damaged, or of another version, is as good as none."""
    (tmp_path / earlier.FILE).parent.mkdir()
    (tmp_path / earlier.FILE).write_text(kept, "utf-8")
    assert earlier.read(tmp_path) == (None, None)
