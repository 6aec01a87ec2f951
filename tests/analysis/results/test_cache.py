"""What has been rendered before is kept whole, or made anew; and never more than is allowed."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest

from analysis.results.cache import Cache, digest


def texts(*made: str) -> Callable[[], str]:
    """Return a function that makes these texts, one after the other, and then fails."""
    left = list(made)
    return lambda: left.pop(0)


def entries(folder: Path) -> list[Path]:
    """Return the files of a cache."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_cache_keeps_what_was_made(tmp_path: Path) -> None:
    """A text is made once under a key; no two lists of parts have the same key."""
    cache, made = Cache(tmp_path), texts("é\n")
    assert [cache.text("abcd", made), cache.text("abcd", made)] == ["é\n", "é\n"]
    assert Cache(tmp_path).text("abcd", made) == "é\n"
    assert digest("ab", "c") != digest("a", "bc")


@pytest.mark.parametrize("left", [0, 1, 30, 64, 65, 66, -1])
def test_an_entry_that_is_not_whole_is_made_anew(tmp_path: Path, left: int) -> None:
    """However much of it a full disk or a power cut has left."""
    Cache(tmp_path).text("abcd", texts("a text"))
    (entry,) = entries(tmp_path)
    entry.write_bytes(entry.read_bytes()[:left])
    made = texts("anew")
    assert Cache(tmp_path).text("abcd", made) == "anew"
    assert Cache(tmp_path).text("abcd", made) == "anew"


@pytest.mark.parametrize("content", [b"\xff\xfe\n\xff", b"a text", b"\n", b"0" * 64 + b"\na text"])
def test_an_entry_of_other_bytes_is_made_anew(tmp_path: Path, content: bytes) -> None:
    """Also one that an earlier version of the project has written, without its check."""
    Cache(tmp_path).text("abcd", texts("a text"))
    (entry,) = entries(tmp_path)
    entry.write_bytes(content)
    assert Cache(tmp_path).text("abcd", texts("anew")) == "anew"


def test_a_text_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    """An error on the way is the caller's, and the next one makes the text."""
    with pytest.raises(IndexError):
        Cache(tmp_path).text("abcd", texts())
    assert entries(tmp_path) == []
    assert Cache(tmp_path).text("abcd", texts("a text")) == "a text"


def test_what_was_not_used_for_longest_is_forgotten(tmp_path: Path) -> None:
    """Reading counts as use; the newest entries that fit are kept, and one more is written."""
    keys = [f"{number:04}" for number in range(6)]
    for age, key in enumerate(reversed(keys)):
        Cache(tmp_path).text(key, texts(key * 250))
        (entry,) = (tmp_path / key[:2]).glob(key[2:])
        os.utime(entry, ns=(10**18 - age, 10**18 - age))
    assert Cache(tmp_path).text("0000", texts()) == "0000" * 250  # the oldest is used now
    size = entries(tmp_path)[0].parent.joinpath("05").stat().st_size
    Cache(tmp_path, largest=3 * size).text("ffff", texts("new"))
    kept = {path.parent.name + path.name for path in entries(tmp_path)}
    assert kept == {"0000", "0004", "0005", "ffff"}


def test_what_a_killed_build_has_left_is_cleared_away(tmp_path: Path) -> None:
    """By the next one, before it starts others that write as well."""
    Cache(tmp_path).text("abcd", texts("a text"))
    (tmp_path / "ab" / ".ef.1234.new").write_text("half")
    assert Cache(tmp_path).settled().text("abcd", texts()) == "a text"
    assert [path.name for path in entries(tmp_path)] == ["cd"]
    assert Cache(None).settled().text("abcd", texts("a text")) == "a text"


def test_nothing_is_forgotten_while_there_is_room(tmp_path: Path) -> None:
    """And a build that finds everything does not even look."""
    for key in ("abcd", "abce", "abcf"):
        Cache(tmp_path).text(key, texts(key))
    again = Cache(tmp_path, largest=0)
    assert [again.text(key, texts()) for key in ("abcd", "abce")] == ["abcd", "abce"]
    assert len(entries(tmp_path)) == 3


def test_where_it_cannot_be_written_that_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A build does without, and its texts are the same."""
    (tmp_path / "cache").write_text("a file in the place of the folder")
    cache = Cache(tmp_path / "cache")
    assert [cache.text(key, texts(key)) for key in ("abcd", "bcde")] == ["abcd", "bcde"]
    said = capsys.readouterr().err
    assert said.startswith(f"{tmp_path}/cache: cannot be written (Not a directory); ")
    assert said.count("cannot be written") == 1


def test_what_can_only_be_read_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cache of someone else serves, and what it lacks is made."""
    Cache(tmp_path).text("abcd", texts("a text"))

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "utime", refused)
    monkeypatch.setattr(Path, "mkdir", refused)
    cache = Cache(tmp_path)
    assert cache.text("abcd", texts()) == "a text"
    assert cache.text("bcde", texts("another")) == "another"
    assert "cannot be written (Permission denied)" in capsys.readouterr().err


def test_what_another_process_makes_is_waited_for(tmp_path: Path) -> None:
    """It is made once: who shares the cache sees that it was begun, and takes it then."""
    key, mine = digest("a"), Cache(tmp_path, shared=True)
    process, parent = _making(tmp_path, key)
    assert not mine.has(key)
    assert mine.begun(key)
    parent.send("go on")
    assert mine.text(key, lambda: "made again") == "made there"
    process.join()


def test_what_a_killed_process_was_making_is_made(tmp_path: Path) -> None:
    """Nobody waits for it."""
    key, mine = digest("a"), Cache(tmp_path, shared=True)
    process, _ = _making(tmp_path, key)
    process.kill()
    process.join()
    assert not mine.begun(key)
    assert mine.text(key, lambda: "made here") == "made here"
    assert mine.settled().text(key, lambda: "again") == "made here"
    assert not list(tmp_path.rglob(".*"))


def _making(folder: Path, key: str) -> tuple[SpawnProcess, Connection]:
    """Return a process that has begun to make an entry, and what it waits for a word at."""
    parent, child = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_make_slowly, args=(folder, key, child)
    )
    process.start()
    assert parent.recv() == "begun"
    return process, parent


def _make_slowly(folder: Path, key: str, pipe: Connection) -> None:
    def make() -> str:
        pipe.send("begun")
        pipe.recv()
        return "made there"

    Cache(folder, shared=True).text(key, make)
