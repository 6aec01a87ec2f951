"""See to what the tests need of the system: `python tools/system.py`.

Libraries to set the PDF, and a Chromium to read the site in. In CI, as root on Debian, what is
missing is installed; elsewhere a message names the packages.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

# What WeasyPrint loads to set the PDF, and the Debian package that has it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# Chromium, or Chrome, which does as well: by name where it is on the path.
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
DOWNLOADS = (".cache/ms-playwright", "Library/Caches/ms-playwright")
"""Where `playwright install chromium` puts its own, below the home folder."""
QUIETLY = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NEEDS_BROWSER = (
    "tests in a browser need Chromium or Chrome (Debian: apt install chromium; Fedora: dnf install "
    "chromium; macOS: brew install --cask chromium; or CHROMIUM=/path/to/it)"
)


def missing_packages() -> list[str]:
    """Return the Debian packages of what cannot be loaded or found here.

    Libraries are looked for on Linux alone; a browser everywhere.
    """
    libraries = LIBRARIES if sys.platform == "linux" else {}
    packages = [package for library, package in libraries.items() if not _loads(library)]
    return packages if find_browser() else [*packages, "chromium"]


def find_browser() -> str | None:
    """Return the path of a Chromium or Chrome, or None.

    Where $CHROMIUM is set, no other is considered.
    """
    chosen = os.environ.get("CHROMIUM")
    names = [chosen] if chosen else [*BROWSERS, *map(str, _downloaded())]
    return next((found for name in names if (found := shutil.which(name))), None)


def _downloaded() -> Iterator[Path]:
    for folder in DOWNLOADS:
        yield from sorted((Path.home() / folder).glob("chromium-*/chrome-linux*/chrome"))
        yield from sorted((Path.home() / folder).glob("chromium-*/*/*.app/Contents/MacOS/*"))


def browser_arguments() -> list[str]:
    """Return what to start it with: it asks the network for nothing; root has no sandbox."""
    return [*QUIETLY, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


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


def left_out(packages: Sequence[str]) -> str:
    """Return in one line which tests are skipped for want of these packages."""
    libraries = [package for package in packages if package != "chromium"]
    paper = [f"tests of the PDF need system packages (Debian: {' '.join(libraries)})"]
    return "; ".join(
        [*(paper if libraries else []), *([NEEDS_BROWSER] if "chromium" in packages else [])]
    )


def main() -> int:
    """Return 0, or in CI what apt-get returned where it failed."""
    packages = missing_packages()
    if not packages:
        return 0
    if not may_install():
        print(f"Left out: {left_out(packages)}.")
        return 0
    try:
        install(packages)
    except subprocess.CalledProcessError as error:
        print(f"error: apt-get could not install {' '.join(packages)}", file=sys.stderr)
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
