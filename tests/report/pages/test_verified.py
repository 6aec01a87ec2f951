"""What a page says of a verification follows from its record alone."""

import re
from types import SimpleNamespace

from analysis.results.ledger.verification import Checked, Tier, Verification
from build import ROOT
from report.output.writing.report import templates
from report.pages.verified import verified


def run(experiment: str, tier: Tier) -> Checked:
    """Return a run that has reached a tier."""
    return {
        "experiment": experiment, "point": 0, "variant": "A", "seed": 0, "run_id": "0" * 64,
        "tier": tier, "start": 0.0, "end": None,
    }  # fmt: skip


FOUND: Verification = {
    "schema": 1,
    "manifest": "0" * 64,
    "day": "2026-11-26",
    "commit": "1234567890abcdef",
    "environment": {"processor": "Fast One", "instructions": "AVX2", "keras": "3"},
    "seed": 7,
    "published": 10,
    "runs": [run("base", "bits"), run("base", "bits"), run("deep", "start"), run("deep", "bits")],
    "faults": {},
    "claims": {"deep-one": ["supported", "inconclusive"]},
    "tested": 3,
    "consistent": True,
    "sha256": "",
}


def test_each_experiment_says_how_well_it_agrees() -> None:
    """In a word where all of its runs agree alike, else run by run."""
    told = verified(FOUND)
    assert told
    assert [(each.experiment, each.runs, each.reached) for each in told.experiments] == [
        ("base", 2, ("the same in every published digit",)),
        (
            "deep",
            2,
            (
                "1 run the same in every published digit",
                "1 run the same at the beginning, with too few other seeds to judge the end",
            ),
        ),
    ]
    assert (told.runs, told.published, told.commit) == (4, 10, "1234567890ab")
    assert told.machine == "Fast One, AVX2, Keras 3"
    assert told.flips == (("deep-one", "supported", "inconclusive"),)


def test_where_nothing_was_verified_nothing_is_said() -> None:
    """No record, no section."""
    assert verified(None) is None


def test_a_page_tells_of_machine_day_and_commit() -> None:
    """The section has all of the record, and names the verdicts that moved."""
    environment = templates(ROOT / "templates")
    html = environment.get_template("pages/parts/verified.html").render(
        report=SimpleNamespace(verified=verified(FOUND)), writer=SimpleNamespace(target="site")
    )
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "On 2026-11-26, 4 runs of the 10 published were trained anew, by the code at" in text
    assert "at commit 1234567890ab, on Fast One, AVX2, Keras 3. All of them are" in text
    assert "3 claims were tested: 1 verdict moved." in text
    assert "base, 2 runs: the same in every published digit." in text
    assert "deep-one: supported → inconclusive." in text
    assert 'id="verification"' in html
