"""What a reference leads to, in brief."""

import json
import re
from pathlib import Path

from report.output.site import previews
from tests.made.sites.desk import Desk

ANSWERS = {
    "q1a": """## Q1a. Why

First {{ cite("one") }}.{{ note("Aside.") }}

### A part

```
code
```

Then.

### A list

- An item.

### Nothing of its own

#### But below

Too far.

$$a = b$$
{#eq:one}

{{ figure("curve", "Seen *here*.") }}

{{ table("final", "All of it.") }}
""",
    "q2a": """## Q2a. What

{{ ref("q1a") }} {{ ref("q1a-a-part") }}
{{ ref("q1a-a-list") }} {{ ref("q1a-nothing-of-its-own") }} {{ ref("eq:one") }}
{{ ref("fig:curve") }}
{{ ref("tab:final") }} {{ ref("q2") }}
""",
}


def shown(folder: Path) -> dict[str, str]:
    """The previews of a short document by anchor."""
    return previews.previews(Desk(folder).compose(ANSWERS, figures=("curve",)))


def test_each_reference_has_a_preview(tmp_path: Path) -> None:
    """Headings, equations, figures, tables and cited works have one; a whole page has none."""
    anchors = {
        "q1a",
        "q1a-a-part",
        "q1a-a-list",
        "q1a-nothing-of-its-own",
        "eq-one",
        "fig-curve",
        "tab-final",
        "ref-one",
    }
    assert set(shown(tmp_path)) == anchors


def test_a_preview_says_what_stands_there(tmp_path: Path) -> None:
    """A heading comes with its first paragraph and without notes, a figure under its title."""
    found = shown(tmp_path)
    assert found["q1a-a-part"] == "<p><strong>A part</strong></p><p>Then.</p>"
    assert found["q1a-a-list"] == "<p><strong>A list</strong></p><p>An item.</p>"
    assert found["q1a-nothing-of-its-own"] == "<p><strong>Nothing of its own</strong></p>"
    assert "First (" in found["q1a"]
    assert "Aside" not in found["q1a"]
    assert "<svg" in found["fig-curve"]
    assert found["fig-curve"].index('class="title"') < found["fig-curve"].index("<svg")
    assert "<table" in found["tab-final"]
    assert "<math" in found["eq-one"]


def test_a_preview_brings_no_id_that_the_page_may_have(tmp_path: Path) -> None:
    """Ids are left out, but for those that the drawing itself refers to, under another name."""
    for html in shown(tmp_path).values():
        assert all(name.startswith("preview-") for name in re.findall(r' id="([^"]*)"', html))


def test_a_preview_is_a_script_that_hands_over_its_html(tmp_path: Path) -> None:
    """A page from disk can run the file, and gets anchor and HTML as it would read them."""
    document = Desk(tmp_path).compose(ANSWERS, figures=("curve",))
    previews.write(document, tmp_path / "previews", lambda html: html + "!")
    script = (tmp_path / "previews" / "eq-one.js").read_text("utf-8")
    call = re.fullmatch(r"window\.preview\((.*)\);\n", script, re.S)
    assert call is not None
    assert json.loads(f"[{call[1]}]") == ["eq-one", f"{previews.previews(document)['eq-one']}!"]
