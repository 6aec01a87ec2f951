"""Data sets of one's own: what is read, and every kind of damage named."""

import contextlib
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.data import npz
from analysis.data.checks import ARRAYS
from analysis.errors import DataError
from tests.analysis.data.made import fashion, read, refused, saved


def test_a_file_laid_out_as_keras_ships_them_is_read(tmp_path: Path) -> None:
    """Images become rows, pixel by pixel, and labels are kept."""
    arrays = fashion()
    data = read(saved(tmp_path / "fashion.npz", arrays))
    assert data.x_train.tolist() == [image.ravel().tolist() for image in arrays["x_train"]]
    assert data.y_train.tolist() == arrays["y_train"].tolist()
    assert data.y_test.tolist() == list(range(10))
    description = data.description
    assert (description.train_samples, description.test_samples) == (40, 10)
    assert (description.features, description.classes) == (784, 10)


def test_the_digest_follows_every_value_and_not_the_file(tmp_path: Path) -> None:
    """One pixel or one label more changes the digest; compression and the name do not."""
    arrays = fashion()
    digest = read(saved(tmp_path / "a.npz", arrays)).description.digest
    np.savez_compressed(tmp_path / "b.npz", **dict(reversed(arrays.items())))  # type: ignore[arg-type]
    assert read(tmp_path / "b.npz").description.digest == digest
    seen = {digest}
    for name, array in arrays.items():
        changed = array.copy()
        changed.flat[3] ^= 1
        other = saved(tmp_path / f"{name}.npz", arrays | {name: changed})
        seen.add(read(other).description.digest)
    wider = arrays | {"y_train": arrays["y_train"].astype(np.int64)}
    seen.add(read(saved(tmp_path / "wide.npz", wider)).description.digest)
    assert len(seen) == 6


@pytest.mark.parametrize("name", ARRAYS)
def test_a_missing_array_is_named(tmp_path: Path, name: str) -> None:
    """The message names the array that is missing and those that are there."""
    arrays = fashion()
    del arrays[name]
    message = refused(saved(tmp_path / "less.npz", arrays))
    assert f"has no array {name!r}; it has {', '.join(arrays)}" in message


def test_a_file_that_is_no_archive_of_arrays_is_refused(tmp_path: Path) -> None:
    """Text, nothing, a pickle, a lone array, objects, and a foreign zip are each refused."""
    path = tmp_path / "odd.npz"
    assert "there is no such file" in refused(path)
    assert "is no file" in refused(tmp_path)
    for content in (b"", b"text", pickle.dumps([1]), b"PK\x03\x04", b"PK\x05\x06" + bytes(18)):
        path.write_bytes(content)
        assert "pickle" not in refused(path)
    with path.open("wb") as stream:
        np.save(stream, np.zeros((2, 2)))
    refused(path)
    objects = np.array([[1, None]] * 40, dtype=object)
    assert "plain arrays" in refused(saved(path, fashion() | {"x_train": objects}))
    with zipfile.ZipFile(path, "w") as archive:
        for name in ARRAYS:
            archive.writestr(f"{name}.npy", "not an array")
    refused(path)


def header(shape: str) -> bytes:
    """Return an .npy file of bytes with eight of them, which claims another shape."""
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + bytes(8)


@pytest.mark.parametrize("shape", [f"({10**30}, 4)", f"({10**12}, 4)", "(1, 4)", "(-1, 4)"])
def test_a_header_that_claims_what_the_file_has_not_is_named(tmp_path: Path, shape: str) -> None:
    """Nothing is asked of the memory on the word of a header."""
    path = saved(tmp_path / "claims.npz", {k: v for k, v in fashion().items() if k != "x_train"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_train.npy", header(shape))
    message = refused(path)
    assert f"x_train has shape {shape} and dtype uint8 by its header, but 8 bytes" in message


@pytest.mark.parametrize("major", [3, 9])
def test_a_version_that_no_plain_array_needs_is_named(tmp_path: Path, major: int) -> None:
    """Version 3 of the format is for named columns; there is no ninth."""
    path = saved(tmp_path / "new.npz", {k: v for k, v in fashion().items() if k != "x_train"})
    content = bytearray(header("(8,)"))
    content[6] = major
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_train.npy", bytes(content))
    assert f"x_train is saved in version {major}.0 of the .npy format" in refused(path)


def test_arrays_beyond_the_memory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a small file unpacks to is known before it is unpacked."""
    monkeypatch.setattr("os.sysconf", lambda _: 100)
    assert "this machine has a memory of" in refused(saved(tmp_path / "big.npz", fashion()))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "it may not be read by this user"),
        (OSError(5, "I/O"), "I/O"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    """Whatever the system says against it stands in the message."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "stat", fail)
    message = refused(tmp_path / "closed.npz")
    assert f"cannot be read: {words}; a data set is an .npz file with" in message


@pytest.mark.parametrize("name", ["a" * 300 + ".npz", "nul\0.npz", "pipe.npz", "no/such.npz"])
def test_a_path_that_leads_to_no_file_is_refused(tmp_path: Path, name: str) -> None:
    """A name too long, one with a NUL, and a pipe, for which one would wait for ever."""
    if name == "pipe.npz":
        os.mkfifo(tmp_path / name)
    refused(tmp_path / name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_damaged_only_a_data_error_comes_out(
    tmp_path: Path, data: st.DataObject
) -> None:
    """A byte changed or a tail cut anywhere leaves a readable data set or makes a DataError."""
    whole = saved(tmp_path / "whole.npz", fashion(12)).read_bytes()
    content = bytearray(whole)
    place = data.draw(st.integers(0, len(whole) - 1))
    content[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[place:]
    path = tmp_path / "damaged.npz"
    path.write_bytes(content)
    with contextlib.suppress(DataError):
        assert read(path).x_train.shape == (12, 784)


def test_one_array_is_no_data_set(tmp_path: Path) -> None:
    """A file of `numpy.save` under the name of one of `numpy.savez` is told as what it is."""
    path = tmp_path / "one.npz"
    with path.open("wb") as stream:
        np.save(stream, np.zeros(3))
    with pytest.raises(DataError, match=r"one\.npz: holds one array \(an \.npy file\)"):
        npz.load(path)
