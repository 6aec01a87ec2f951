"""What a machine is called, and what it can do, as its system tells it."""

import platform
from pathlib import Path

import pytest

from analysis.plan.costs import machine
from analysis.plan.provenance import same

INTEL = """processor\t: 0
model name\t: Some Processor @ 2.00GHz
flags\t\t: fpu sse4_2 fma avx avx2 avx512f
processor\t: 1
flags\t\t: fpu
"""
ARM = "processor\t: 0\nFeatures\t: fp asimd sve\n"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (INTEL, "SSE4.2 AVX FMA AVX2 AVX512F"),
        (ARM, "ASIMD SVE"),
        ("flags\t\t: fpu\n", "some machine"),
        (None, "some machine"),
    ],
)
def test_instructions_are_those_of_the_first_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str | None, said: str
) -> None:
    """In a fixed order; where none is listed, the kind of the machine."""
    path = tmp_path / "cpuinfo"
    if told is not None:
        path.write_text(told, "utf-8")
    monkeypatch.setattr(machine, "CPU_INFO", path)
    monkeypatch.setattr(platform, "machine", lambda: "some machine")
    assert machine.instructions() == said
    if told == INTEL:
        assert machine.processor() == "Some Processor @ 2.00GHz"


def test_an_environment_without_instructions_is_compared_by_the_rest() -> None:
    """Records of earlier versions lack them; two that have them must agree."""
    here = {"processor": "A", "instructions": "AVX2", "cores": "2", "day": "2026-11-26"}
    assert same({"processor": "A", "cores": "4"}, here)
    assert not same({"processor": "B"}, here)
    assert same(here | {"cores": "8"}, here)
    assert not same(here | {"instructions": "AVX"}, here)
