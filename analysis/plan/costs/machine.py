"""Which machine this is: its processor, and what that can do at once."""

import platform
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
SETS = ("sse4_2", "avx", "fma", "avx2", "avx512f", "avx512_bf16", "amx_tile", "asimd", "sve")
"""Sets of instructions for vectors, by their names in CPU_INFO."""


def processor() -> str:
    """Return the name of the processor, as the system tells it."""
    found = next((value for name, value in _told() if name == "model name"), "")
    return found or platform.processor() or platform.machine()


def instructions() -> str:
    """Return the processor's sets of instructions for vectors, as "SSE4.2 AVX FMA AVX2".

    Where the system does not list them, as on a Mac, the kind of the processor, such as "arm64".
    """
    lists = (value for name, value in _told() if name in ("flags", "Features"))
    flags = set(next(lists, "").split())
    found = [name.upper().replace("SSE4_2", "SSE4.2") for name in SETS if name in flags]
    return " ".join(found) or platform.machine()


def _told() -> list[tuple[str, str]]:
    """Return name and value of what the system tells of its processors, line by line."""
    if not CPU_INFO.is_file():
        return []
    lines = CPU_INFO.read_text(errors="replace").splitlines()
    parts = (line.partition(":") for line in lines)
    return [(name.strip(), value.strip()) for name, _, value in parts]
