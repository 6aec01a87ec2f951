"""A compiler kept alive by a preview, for the builds that it starts one after the other.

A build is a process of its own and would begin with an empty memory. So it sends its files through
a socket in a private folder, and gets the PDF, or what is wrong.
"""

import contextlib
import json
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

ADDRESS = "REPORT_PRESS"
"""The environment variable that tells a build where the socket is."""

Compile = Callable[[Mapping[str, str]], tuple[bytes, str]]


@contextlib.asynccontextmanager
async def kept(compile_files: Compile) -> AsyncIterator[str]:
    """Give the address of a compiler that answers as long as the block lasts."""
    import asyncio  # which a build that asks has no use for

    turns = asyncio.Lock()

    async def answer(reader: "asyncio.StreamReader", writer: "asyncio.StreamWriter") -> None:
        # A build that was ended in the middle of its question gets no answer.
        gone = contextlib.suppress(ConnectionError, json.JSONDecodeError)
        with contextlib.closing(writer), gone:
            files = json.loads(await reader.read())
            async with turns:
                pdf, fault = await asyncio.to_thread(compile_files, files)
            writer.write(json.dumps(fault).encode() + b"\n" + pdf)
            await writer.drain()

    with tempfile.TemporaryDirectory() as folder:
        address = str(Path(folder, "press"))
        async with await asyncio.start_unix_server(answer, address):
            yield address


def asked(address: str, files: Mapping[str, str]) -> tuple[bytes, str]:
    """Return what the compiler at an address makes of files: the PDF, and what is wrong."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        line.sendall(json.dumps(files).encode())
        line.shutdown(socket.SHUT_WR)
        with line.makefile("rb") as answer:
            fault: str = json.loads(answer.readline())
            return answer.read(), fault
