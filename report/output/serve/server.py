"""Build and serve at once, until Ctrl-C ends both."""

import asyncio
import contextlib
import errno
import re
import socket
from collections.abc import Collection, Iterator, Sequence

import uvicorn
from starlette.types import ASGIApp

from analysis.errors import InputError, stopping
from report.output.paper import room
from report.output.paper.press import FACES, Compiler
from report.output.serve.app import application
from report.output.serve.builds import keep_building
from report.output.serve.news import News
from report.output.serve.watching import Inputs

ADDRESS = "127.0.0.1"
"""This machine alone, whatever network it is in."""
NAME = re.compile(r"[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]")
ANY = re.compile(r"0(\.0)*|\[[0:.]*\]")
FAREWELL = "The preview has ended."


def serve(command: Sequence[str], inputs: Inputs, port: int, hosts: Collection[str] = ()) -> None:
    """Build with `command`, and serve the site until Ctrl-C, which is raised in the end.

    The command builds in the working folder and prints "site/index.html is ready." when the pages
    stand. `hosts` are names of this machine by which a proxy calls the preview. Raises InputError
    for what is no name, and where the port cannot be had; port 0 is any that is free.
    """
    for each in hosts:
        _check(each)
    with _listening(port) as listener:
        port = listener.getsockname()[1]
        print(f"Preview: http://{ADDRESS}:{port}/ (Ctrl-C ends it)", flush=True)
        try:
            asyncio.run(_serve(command, inputs, listener, hosts))
        except (KeyboardInterrupt, asyncio.CancelledError):
            raise KeyboardInterrupt(FAREWELL) from None


def _check(host: str) -> None:
    if not NAME.fullmatch(host):
        raise InputError(
            f"--host {host}: is no name of a host; give that by which browsers call the preview, "
            "without scheme and port, such as preview.example.org"
        )
    if ANY.fullmatch(host):
        raise InputError(
            f"--host {host}: is an address to listen on; the preview listens on this machine "
            "alone. Give the name by which a proxy or a forwarded port is called"
        )


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
            listener.listen()
        except OSError as error:
            why = {
                errno.EADDRINUSE: "is in use by another program",
                errno.EACCES: "is reserved for the system",
            }.get(error.errno or 0, f"cannot be used: {error.strerror}")
            raise InputError(
                f"port {port} {why}; choose another (make serve PORT={_another(port)}, or "
                f"build.py serve --port {_another(port)}), or 0 for any that is free"
            ) from None
        yield listener


def _another(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8001


class _Server(uvicorn.Server):
    """A server that leaves signals to asyncio, which ends everything in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(
    command: Sequence[str], inputs: Inputs, listener: socket.socket, hosts: Collection[str]
) -> None:
    news = News()
    server = _Server(_quiet(application(inputs.site, inputs.root / "templates", news, hosts)))
    _end_on_signals()
    compiler = Compiler(inputs.root / "templates" / FACES)
    async with room.kept(compiler.compile) as press:
        await _until_one_ends(
            [
                asyncio.create_task(server.serve(sockets=[listener])),
                asyncio.create_task(keep_building(command, inputs, news, press)),
            ],
            server,
            news,
        )


async def _until_one_ends(
    tasks: Sequence["asyncio.Task[None]"], server: _Server, news: News
) -> None:
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # raises what ended it: neither of them ends by itself
    finally:
        news.close()
        server.should_exit = True
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _quiet(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app, loop="asyncio", http="h11", ws="none", lifespan="off", log_level="error",
        access_log=False, server_header=False, proxy_headers=False, timeout_graceful_shutdown=1,
    )  # fmt: skip


def _end_on_signals() -> None:
    """Let the first Ctrl-C, kill or closed terminal end the preview, and any other do nothing."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None

    def end() -> None:
        for each in stopping.CODES:
            loop.add_signal_handler(each, lambda: None)
        task.cancel()

    for each in stopping.CODES:
        loop.add_signal_handler(each, end)
