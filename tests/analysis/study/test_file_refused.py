"""Files that are refused, each with a message that a person can act on."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from analysis.errors import StudyError
from tests.analysis.study.good import ADAM, GOOD, SMALL, refused
from tests.made.results.studies import load_study

# What stands in the good study, what a bad one has there instead, and what its message must name.
BAD: list[tuple[str, str, Sequence[str]]] = [
    # Keys
    ("seeds = 2", "seed = 2", ["'seed'", "did you mean 'seeds'?", "dataset, seeds, network"]),
    ("epochs = 2", "epoch = 2", ["training", "'epoch'", "did you mean 'epochs'?"]),
    ("hidden =", "hiden =", ["network", "'hiden'", "did you mean 'hidden'?"]),
    ("[network]", "[nets]", ["'nets'", "dataset, seeds, network"]),
    ("[training]", "[Training]", ["'Training'", "did you mean 'training'?"]),
    ("epochs = 2", "epochs = 2\nshuffle = true", ["'shuffle'", "batch_size, epochs"]),
    ("stddev", "std", ["Small", "RandomNormal", "'std'", "did you mean 'stddev'?"]),
    ("learning_rate", "lr", ["Adam", "no parameter 'lr'", "learning_rate, beta_1"]),
    ("learning_rate", "learningrate", ["did you mean 'learning_rate'?"]),
    ('"Zeros" },', '"Zeros", value = 1 },', ["Zeros has no parameter 'value'", "no parameters"]),
    ('title = "A study"', "", ["title is missing"]),
    ("epochs = 2", "", ["training.epochs is missing"]),
    ('name = "Small", ', "", ["variants", "'name' is missing"]),
    (', initializer = "Zeros"', "", ["variants.Zeros", "'initializer' is missing"]),
    # Types
    ("epochs = 2", 'epochs = "2"', ["training.epochs = '2'", "a whole number"]),
    ("epochs = 2", "epochs = 2.0", ["training.epochs = 2.0", "a whole number"]),
    ("epochs = 2", "epochs = true", ["training.epochs = true", "a whole number"]),
    ("epochs = 2", "epochs = [2]", ["training.epochs", "a whole number"]),
    ("epochs = 2", "epochs = 2026-01-01", ["training.epochs", "a whole number"]),
    ("[16, 8]", "16", ["network.hidden = 16", "a list"]),
    ("[16, 8]", "[16, 8.5]", ["network.hidden.1 = 8.5", "a whole number"]),
    ("[16, 8]", "[[16], 8]", ["network.hidden.0", "a whole number"]),
    ("split = 0.2", 'split = "a fifth"', ["training.validation_split = 'a fifth'", "a number"]),
    ('title = "A study"', "title = 3", ["title = 3", "text"]),
    ('"mnist"', "7", ["dataset = 7", "text"]),
    ("seeds = 2", "seeds = 2\nfirst_seed = -1", ["first_seed", "from 0 to 2147473647, not -1"]),
    ("seeds = 2", "seeds = 2\nfirst_seed = 1.5", ["first_seed", "a whole number", "not 1.5"]),
    ("seeds = 2", "seeds = 2\nfirst_sed = 3", ["'first_sed'", "did you mean 'first_seed'?"]),
    ("seeds = 2", 'seeds = "2"', ["seeds = '2'", "a number of seeds, or a list"]),
    ("seeds = 2", "seeds = 2.5", ["seeds = 2.5", "a number of seeds, or a list"]),
    ("seeds = 2", "seeds = true", ["seeds = true", "a number of seeds, or a list"]),
    ("seeds = 2", "seeds = [0, true]", ["seeds", "a whole number from 0 to 2147483647"]),
    ("stddev = 0.01", 'stddev = "small"', ["stddev", "above 0", "'small'"]),
    ("stddev = 0.01", "stddev = true", ["stddev", "above 0", "true"]),
    ("stddev = 0.01", "stddev = 1e300", ["stddev", "above 0, even as float32", "1e+300"]),
    ("stddev = 0.01", "stddev = 1e-60", ["stddev", "above 0, even as float32", "1e-60"]),
    ("stddev = 0.01", "mean = -1e39", ["mean", "a finite number, even as float32", "-1e+39"]),
    ("rate = 0.001", "rate = 1e300", ["learning_rate", "above 0, even as float32", "1e+300"]),
    ("learning_rate = 0.001", "beta_2 = 0.99999999", ["beta_2", "below 1, even as float32"]),
    (
        SMALL,
        'initializer = "RandomUniform", minval = 1, maxval = 1.00000001',
        ["minval must be below maxval, even as float32"],
    ),
    ("stddev = 0.01", "stddev = 1, parameters = { stddev = 2 }", ["'stddev' is given twice"]),
    (ADAM, "3", ["training.optimizer = 3", "a table with the key 'name'"]),
    (ADAM, "{ learning_rate = 0.1 }", ["training.optimizer", "'name' is missing"]),
    ("learning_rate = 0.001", "amsgrad = 1", ["Adam: amsgrad must be true or false, not 1"]),
    # Ranges
    ("epochs = 2", "epochs = -1", ["training.epochs = -1", "greater than or equal to 0"]),
    ("epochs = 2", "epochs = 100001", ["training.epochs = 100001", "less than or equal to 100000"]),
    ("size = 64", "size = 0", ["training.batch_size = 0", "greater than or equal to 1"]),
    ("split = 0.2", "split = 0.0", ["training.validation_split = 0.0", "greater than 0"]),
    ("split = 0.2", "split = 1", ["training.validation_split = 1", "less than 1"]),
    ("split = 0.2", "split = nan", ["training.validation_split = nan", "less than 1"]),
    ("split = 0.2", "split = inf", ["training.validation_split = inf", "less than 1"]),
    ("split = 0.2", "split = 0.2\ndata_fraction = 0", ["data_fraction = 0", "greater than 0"]),
    ("split = 0.2", "split = 0.2\ndata_fraction = 1.1", ["data_fraction = 1.1", "equal to 1"]),
    ("[16, 8]", "[]", ["network.hidden", "at least 1 item"]),
    ("[16, 8]", '"16 by 8"', ["network.hidden = '16 by 8'", '"LAYERS x WIDTH"']),
    ("[16, 8]", '"1001 x 8"', ["network.hidden = '1001 x 8'", '"LAYERS x WIDTH"']),
    ("[16, 8]", '"0 x 8"', ["network.hidden", "at least 1 item"]),
    ("[16, 8]", '"2 x 0"', ["network.hidden", "greater than or equal to 1"]),
    ("[16, 8]", '"5 x 70000"', ["network.hidden = '5 x 70000'", "the width", "at most 65536"]),
    ("[16, 8]", "[16, 0]", ["network.hidden.1 = 0", "greater than or equal to 1"]),
    ("seeds = 2", "seeds = 0", ["seeds = 0", "from 1 to 10000"]),
    ("seeds = 2", "seeds = 10001", ["seeds = 10001", "from 1 to 10000"]),
    ("seeds = 2", "seeds = []", ["seeds", "empty"]),
    ("seeds = 2", "seeds = [-1]", ["seeds", "from 0 to 2147483647"]),
    ("seeds = 2", "seeds = [2147483648]", ["seeds", "from 0 to 2147483647"]),
    ("seeds = 2", "seeds = [4, 4]", ["seeds", "listed twice"]),
    ("stddev = 0.01", "stddev = 0", ["Small", "stddev must be a finite number above 0, not 0"]),
    ("stddev = 0.01", "stddev = -1.0", ["stddev must be a finite number above 0, not -1.0"]),
    ("stddev = 0.01", "stddev = inf", ["stddev must be a finite number above 0, not inf"]),
    ("stddev = 0.01", "stddev = nan", ["stddev must be a finite number above 0, not nan"]),
    ("stddev = 0.01", f"stddev = 0x1{'0' * 400}", ["stddev", "finite", "of 1601 bits"]),
    ("learning_rate = 0.001", "learning_rate = 0", ["learning_rate", "above 0", "not 0"]),
    ("learning_rate = 0.001", "beta_1 = 1.0", ["beta_1", "at least 0 and below 1", "not 1.0"]),
    (SMALL, 'initializer = "RandomUniform", minval = 1', ["minval must be below maxval"]),
    ('title = "A study"', 'title = ""', ["title = ''", "at least 1 character"]),
    ('"mnist"', '""', ["dataset = ''", "at least 1 character"]),
    # Names
    ('name = "Small"', 'name = "Zeros"', ["variants", "two variants are named 'Zeros'"]),
    ('name = "Small"', 'name = "zeros-"', ["variants", "'zeros-'", "have the same letters"]),
    ('name = "Small"', 'name = ""', ["variants", "name = ''", "1 to 40 letters, digits"]),
    ('name = "Small"', 'name = "<b>"', ["name = '<b>'", "1 to 40 letters, digits"]),
    ('name = "Small"', 'name = "He 🚀"', ["name = 'He 🚀'", "letters, digits, spaces and any of"]),
    ('name = "Small"', 'name = "He 🚀"', ["'🚀' is none of them"]),
    ('name = "Small"', 'name = "a\\u00a0b"', ["'\\xa0' is none of them"]),
    ('name = "Small"', 'name = "He\\u200dNormal"', ["character 3 is ZERO WIDTH JOINER (U+200D)"]),
    ('name = "Small"', 'name = "He\\u3164"', ["character 3 is HANGUL FILLER (U+3164)"]),
    ('name = "Small"', 'name = "He\ufe0f"', ["bad.toml:7: holds VARIATION SELECTOR-16 (U+FE0F)"]),
    ('name = "Small"', 'name = "=1+1"', ["name = '=1+1'", "would take it for a formula"]),
    ('name = "Small"', 'name = "+a"', ["name = '+a'", "would take it for a formula"]),
    ('name = "Small"', 'name = "@a"', ["name = '@a'", "'@' is none of them"]),
    ('title = "A study"', 'title = "A\\u001b[31m"', ["title", "a control character (U+001B)"]),
    ('title = "A study"', 'title = "A\\nB"', ["title", "a control character (U+000A)"]),
    ('title = "A study"', 'title = "A\\u202eB"', ["title", "RIGHT-TO-LEFT OVERRIDE (U+202E)"]),
    ('"mnist"', '"m\\u0007.npz"', ["dataset", "a control character (U+0007)"]),
    ("RandomNormal", "HeNorml", ["no initializer 'HeNorml'", "did you mean 'HeNormal'?"]),
    ("RandomNormal", "he_normal", ["no initializer 'he_normal'", "HeNormal"]),
    ("RandomNormal", "xavier", ["no initializer 'xavier'", "GlorotNormal, GlorotUniform"]),
    ("RandomNormal", "Initializer", ["no initializer 'Initializer'"]),
    (
        SMALL,
        'initializer = "VarianceScaling", mode = "fan"',
        ["mode must be one of fan_in, fan_out, fan_avg, not 'fan'"],
    ),
    ('"Adam"', '"adam"', ["no optimizer 'adam'", "did you mean 'Adam'?"]),
    ('"Adam"', '"Magic"', ["no optimizer 'Magic'", "Adam, AdamW, Nadam, RMSprop, SGD"]),
    ('"relu"', '"RELU6"', ["network.activation = 'RELU6'", "'relu'", "'tanh'"]),
    ("sparse_categorical_crossentropy", "mse", ["training.loss = 'mse'", "crossentropy'"]),
    ("variants = [", "variants = []\nother = [", ["'other'"]),
    ('"relu"', '"relu"\nbias = "Zeroes"', ["network.bias = 'Zeroes'", "did you mean 'Zeros'?"]),
    (SMALL, 'initializer = "Zeros", output = "Nul"', ["variants.Small.output", "'Nul'"]),
    (SMALL, 'initializer = "Zeros", output = 3', ["variants.Small.output = 3", "'initializer'"]),
    # Words of a network
    ('"relu"', '"relu"\nnormalization = "batchnorm"', ["'none', 'layer' or 'batch'"]),
    ('"relu"', '"relu"\nresidual = 1', ["network.residual = 1", "true or false"]),
    ('"relu"', '"relu"\nbranch = 0', ["network.branch = 0", "above 0"]),
    ('"relu"', '"relu"\nbranch = "1/depth"', ["branch = '1/depth'", '"1/sqrt(depth)"']),
    ('"relu"', '"relu"\ndropout = 1', ["network.dropout = 1", "less than 1"]),
    ('"relu"', '"relu"\ndropout = -0.1', ["network.dropout = -0.1", "equal to 0"]),
    ('"relu"', '"relu"\nkernel_seed = "one"', ["kernel_seed = 'one'", "'own' or 'shared'"]),
    ('"relu"', '"relu"\nconvolution = 3', ["network.convolution = 3", "a list"]),
    ('"relu"', '"relu"\nconvolution = [{ size = 3 }]', ["convolution.0.filters is missing"]),
    (
        '"relu"',
        '"relu"\nconvolution = [{ filtres = 3, size = 3 }]',
        ["network.convolution.0", "'filtres'", "did you mean 'filters'?"],
    ),
    (
        '"relu"',
        '"relu"\nconvolution = [{ filters = 2, size = 3, pool = 0 }]',
        ["network.convolution.0.pool = 0", "greater than or equal to 1"],
    ),
    ('"relu"', '"relu"\nbias = "Orthogonal"', ["network.bias", "draws matrices"]),
    (
        '"relu"',
        '"relu"\nbias = { initializer = "Ones", fans = "kernel" }',
        ["network.bias", "scaled by fans", "Ones is not"],
    ),
    (SMALL, SMALL + ', bias = "Zeroes"', ["variants.Small.bias", "did you mean 'Zeros'?"]),
    (
        SMALL,
        SMALL + ', bias = { initializer = "HeNormal", fans = "layer" }',
        ["variants.Small.bias.fans = 'layer'", "'bias' or 'kernel'"],
    ),
    # Measurements
    ("seeds = 2", 'seeds = 2\nmeasure = ["weight"]', ["measure.0 = 'weight'", "'weights'"]),
    ("seeds = 2", 'seeds = 2\nmeasure = "weights"', ["measure = 'weights'", "a list"]),
    ("seeds = 2", "seeds = 2\nmoments = [-1]", ["moments.0 = -1", "equal to 0"]),
    ("seeds = 2", "seeds = 2\nmoments = [0.5, inf]", ["moments.1 = inf", "a finite number"]),
    ("seeds = 2", "seeds = 2\ncurve_points = 0.5", ["curve_points = 0.5", "a whole number"]),
    # The file itself
    ("seeds = 2", "seeds = ", ["not valid TOML", "line 4"]),
    ("seeds = 2", "seeds = 2\nseeds = 3", ["not valid TOML", "line 5"]),
    ("[network]", "[network", ["not valid TOML", "line 9"]),
    ("seeds = 2", f"seeds = {'9' * 5000}", ["bad.toml:4: is not valid TOML", "5000 digits"]),
    ("seeds = 2", f"seeds = {'[' * 5000}", ["not valid TOML", "stand in each other too deep"]),
    ("seeds = 2", "extends = 3", ["extends = 3", "the path of another study file"]),
    ("seeds = 2", 'extends = "a\\u0000"', ["extends = ", "the path of another study file"]),
    ("seeds = 2", 'extends = "bad.toml"', ["extends itself"]),
    ("seeds = 2", 'extends = "gone.toml"', ["gone.toml", "cannot be read"]),
]


def test_the_study_that_the_bad_ones_spoil_is_good(good: Path) -> None:
    """Each value of the file stands in the study, and what is not given has Keras' default."""
    study = load_study(good)
    assert study.seeds == (0, 1)
    assert study.network.hidden == (16, 8)
    assert [variant.name for variant in study.variants] == ["Zeros", "Small"]
    assert study.variants[1].parameters == {"mean": 0.0, "stddev": 0.01}
    assert study.training.optimizer.parameters["beta_2"] == 0.999
    assert study.training.validation_split == 0.2


@pytest.mark.parametrize(("old", "new", "named"), BAD)
def test_a_bad_file_is_refused(tmp_path: Path, old: str, new: str, named: Sequence[str]) -> None:
    """The message names the file, the key, and the value or what is allowed."""
    assert old in GOOD
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    message = refused(path)
    for part in ["bad.toml" if "gone.toml" not in new else "gone.toml", *named]:
        assert part in message


def test_each_mistake_is_named_once(tmp_path: Path) -> None:
    """Three mistakes give three lines, each with the file and the key."""
    path = tmp_path / "bad.toml"
    bad = GOOD.replace("epochs = 2", "epochs = -2").replace("relu", "rely").replace("= 2", "= []")
    path.write_text(bad, encoding="utf-8")
    lines = refused(path).splitlines()
    assert [line.split(":")[0] for line in lines] == ["bad.toml"] * 3
    assert [line.split()[1].rstrip(":") for line in lines] == [
        "seeds",
        "network.activation",
        "training.epochs",
    ]


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, a folder and a missing file are each named as what they are."""
    (tmp_path / "bytes.toml").write_bytes(b"title = '\xff'")
    (tmp_path / "folder.toml").mkdir()
    assert "bytes.toml:1: is not UTF-8 text (byte 9 is 0xff)" in refused(tmp_path / "bytes.toml")
    assert "folder.toml: cannot be read" in refused(tmp_path / "folder.toml")
    assert "none.toml: cannot be read" in refused(tmp_path / "none.toml")


def test_a_circle_of_extends_is_refused(tmp_path: Path) -> None:
    """Files that extend each other are named in the order in which they were read."""
    for name, base in itertools.pairwise(["a.toml", "b.toml", "c.toml", "a.toml"]):
        (tmp_path / name).write_text(f'extends = "{base}"', encoding="utf-8")
    assert "extends itself, through a.toml → b.toml → c.toml" in refused(tmp_path / "a.toml")


def test_an_unknown_name_of_a_study_is_refused() -> None:
    """The message suggests the nearest study there is."""
    with pytest.raises(StudyError, match=r"no study 'quik' \(did you mean 'quick'\?\)") as caught:
        load_study("quik")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[16, 8]", "[0]"),
        ("[16, 8]", '"5 x 0"'),
        (
            '{ name = "Zeros", initializer = "Zeros" },\n',
            '{ name = "🚀", initializer = "Zeros" },\n',
        ),
        ('initializer = "RandomNormal"', 'initializer = "Random"'),
    ],
)
def test_one_mistake_is_one_line(tmp_path: Path, old: str, new: str) -> None:
    """A list is not called too short for the items that are mistaken, nor once for each layer."""
    path = tmp_path / "bad.toml"
    text = GOOD.replace('{ name = "Small", initializer = "RandomNormal", stddev = 0.01 },\n', "")
    if "RandomNormal" in old:
        text = GOOD.replace('{ name = "Zeros", initializer = "Zeros" },\n', "")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert len(refused(path).splitlines()) == 1
