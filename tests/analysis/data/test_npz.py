"""Data sets of one's own: what is read, and every kind of damage named."""

import contextlib
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.data import dataset
from analysis.data.checks import ARRAYS
from analysis.errors import DataError
from tests.analysis.data.made import fashion, refused, saved


def test_a_file_laid_out_as_keras_ships_them_is_read(tmp_path: Path) -> None:
    """Images become rows, pixel by pixel, and labels are kept."""
    arrays = fashion()
    data = dataset.load(str(saved(tmp_path / "fashion.npz", arrays)))
    assert data.x_train.tolist() == [image.ravel().tolist() for image in arrays["x_train"]]
    assert data.y_train.tolist() == arrays["y_train"].tolist()
    assert data.y_test.tolist() == list(range(10))
    description = data.description
    assert (description.train_samples, description.test_samples) == (40, 10)
    assert (description.features, description.classes) == (784, 10)


def test_the_digest_follows_every_value_and_not_the_file(tmp_path: Path) -> None:
    """One pixel or one label more changes the digest; compression and the name do not."""
    arrays = fashion()
    digest = dataset.load(str(saved(tmp_path / "a.npz", arrays))).description.digest
    np.savez_compressed(tmp_path / "b.npz", **dict(reversed(arrays.items())))  # type: ignore[arg-type]
    assert dataset.load(str(tmp_path / "b.npz")).description.digest == digest
    seen = {digest}
    for name, array in arrays.items():
        changed = array.copy()
        changed.flat[3] ^= 1
        other = saved(tmp_path / f"{name}.npz", arrays | {name: changed})
        seen.add(dataset.load(str(other)).description.digest)
    wider = arrays | {"y_train": arrays["y_train"].astype(np.int64)}
    seen.add(dataset.load(str(saved(tmp_path / "wide.npz", wider))).description.digest)
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
    assert "neither" in refused(path)
    assert "neither" in refused(tmp_path)
    for content in (b"", b"text", pickle.dumps([1]), b"PK\x03\x04", b"PK\x05\x06" + bytes(18)):
        path.write_bytes(content)
        refused(path)
    with path.open("wb") as stream:
        np.save(stream, np.zeros((2, 2)))
    refused(path)
    objects = np.array([[1, None]] * 40, dtype=object)
    assert "plain arrays" in refused(saved(path, fashion() | {"x_train": objects}))
    with zipfile.ZipFile(path, "w") as archive:
        for name in ARRAYS:
            archive.writestr(f"{name}.npy", "not an array")
    refused(path)


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
        assert dataset.load(str(path)).x_train.shape == (12, 784)
