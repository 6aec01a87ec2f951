"""What the first page's small laboratory is given."""

import json
import re
from urllib.parse import parse_qsl

from report.pages.laboratory.choices import RANGES
from report.pages.laboratory.hero import REACH, hero
from report.pages.laboratory.page import batch
from report.pages.laboratory.rules import rules
from tests.report.conftest import Rendered


def test_the_marks_are_the_rules_at_its_width() -> None:
    """The square root of one and of two over 128 inputs, and the deviation without a rule."""
    found = hero(json.dumps(batch(8)), rules())
    assert found.marks == (("Normal(0.05)", "0.05"), ("Glorot", "0.0883883"), ("He", "0.125"))
    assert (found.depth, found.images) == (30, 8)
    assert all(REACH.low < float(sd) < REACH.high for _, sd in found.marks)
    assert RANGES["sd"].low <= REACH.low
    assert RANGES["sd"].high >= REACH.high


def test_its_link_is_a_setting_of_the_laboratory() -> None:
    """Before any script has run it leads to the network that is drawn first."""
    asked = dict(parse_qsl(hero("{}", rules()).address.partition("#")[2]))
    assert asked == {
        "initializer": "RandomNormal", "sd": "0.08839", "activation": "relu", "width": "128",
        "depth": "30", "seed": "1",
    }  # fmt: skip


def test_it_is_light(rendered: Rendered) -> None:
    """Data and script together take less than a small picture would: 80 kB before compression."""
    page = (rendered.site / "index.html").read_text("utf-8")
    found = re.search(
        r'<script type="application/json" id="laboratory-data">(.*?)</script>', page, re.S
    )
    assert found is not None
    data = json.loads(found[1])
    assert len(data["batch"]["labels"]) == 8
    assert len(found[1]) + (rendered.site / "hero.js").stat().st_size < 80_000
