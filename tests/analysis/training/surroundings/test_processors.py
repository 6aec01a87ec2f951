"""How many processors there are for us, from files as Linux writes them."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from analysis.training.surroundings import processors

V2, V1 = "0::", "4:cpu,cpuacct:"
CASES: dict[str, tuple[Mapping[str, str], int]] = {
    "no control groups": ({}, 16),
    "no quota": ({"proc/self/cgroup": f"{V2}/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, 16),
    "a container of one": (
        {"proc/self/cgroup": f"{V2}/\n", "sys/fs/cgroup/cpu.max": "100000 100000\n"},
        1,
    ),
    "two and a half are three": (
        {"proc/self/cgroup": f"{V2}/\n", "sys/fs/cgroup/cpu.max": "250000 100000\n"},
        3,
    ),
    "a tenth is one": (
        {"proc/self/cgroup": f"{V2}/\n", "sys/fs/cgroup/cpu.max": "10000 100000\n"},
        1,
    ),
    "more than there are": (
        {"proc/self/cgroup": f"{V2}/\n", "sys/fs/cgroup/cpu.max": "9900000 100000\n"},
        16,
    ),
    "a group around the own one": (
        {
            "proc/self/cgroup": f"{V2}/user.slice/mine.scope\n",
            "sys/fs/cgroup/user.slice/mine.scope/cpu.max": "max 100000\n",
            "sys/fs/cgroup/user.slice/cpu.max": "400000 100000\n",
        },
        4,
    ),
    "the tightest counts": (
        {
            "proc/self/cgroup": f"{V2}/a/b\n",
            "sys/fs/cgroup/a/b/cpu.max": "200000 100000\n",
            "sys/fs/cgroup/a/cpu.max": "400000 100000\n",
        },
        2,
    ),
    "version 1": (
        {
            "proc/self/cgroup": f"5:memory:/x\n{V1}/x\n1:name=systemd:/x\n",
            "sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us": "150000\n",
            "sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us": "50000\n",
        },
        3,
    ),
    "version 1 without a quota": (
        {
            "proc/self/cgroup": f"{V1}/x\n",
            "sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us": "-1\n",
            "sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us": "100000\n",
        },
        16,
    ),
    "version 1 in a container that is told the path of its host": (
        {
            "proc/self/cgroup": "3:cpu:/docker/0123abcd\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000\n",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        },
        1,
    ),
    "both versions at once": (
        {
            "proc/self/cgroup": f"{V1}/x\n{V2}/x\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "500000\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/unified/x/cpu.max": "700000 100000\n",
        },
        5,
    ),
    "memory alone has a group": (
        {
            "proc/self/cgroup": "5:memory:/x\n",
            "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "100000\n",
            "sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "100000\n",
        },
        16,
    ),
    "garbage": (
        {"proc/self/cgroup": "what\n\n::\n0::/\n", "sys/fs/cgroup/cpu.max": "many per moment\n"},
        16,
    ),
    "a period of nothing": (
        {"proc/self/cgroup": f"{V2}/\n", "sys/fs/cgroup/cpu.max": "100000 0\n"},
        16,
    ),
}
"""Files of a machine of sixteen processors, and how many of those are for us."""


@pytest.mark.parametrize("case", CASES)
def test_a_quota_counts(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The processors are those of the affinity, or fewer where a control group grants less."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    files, expected = CASES[case]
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert processors.available(tmp_path) == expected
