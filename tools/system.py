"""See to what the tests need of the system: `python tools/system.py`.

Libraries for the PDF and a Chromium to read the site in. In CI, as root on Debian, what is missing
is installed; elsewhere a message names the packages.
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

# Names of Chromium and of Chrome, which does as well.
CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
NO_CHROMIUM = (
    "Tests in a browser need Chromium or Chrome (Debian, Fedora: the package chromium; macOS: "
    "brew install --cask chromium). One in another place: CHROMIUM=/path/to/it"
)


def missing_packages() -> list[str]:
    """Return the Debian packages of the libraries that cannot be loaded here; none but on Linux."""
    if sys.platform != "linux":
        return []
    return [package for library, package in LIBRARIES.items() if not _loads(library)]


def find_chromium(also: Sequence[str] = ()) -> str | None:
    """Return the path of a Chromium or Chrome, or None.

    $CHROMIUM, if set, is the only one considered; then come the usual names, then those in `also`.
    """
    chosen = os.environ.get("CHROMIUM")
    names = [chosen] if chosen else [*CHROMIUM, *also]
    return next((found for name in names if (found := shutil.which(name))), None)


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
