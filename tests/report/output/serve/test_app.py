"""What the preview serves and to whom."""

import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Scope

from analysis.errors import InputError, whole
from build import ROOT
from report.output import swap
from report.output.serve import app, server
from report.output.serve.news import News
from report.output.serve.watching import Inputs
from tests.made import apart
from tests.made.sites.previewed import Preview


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """Give a preview that has built and has nothing to do."""
    preview = Preview(tmp_path_factory.mktemp("idle"))
    (preview.folder / "secret.txt").write_text("secret")
    preview.until(busy=False)
    yield preview
    preview.close()


def test_a_page_is_served_with_a_script_and_the_site_stays_as_it_is(idle: Preview) -> None:
    """The script and the leave to ask for news are added on the way; no file is touched."""
    status, headers, page = idle.get("/")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert policy.replace("&#x27;", "'") == (
        "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; "
        "connect-src 'self'"
    )
    assert page.count('<script src="/_preview/preview.js"') == 1
    assert "_preview" not in (idle.folder / "site/index.html").read_text()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/style.css", "text/css; charset=utf-8"),
        ("/figures/loss.svg", "image/svg+xml"),
        ("/report.pdf", "application/pdf"),
        ("/_preview/preview.js", "text/javascript; charset=utf-8"),
        ("/_preview/preview.css", "text/css; charset=utf-8"),
    ],
)
def test_each_file_has_its_type_and_is_asked_for_again(idle: Preview, path: str, kind: str) -> None:
    """A browser is told what a file is, and never to show a kept one without asking."""
    status, headers, _ = idle.get(path)
    assert (status, headers["content-type"]) == (200, kind)
    assert headers["cache-control"] == "no-cache"


def test_a_missing_page_leads_home(idle: Preview) -> None:
    """What the site does not have is a 404 page with a link to the first page, in safe HTML."""
    status, _, page = idle.get("/no<b>thing.html")
    assert status == 404
    assert '<a href="/">' in page
    assert "no&lt;b&gt;thing.html" in page


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/figures/../../secret.txt", "/..%2fsecret.txt",
     "//etc/passwd", "/%2fetc/passwd", "/_preview/../../secret.txt", "/_preview/..%2fsecret.txt"],
)  # fmt: skip
def test_nothing_outside_of_the_site_is_served(idle: Preview, path: str) -> None:
    """However a path is written, it does not leave the site."""
    status, _, text = idle.get(path)
    assert status == 404
    assert "root:" not in text
    assert text != "secret"


OWN = ["127.0.0.1", "localhost", "LocalHost", "[::1]", "localhost:9000", "127.0.0.1:80", "[::1]:9"]
FOREIGN = [
    "example.org", "example.org:9000", "localhost.example.org", "127.0.0.1.example.org", "",
    "localhost:9000:1", "example.org:127.0.0.1", "127.0.0.2", "::1", "localhost.",
]  # fmt: skip


@pytest.mark.parametrize("name", OWN)
def test_any_port_is_this_machines_own(idle: Preview, name: str) -> None:
    """A port may be forwarded: what counts is the name."""
    assert idle.get("/", Host=name)[0] == 200


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_name_is_refused(idle: Preview, name: str) -> None:
    """A request is answered under this machine's own name only, not even the news."""
    status, _, words = idle.get("/", Host=name)
    assert status == 403
    assert "--host" in words
    assert idle.get("/_preview/news", Host=name)[0] == 403


def test_a_name_that_is_allowed_is_answered(tmp_path: Path) -> None:
    """A name that a proxy is called by, however it is written, and its neighbours are not."""
    script = [str(ROOT / "build.py"), "serve", "--port=0", "--results=published"]
    preview = Preview(tmp_path, serve=[*script, "--host=Preview.example.org", "--host=other"])
    try:
        answers = [
            preview.get("/_preview/preview.css", Host=name)[0]
            for name in ("preview.example.org", "PREVIEW.example.org:443", "other", "example.org")
        ]
    finally:
        preview.close()
    assert answers == [200, 200, 200, 403]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("http://example.org", "without scheme and port"),
        ("example.org:9000", "without scheme and port"),
        ("", "without scheme and port"),
        ("exämple.org", "without scheme and port"),
        ("0.0.0.0", "listens on this machine alone"),
        ("[::]", "listens on this machine alone"),
    ],
)
def test_what_is_no_name_of_a_host_is_refused(name: str, said: str) -> None:
    """Before anything is built or served, with what would be right."""
    here = Path.cwd()
    inputs = Inputs(here, here / "site", here)
    with pytest.raises(InputError, match=said) as caught:
        server.serve([], inputs, 0, [name])
    assert str(caught.value).startswith(f"--host {name}: ")


@pytest.mark.skipif(sys.platform != "linux", reason="others have no second loopback address")
def test_no_other_address_answers(idle: Preview) -> None:
    """Only 127.0.0.1 is listened on: its neighbour, which any address would include, refuses."""
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", idle.port))


def test_a_port_in_use_is_an_error_that_says_what_to_do(idle: Preview) -> None:
    """The front door ends with exit code 2, the port and a way out, before anything is built."""
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--port", str(idle.port)]
    ended = subprocess.run(command, cwd=idle.folder, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"error: port {idle.port} is in use by another program")
    assert "--port" in ended.stderr


@pytest.mark.parametrize(
    ("policy", "wider"),
    [
        (
            "default-src 'none'",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
        ),
        (
            "connect-src 'none'; script-src 'self' 'sha256-x'; style-src a.css",
            "connect-src 'self'; script-src 'self' 'sha256-x'; style-src a.css 'self'",
        ),
    ],
)
def test_a_policy_is_widened_by_this_server_alone(policy: str, wider: str) -> None:
    """Scripts, styles and news of the server become allowed, and nothing else does."""
    assert app.widened(policy) == wider


def asked(application: ASGIApp, path: str) -> tuple[int, int, bytes]:
    """Return status, announced length and content of an answer."""
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    scope: Scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": b"", "headers": [(b"host", b"localhost:9000")], "scheme": "http",
    }  # fmt: skip

    async def ask() -> None:
        await application(scope, receive, send)

    apart.run(ask())
    start, *bodies = told
    length = int(dict(start["headers"])[b"content-length"])
    return start["status"], length, b"".join(each.get("body", b"") for each in bodies)


@pytest.mark.parametrize(
    ("path", "file"),
    [("/_preview/preview.js", "preview.js"), ("/", "preview.html"), ("/no.html", "preview.html")],
)
def test_a_file_of_the_preview_that_is_gone_is_named(tmp_path: Path, path: str, file: str) -> None:
    """The answer says which it is and what is wrong, without a traceback."""
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates" / "serve", templates / "serve")
    (templates / "serve" / file).unlink()
    served = app.application(tmp_path / "site", templates, News())
    status, _, content = asked(served, path)
    words = f"templates/serve/{file}: cannot be read: there is no such file\n"
    assert (status, content.decode()) == (500, words)


@pytest.mark.parametrize("atomic", [True, False])
def test_an_answer_is_of_one_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, atomic: bool
) -> None:
    """While the site is swapped again and again, each answer is there, whole, and of one."""
    if not atomic:
        monkeypatch.setattr(whole, "_exchanged", lambda *_: False)
    monkeypatch.setattr(os, "fsync", lambda fd: None)
    site, over = tmp_path / "site", threading.Event()

    def swaps() -> None:
        for number in itertools.count():
            with swap.replacing(site) as new:
                for name in ("index.html", "provenance.json", "style.css"):
                    (new / name).write_text(str(number % 10) * (1000 + 97 * (number % 50)))
            if over.is_set():
                return

    served = app.application(site, ROOT / "templates", News())
    swapping = threading.Thread(target=swaps)
    swapping.start()
    try:
        while not (site / "style.css").exists():
            time.sleep(0.01)
        for _ in range(300):
            status, length, content = asked(served, "/style.css")
            assert (status, length, len(set(content))) == (200, len(content), 1)
    finally:
        over.set()
        swapping.join()
