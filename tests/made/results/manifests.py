"""What is published of a claim, and manifests that somebody else has written."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.errors import sealed

ENTRY = {
    "experiment": "base", "settings": "a digest", "verdict": "supported", "value": -0.035,
    "low": None, "high": 0.04, "unit": "percentage points", "n": 20,
}  # fmt: skip
"""What a manifest says of a claim without a lower end."""


def forge(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a manifest and make its own digest right again."""
    about = json.loads(path.read_bytes())
    change(about)
    about["sha256"] = sealed.digest_of(about, ordered=True)
    path.write_text(json.dumps(about), "utf-8")


def rewrite(folder: Path, name: str, change: Callable[[list[str]], list[str]]) -> None:
    """Change the lines of a table, and make all that the manifest says of it right again."""
    path = folder / f"{name}.csv"
    lines = change(path.read_text("utf-8").splitlines(keepends=True))
    content = "".join(lines).encode()
    path.write_bytes(content)
    told = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    told["rows"] = max(0, len(lines) - 1)
    forge(folder / "manifest.json", lambda about: about["files"][f"{name}.csv"].update(told))
