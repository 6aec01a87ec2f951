"""The data set of a study: its name, its file, whose it is, and what of these is written down."""

from pathlib import Path

import pytest

from analysis.data import dataset
from analysis.errors import DataError, StudyError
from analysis.plan import planning
from analysis.study.file import build_study
from analysis.study.model import Data, Study
from tests.analysis.study.good import GOOD
from tests.made.results import tiny
from tests.made.results.studies import load_study

OWN = '{ path = "sets/letters.npz", name = "Letters", source = "A. Maker, CC0" }'


def study(path: Path, data: str, more: str = "", overrides: tuple[str, ...] = ()) -> Study:
    """Return the good study on other data, in a file of its own."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(GOOD.replace('"mnist"', data, 1) + more, encoding="utf-8")
    return load_study(path, overrides)


PATHS = [
    (OWN, (), "Letters", "{file}/sets/letters.npz"),
    ('"letters.npz"', (), "letters", "{file}/letters.npz"),
    ('"../sets/letters.npz"', (), "letters", "{file}/../sets/letters.npz"),
    ('"/sets/letters.npz"', (), "letters", "/sets/letters.npz"),
    ('"~/letters.npz"', (), "letters", "{home}/letters.npz"),
    ('{ path = "~/a.npz", name = "A" }', (), "A", "{home}/a.npz"),
    ('"~nobody-of-that-name/a.npz"', (), "a", "{file}/~nobody-of-that-name/a.npz"),
    ('"mnist"', ("dataset=a.npz",), "a", "a.npz"),
    ('"mnist"', ("dataset={path='b/a.npz', name='A'}",), "A", "b/a.npz"),
    (OWN, ("dataset.path=b.npz",), "Letters", "b.npz"),
    (OWN, ("dataset.name=Signs",), "Signs", "{file}/sets/letters.npz"),
    (OWN, ("dataset=mnist",), "mnist", None),
    ('"mnist"', ("dataset=./letters",), "letters", "./letters"),
    ('"mnist"', ("dataset=./mnist",), "mnist", "./mnist"),
    ('"./mnist"', (), "mnist", "{file}/mnist"),
    ('{ path = "mnist", name = "A" }', (), "A", "{file}/mnist"),
]


@pytest.mark.parametrize(("data", "overrides", "name", "path"), PATHS)
def test_a_path_is_seen_from_where_it_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    data: str, overrides: tuple[str, ...], name: str, path: str | None,
) -> None:  # fmt: skip
    """In a study from its file, on the command line from the working folder; "~" is the home."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    found = study(tmp_path / "here" / "s.toml", data, overrides=overrides).dataset
    places = {"file": tmp_path / "here", "home": tmp_path / "home"}
    assert (found.name, found.path) == (name, path and path.format(**places))


def test_an_extended_study_has_its_data_where_they_are(tmp_path: Path) -> None:
    """A path is seen from the file that holds it, whichever study extends that."""
    study(tmp_path / "s.toml", OWN, '[experiments.other]\ndataset = "other.npz"\n')
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "t.toml").write_text('extends = "../s.toml"\n', "utf-8")
    found = load_study(tmp_path / "inner" / "t.toml")
    assert Path(str(found.dataset.path)).resolve() == tmp_path / "sets" / "letters.npz"
    other = found.experiments["other"].dataset
    assert (other.name, other.source) == ("other", None)
    assert Path(str(other.path)).resolve() == tmp_path / "other.npz"


def test_the_path_is_written_nowhere(tmp_path: Path) -> None:
    """What a study is published as has the names of its data sets, also of those swept over."""
    sweep = f'[experiments.base]\nsweep = {{ dataset = ["mnist", "x.npz", {OWN}] }}\n'
    found = study(tmp_path / "s.toml", OWN, sweep)
    own = {"name": "Letters", "source": "A. Maker, CC0"}
    assert found.tables()["dataset"] == own
    assert found.tables()["experiments"]["base"]["sweep"]["dataset"] == ["mnist", "x", own]
    for text in (str(found.tables()), found.model_dump_json()):
        assert ".npz" not in text
        assert str(tmp_path) not in text
    points = found.experiments["base"].points
    assert [p.coordinates for p in points] == [{"dataset": n} for n in ("mnist", "x", "Letters")]
    again = build_study(found.tables(), "published")
    assert again.tables() == found.tables()
    assert again.dataset == Data(name="Letters", source="A. Maker, CC0")


BAD = [
    ("7", "dataset = 7: must be text, or a table such as"),
    ('""', "dataset = '': must have at least 1 character"),
    ("{ path = 'a.npz' }", "dataset.name is missing"),
    ("{ name = 'a/b' }", "dataset.name = 'a/b': must be what the data set is called, not a path"),
    ("'.npz'", "/.npz': must be what the data set is called, not a path"),
    ("{ name = 'x', pth = 'a.npz' }", "unknown key 'pth' (did you mean 'path'?)"),
    ("{ name = 'x', source = 'a\\nb' }", "must be text that can be seen"),
    ("'a\\u0000b'", "must be text that can be seen; character 2"),
    ("' .npz'", "must have a letter or a digit"),
    ("'<b>.npz'", "a name must be 1 to 40 letters"),
    (f"{{ name = '{'x' * 41}' }}", "dataset.name"),
    ("'https://x.org/a.npz?b=1'", "nothing is fetched; download it and give its path"),
    ("'FTP://x/a'", "dataset = 'FTP://x/a': must be a path: nothing is fetched"),
    ("{ path = 'https://x.org/a.npz', name = 'A' }", "dataset.path = 'https://x.org/a.npz': must"),
    ("{ path = 'a\\u0000.npz', name = 'A' }", "must be a path, which has no NUL"),
    ("'~\\u0000/a.npz'", "must be a path, which has no NUL"),
    (f"'{'x' * 300}.npz'", "a name must be 1 to 40 letters"),
]


@pytest.mark.parametrize(("data", "said"), BAD)
def test_what_is_no_data_set_is_refused(tmp_path: Path, data: str, said: str) -> None:
    """The message names the key, what it has and what it must be."""
    quoted = data.replace("'", '"')
    with pytest.raises(StudyError) as caught:
        study(tmp_path / "s.toml", quoted)
    assert said in str(caught.value)
    assert str(caught.value).startswith("s.toml: ")


@pytest.mark.parametrize("key", ["dataset.path", "dataset.name"])
def test_a_part_of_a_data_set_is_not_swept_over(tmp_path: Path, key: str) -> None:
    """It would be published, or make one data set of two."""
    sweep = f'[experiments.base]\nsweep = {{ "{key}" = ["a.npz", "b.npz"] }}\n'
    with pytest.raises(StudyError, match=f"{key}: sweep over dataset itself"):
        study(tmp_path / "s.toml", OWN, sweep)


OTHER = '[experiments.base]\n[experiments.x]\ndataset = { name = "A", path = "b.npz" }\n'


@pytest.mark.parametrize(
    ("data", "more", "said"),
    [
        ('"mnits"', "", "the data set 'mnits' has no file; give one of mnist"),
        ('{ name = "mnist", path = "tiny.npz" }', "", "cannot be called 'mnist'"),
        ('{ name = "A", path = "tiny.npz" }', OTHER, "two files are called 'A'"),
        ('"tiny"', "", "the data set 'tiny' has no file"),
        ('"gone.npz"', "", "gone.npz: cannot be read: there is no such file"),
    ],
)
def test_data_that_are_not_there_are_refused(
    tmp_path: Path, data: str, more: str, said: str
) -> None:
    """A plan needs them, and says which are missing and what would be right."""
    tiny.write_npz(tmp_path / "tiny.npz")
    found = study(tmp_path / "s.toml", data, more)
    dataset.describe.cache_clear()
    with pytest.raises((DataError, StudyError), match=said):
        planning.data(found)


def test_a_path_is_no_name_of_what_the_project_carries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is called mnist is asked for another name, and not taken for MNIST."""
    monkeypatch.chdir(tmp_path)
    found = study(tmp_path / "s.toml", '"mnist"', overrides=("dataset=./mnist",))
    with pytest.raises(StudyError, match=r"mnist cannot be called 'mnist'.* another name, such as"):
        planning.data(found)
