"""The ways in which a system can put a folder in its place."""

import pytest

from analysis.errors import whole


@pytest.fixture(params=["exchanged", "moved", "filled"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let folders be put in place by each of the ways."""
    if request.param != "exchanged":
        monkeypatch.setattr(whole, "_exchanged", lambda *_: False)
    if request.param == "filled":
        monkeypatch.setattr(whole, "_moved", lambda *_: False)
    return str(request.param)
