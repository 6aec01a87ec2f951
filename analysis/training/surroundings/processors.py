"""How many processors this process may use, by affinity and by the quota of its control group.

And how much memory it has taken.
"""

import contextlib
import math
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

CONTROLLERS = ("cpu", "cpu,cpuacct", "cpuacct,cpu")
"""Where the first version of control groups has the quota of processor time."""


def available(system: Path = Path("/")) -> int:
    """Return the number of processors this process may use, at least one.

    A quota of one and a half makes two: a worker that waits now and then beats one that is missing.
    """
    affinity = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return max(1, min([affinity, *(math.ceil(quota) for quota in _quotas(system))]))


def memory() -> int:
    """Return the most bytes of memory that this process has had at once, shared ones included."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def _quotas(system: Path) -> Iterator[float]:
    """Yield the processors that each control group around this process grants."""
    for folder in _groups(system):
        with contextlib.suppress(OSError, ValueError, ZeroDivisionError):
            quota, period = (folder / "cpu.max").read_text().split()
            yield int(quota) / int(period)
        with contextlib.suppress(OSError, ValueError, ZeroDivisionError):
            quota, period = (
                (folder / f"cpu.cfs_{each}_us").read_text() for each in ("quota", "period")
            )
            if int(quota) > 0:
                yield int(quota) / int(period)


def _groups(system: Path) -> Iterator[Path]:
    """Yield the folders of this process's control groups and of those around them.

    A container may see itself by a path of its host, of which it has the end alone or nothing: a
    folder that is not there is passed over.
    """
    mounted = system / "sys" / "fs" / "cgroup"
    try:
        lines = (system / "proc" / "self" / "cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        group = PurePosixPath(path.lstrip("/"))
        if not controllers:
            tops = [mounted, mounted / "unified"]
        elif "cpu" in controllers.split(","):
            tops = [mounted / each for each in CONTROLLERS]
        else:
            continue
        for top in tops:
            yield from (top / each for each in (group, *group.parents))
