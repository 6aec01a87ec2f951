"""What the laboratory's page is given: images, rules, presets and their places."""

import base64
import json
import math
import zlib
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

from analysis.data import dataset
from analysis.results.cache import Cache
from analysis.study import initializers
from report.document.outline import PAGES
from report.pages.laboratory import choices, page
from report.pages.laboratory.choices import PRESETS, RANGES
from report.pages.laboratory.page import IMAGES, batch
from report.pages.laboratory.rules import rules
from tests.report.conftest import Rendered


def test_the_images_are_the_first_held_out_ones_of_mnist() -> None:
    """Pixels and labels decode to the rows from 48,000 on, whatever else a study trains on."""
    data = dataset.load("mnist")
    found = batch()
    pixels = np.frombuffer(base64.b64decode(found["pixels"]), np.uint8).reshape(-1, 784)
    assert pixels.shape == (IMAGES, 784)
    assert (pixels == data.x_train[48_000 : 48_000 + IMAGES]).all()
    assert found["labels"] == data.y_train[48_000 : 48_000 + IMAGES].tolist()
    assert (found["features"], found["classes"]) == (784, 10)


def test_presets_lead_to_what_the_report_has(rendered: Rendered) -> None:
    """Every preset has a place on a page of questions, also where a study lacks its figure."""
    document = rendered.report.document
    names = [page.name for page in PAGES]
    for example in rendered.report.laboratory.examples:
        page, _, anchor = example.address.partition(".html#")
        assert page in names
        assert f'id="{anchor}"' in (rendered.site / f"{page}.html").read_text("utf-8")
    assert "fig:thirty-layers" not in document.labels
    assert rendered.report.laboratory.examples[0].place == "Q1a"


SHARED = "(globalThis.laboratory ??= {})"


def assigned(script: str, name: str) -> Any:
    """What a file of data gives the page's object under a name."""
    return json.loads(script.removeprefix(f"{SHARED}.{name} = ").removesuffix(";\n"))


def test_the_data_stand_in_the_page_as_they_are(rendered: Rendered) -> None:
    """The script finds JSON that no markup can end, with the training of the study."""
    text = (rendered.site / "laboratory.html").read_text("utf-8")
    data = text.split('id="laboratory-data">')[1].split("</script>")[0]
    assert "<" not in data
    training = rendered.results.study.training
    assert json.loads(data)["training"] == {
        "optimizer": "Adam",
        "parameters": dict(training.optimizer.parameters),
        "rate": 0.001,
        "batch": 64,
    }


def test_the_runs_come_in_a_file_of_their_own(rendered: Rendered) -> None:
    """It is a script that gives the page a group for each variant of the study."""
    text = (rendered.site / "laboratory" / "runs.js").read_text("utf-8")
    names = [variant.name for variant in rendered.results.study.variants]
    assert [group["variant"] for group in assigned(text, "groups")] == names


def test_the_images_of_training_are_the_first_that_training_sees(rendered: Rendered) -> None:
    """Inflated by another reader they are the first rows of MNIST; the file is below 1 MB."""
    path = rendered.site / "laboratory" / "images.js"
    found = assigned(path.read_text("utf-8"), "deflated")
    pixels = zlib.decompress(base64.b64decode(found["pixels"]), wbits=-15)
    data = dataset.load("mnist")
    assert pixels == data.x_train[:3840].tobytes()
    assert found["labels"] == data.y_train[:3840].tolist()
    assert found["features"] == 784
    assert path.stat().st_size < 1_000_000


def test_what_looks_like_markup_stays_data(
    rendered: Rendered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name of the results stands in the file of runs as JSON, whatever it looks like."""
    name = "</script><b>"
    monkeypatch.setattr(page, "groups_of", lambda results: [{"variant": name}])
    document = rendered.report.document
    found = page.laboratory(rendered.results, document, Cache(None), "any")
    assert "<" not in found.data
    assert assigned(found.scripts["runs.js"], "groups") == [{"variant": name}]


def test_a_preset_is_a_setting_that_can_be_chosen() -> None:
    """Initializer, activation, width and depth are among those that the page offers."""
    known = {each.name for each in choices.INITIALIZERS}
    for preset in PRESETS:
        setting = dict(parse_qsl(preset.setting))
        assert setting["initializer"] in known
        assert setting["activation"] in choices.ACTIVATIONS
        assert ("sd" in setting) == (setting["initializer"] == choices.FREE)
        for name in ("sd", "width", "depth"):
            assert RANGES[name].low <= float(setting.get(name, 0.05)) <= RANGES[name].high or (
                name == "sd" and "sd" not in setting
            )
        assert int(setting["width"]) % RANGES["width"].step == 0


def test_the_nodes_average_over_a_standard_normal() -> None:
    """With their mirror images they give its moments: 1, 1, 3, 15; and E[max(z, 0)] = 1 / √(2π)."""
    points, weights = np.array(rules()["nodes"]).T
    assert (points > 0).all()
    for power, moment in ((0, 1), (2, 1), (4, 3), (6, 15)):
        assert 2 * weights @ points**power == pytest.approx(moment, rel=1e-12)
    assert weights @ points == pytest.approx(1 / math.sqrt(2 * math.pi), rel=1e-12)


def test_a_truncated_normal_is_cut_where_its_deviation_says() -> None:
    """The share beyond the cut and the deviation that is left belong to a cut at two."""
    cut = rules()["truncated"]
    density = math.exp(-2) / math.sqrt(2 * math.pi)
    inside = 1 - 2 * cut["below"]
    assert cut["below"] == pytest.approx(0.0227501319481792, rel=1e-12)
    assert cut["sd"] == pytest.approx(math.sqrt(1 - 4 * density / inside), rel=1e-12)


def test_the_rule_of_an_initializer_is_its_variance() -> None:
    """Scale over the fans, as the rule says, is Var(W) as it is for a study; the free one has none.

    By hand: Glorot 2 / (fan_in + fan_out), He 2 / fan_in, LeCun 1 / fan_in.
    """
    found = rules()["initializers"]
    hand = {
        "Zeros": 0.0, "LecunNormal": 1 / 300, "GlorotNormal": 2 / 400, "GlorotUniform": 2 / 400,
        "HeNormal": 2 / 300, "Standard": 1 / 900,
    }  # fmt: skip
    assert {name: each for name, each in found.items() if "scale" not in each} == {
        choices.FREE: {"distribution": "untruncated_normal"}
    }
    for each in choices.INITIALIZERS:
        if each.rule is not None:
            value = each.rule.variance(300, 100)
            known = initializers.variance(each.keras or each.name, each.parameters, 300, 100)
            assert value == pytest.approx(hand.get(each.name, known), rel=1e-12)
            assert value == known


def test_an_initializer_that_does_not_scale_is_refused() -> None:
    """Orthogonal has a variance and no rule by the fans: its name says why it cannot be drawn."""
    with pytest.raises(ValueError, match="cannot draw Orthogonal"):
        _ = choices.Initializer("Orthogonal", "orthogonal").rule


def test_the_numbers_of_the_text_are_those_of_the_code(rendered: Rendered) -> None:
    """Pixels, images, thresholds and the size of a probe stand in the page as they are used."""
    text = (rendered.site / "laboratory.html").read_text("utf-8")
    for words in (
        "has the 784 pixels of an image as input", "and 10 logits.", "if it is below 0.01.",
        "on 1,000 held-out images", "the first 32 of those images", "more than a factor of 1.5,",
        "by more than a factor of 2,", '<span id="images">32</span>',
        'id="sd" name="sd" type="range" min="-3" max="0" step="0.005"',
        'id="seed" name="seed" type="number" min="1" max="999999" step="1"',
    ):  # fmt: skip
        assert words in text
    about = dataset.describe("mnist")
    assert (about.features, about.classes, IMAGES) == (784, 10, 32)
