"""What the open pages are told: which edition of the site there is, what is wrong, what goes on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Fault:
    """Why a build ended without a site: what kind of error, where it is, and the message."""

    title: str
    place: str
    """File and line, or the file alone, or nothing where neither is known."""
    message: str


@dataclass(frozen=True)
class State:
    """What a page shows beside itself."""

    fault: Fault | None = None
    notice: str = ""
    """What the build is doing that takes its time."""
    busy: bool = True
    """Whether a build is under way."""


class News:
    """The present state, and everyone who follows it."""

    def __init__(self) -> None:
        self.now = State()
        self._closed = False
        self._changed = asyncio.Event()

    def tell(self, **changes: Fault | str | bool | None) -> None:
        """Change the state and wake those who follow it, even if it says the same as before."""
        self.now = replace(self.now, **changes)  # type: ignore[arg-type]  # the fields of State
        self._wake()

    def close(self) -> None:
        """Let everyone who follows come to an end."""
        self._closed = True
        self._wake()

    async def follow(self) -> AsyncIterator[State]:
        """Yield the state as it is, and again after every change; of several, the last."""
        while not self._closed:
            changed = self._changed
            yield self.now
            await changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
