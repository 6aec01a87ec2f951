"""The colours of both themes, measured against what they stand on by the formula of WCAG 2.2."""

import re

import pytest

from build import ROOT

COLOUR = r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);"
TEXT = ("ink", "muted", "link", "yes", "no", "open")
CODE = ("keyword", "name", "string", "comment", "number", "builtin")


def colours(theme: str) -> dict[str, str]:
    """Return the colour variables of the style sheet in the light or in the dark."""
    css = (ROOT / "templates" / "styles" / "style.css").read_text("utf-8")
    return {
        name: light if theme == "light" else dark for name, light, dark in re.findall(COLOUR, css)
    }


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours such as #fffefb, from 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_known_ratios() -> None:
    """Black on white is 21 to 1; #767676 on white is the palest grey that passes AA."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") < 4.5


@pytest.mark.parametrize("ground", ["paper", "raised"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_colour_can_be_read_on_both_grounds(theme: str, ground: str) -> None:
    """Text, links, verdicts and code reach 4.5 to 1 on the page and on raised boxes."""
    values = colours(theme)
    ratios = {
        name: round(contrast(values[name], values[ground]), 2)
        for name in (*TEXT, *(f"code-{kind}" for kind in CODE))
    }
    assert {name: ratio for name, ratio in ratios.items() if ratio < 4.5} == {}


def test_each_colour_is_given_for_both_themes_in_one_place() -> None:
    """No variable holds a colour that would stay as it is in the dark."""
    css = (ROOT / "templates" / "styles" / "style.css").read_text("utf-8")
    assert re.findall(r"--[\w-]+: (?!light-dark)[^;]*#[0-9a-f]{3,8}[^;]*;", css) == []
