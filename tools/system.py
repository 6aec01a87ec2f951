"""See to the system libraries that the tests load: `python tools/system.py`.

In CI, as root on Debian, what is missing is installed; elsewhere a message names the packages.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

# What WeasyPrint loads to set the PDF, and the Debian package that has it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def missing_packages() -> list[str]:
    """Return the Debian packages of the libraries that cannot be loaded here; none but on Linux."""
    if sys.platform != "linux":
        return []
    return [package for library, package in LIBRARIES.items() if not _loads(library)]


def install(packages: Sequence[str]) -> None:
    """Install Debian `packages`; raise CalledProcessError where that fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-qq", "--yes", "--no-install-recommends"]
    for command in (["update", "-qq"], ["install", *options, *packages]):
        subprocess.run(["apt-get", *command], check=True, env=environment)


def may_install() -> bool:
    """Return whether CI may install here: CI is set, the user is root, and apt-get is there."""
    return bool(os.environ.get("CI")) and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def main() -> int:
    """Return 0, or in CI what apt-get returned where it failed."""
    packages = missing_packages()
    if not packages:
        return 0
    if not may_install():
        print(f"Tests of the PDF need system packages (Debian: {' '.join(packages)}).")
        return 0
    try:
        install(packages)
    except subprocess.CalledProcessError as error:
        print(f"error: apt-get could not install {' '.join(packages)}", file=sys.stderr)
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
