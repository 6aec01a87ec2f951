"""What may be typed for a cluster, and where there is none."""

import contextlib
import importlib.util
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.training.cluster import joining
from analysis.training.cluster.joining import Address
from tests.analysis.training.cluster.clusters import needed
from tests.build.door import typed

pytestmark = needed


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("tcp://host:8786", 0), ("tls://10.0.0.1:1", 0), ("tcp://[::1]:65535", 0),
        ("local:4", 4), ("local:1", 1),
    ],
)  # fmt: skip
def test_an_address_is_read(text: str, here: int) -> None:
    """A scheduler by protocol, host and port; or workers here, by their number."""
    assert joining.read(text) == Address(text, here)


@pytest.mark.parametrize(
    "text",
    [
        "", "4", "local", "local:", "local:0", "local:-1", "local:two", "local:4 ", "host:8786",
        "tcp://host", "tcp://:8786", "tcp://host:0", "tcp://host:65536", "tcp://host:8786/",
        "http://host:8786", "tcp://user@host:8786", "tcp://host:8786\n", "TCP://host:8786",
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["report", "train", "replicate", "verify", "bench"])
def test_what_is_no_address_is_refused(command: str, text: str) -> None:
    """Each command says what would be right, and does nothing."""
    code, out, err = typed(command, "--cluster", text)
    assert (code, out) == (2, "")
    assert err.startswith("error: --cluster ")
    assert "must be the address of a scheduler, such as tcp://host:8786, or local:4" in err


def test_a_number_of_workers_is_for_this_machine() -> None:
    """Both at once would be two answers to one question."""
    code, _, err = typed("train", "--workers", "2", "--cluster", "local:2")
    assert code == 2
    assert "--workers 2 with --cluster: a cluster has workers of its own" in err


def test_without_its_packages_a_word_says_how_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the command that installs them."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"not installed; .* make report CLUSTER=local:2$"):
        joining.count(joining.read("local:2"))


class Web(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def listening(kind: str) -> Iterator[int]:
    """Give the port of something that is no scheduler."""
    if kind == "web":
        server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
        server.socket.close()
        return
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        if kind == "silent":
            own.listen()
        yield own.getsockname()[1]


@pytest.mark.parametrize("kind", ["nobody", "silent", "web"])
def test_no_cluster_at_the_address(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within ten seconds a message says so, where nobody listens or something else does."""
    monkeypatch.chdir(tmp_path)
    with listening(kind) as port:
        began = time.monotonic()
        code, _, err = typed(
            "train", "--study", "quick", "--results", "own", "--cluster", f"tcp://127.0.0.1:{port}"
        )
        assert time.monotonic() - began < 10
    assert code == 2
    assert f"--cluster tcp://127.0.0.1:{port}: no scheduler of Dask answers there" in err
    assert "Traceback" not in err
