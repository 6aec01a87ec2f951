"""See to what the tests need of the system: `python tools/system.py`.

A Chromium and a Firefox to read the site in. In CI, as root on Debian, they are installed where
they are missing; elsewhere a message says which tests are left out.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
"""Chromium, or Chrome, which does as well: by name where it is on the path."""
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
BROWSER = (
    "Chromium or Chrome (Debian: apt install chromium; Fedora: dnf install chromium; "
    "macOS: brew install --cask chromium; or CHROMIUM=/path/to/it)"
)
"""What is needed, and how to come by it, in words."""
NEEDS_BROWSER = f"tests in a browser need {BROWSER}"
FIREFOXES = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
"""Firefox, the one of long support first."""
NEEDS_FIREFOX = (
    "tests in Firefox need it (Debian: apt install firefox-esr; Fedora: dnf install firefox; "
    "macOS: brew install --cask firefox)"
)


def find_browser() -> str | None:
    """Return the path of a Chromium or Chrome, or None.

    Where $CHROMIUM is set, no other is considered.
    """
    chosen = os.environ.get("CHROMIUM")
    names = [chosen] if chosen else [*BROWSERS, *map(str, _downloaded())]
    return next((found for name in names if (found := shutil.which(name))), None)


def find_firefox() -> str | None:
    """Return the path of a Firefox, or None."""
    return next((found for name in FIREFOXES if (found := shutil.which(name))), None)


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


def main() -> int:
    """Return 0, or in CI what apt-get returned where it failed."""
    missing = {
        package: needs
        for package, needs, found in (
            ("chromium", NEEDS_BROWSER, find_browser()),
            ("firefox-esr", NEEDS_FIREFOX, find_firefox()),
        )
        if not found
    }
    if not may_install():
        for needs in missing.values():
            print(f"Left out: {needs}.")
        return 0
    try:
        if missing:
            install([*missing])
    except subprocess.CalledProcessError as error:
        print(f"error: apt-get could not install {' and '.join(missing)}", file=sys.stderr)
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
