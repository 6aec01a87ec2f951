"""A compiler that is kept for many builds."""

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from report.output.paper import room
from report.output.paper.press import Press, Unset
from tests.report.output.paper.conftest import TEMPLATES
from tests.report.output.paper.documents import set_body


def test_builds_share_one_compiler() -> None:
    """Each gets the answer to its own files, a fault as a fault, and one at a time."""
    busy = threading.Lock()

    def compile_files(files: Mapping[str, str]) -> tuple[bytes, str]:
        assert busy.acquire(blocking=False)
        try:
            return (b"", files["wrong"]) if "wrong" in files else (files["a"].encode(), "")
        finally:
            busy.release()

    async def ask() -> list[tuple[bytes, str]]:
        async with room.kept(compile_files) as address:
            questions = [{"a": f"é {number}\n" * 9999} for number in range(4)] + [{"wrong": "so"}]
            return await asyncio.gather(
                *(asyncio.to_thread(room.asked, address, files) for files in questions)
            )

    *pdfs, fault = asyncio.run(ask())
    assert pdfs == [(f"é {number}\n".encode() * 9999, "") for number in range(4)]
    assert fault == (b"", "so")


def test_a_build_that_leaves_does_no_harm() -> None:
    """The next one is answered."""

    async def leave_then_ask() -> tuple[bytes, str]:
        async with room.kept(lambda files: (files["a"].encode(), "")) as address:
            _, writer = await asyncio.open_unix_connection(address)
            writer.write(b'{"a": "hal')
            writer.close()
            return await asyncio.to_thread(room.asked, address, {"a": "whole"})

    assert asyncio.run(leave_then_ask()) == (b"whole", "")


def test_a_press_far_away_prints_the_same(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes are those of a compiler in the build's own process; so are the faults."""
    here = set_body(press, "<p>a</p>")

    async def far() -> bytes:
        async with room.kept(press.compiler.compile) as address:
            monkeypatch.setenv(room.ADDRESS, address)
            away = Press(TEMPLATES)
            with pytest.raises(Unset, match="<marquee>"):
                await asyncio.to_thread(set_body, away, "<p><marquee>a</marquee></p>")
            content = await asyncio.to_thread(set_body, away, "<p>a</p>")
            assert away.compiler.kept is None
            return content

    assert asyncio.run(far()) == here
    assert not Path("press").exists()
