"""Pages on screens of every width: no sideways scroll, nothing that jumps or moves unasked."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.browser.opening import FRAME, NAMES, Opener, lay_out, sampled

SIDEWAYS = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const clipped = each => {
    for (let box = each.parentElement; box && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== "visible") return true;
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter(each =>
    each.getBoundingClientRect().right > page.clientWidth + 0.5 && !clipped(each));
  return [`${page.scrollWidth} of ${page.clientWidth} px`,
    ...wide.slice(0, 5).map(each => each.outerHTML.slice(0, 120))];
}"""
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const each of list.getEntries())
    if (!each.hadRecentInput)
      window.shifts.push([each.value, ...each.sources.map(source =>
        source.node?.outerHTML?.slice(0, 80) ?? source.node?.textContent.slice(0, 80) ?? "?")]);
}).observe({type: "layout-shift", buffered: true});
"""
SCROLL_THROUGH = (
    f"""async () => {{ {FRAME}"""
    """
  await Promise.race([document.fonts.ready, new Promise(done => setTimeout(done, 10000))]);
  for (let top = 0; top < document.body.scrollHeight; top += innerHeight) {
    scrollTo({top, behavior: "instant"});
    await frame();
    await frame();
  }
  return window.shifts;
}"""
)
MOVING = """() => {
  const moving = style => [style.transitionDuration, style.animationDuration]
    .some(times => times.split(",").some(time => parseFloat(time) > 0.01));
  const found = [...document.querySelectorAll("*")].filter(each =>
    ["", "::before", "::after"].some(part => moving(getComputedStyle(each, part || null))));
  const scrolls = getComputedStyle(document.documentElement).scrollBehavior;
  return [...(scrolls === "auto" ? [] : [`scroll-behavior: ${scrolls}`]),
    ...found.map(each => each.outerHTML.slice(0, 100)),
    ...document.getAnimations().map(each => `animation ${each.id || each.animationName}`)];
}"""

UPON = """() => {
  const across = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = (one, other) => Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  const parts = [...document.querySelectorAll("main :is(p, li, h1, h2, h3, h4, th, td, figure, pre,"
    + " .equation, .note), footer")].map(each => [each, each.getBoundingClientRect()]);
  return parts.filter(([each]) => each.matches(".note")).flatMap(([note, box]) => parts
    .filter(([each, other]) => each !== note && !each.contains(note) && !note.contains(each)
      && across(box, other) > 1 && down(box, other) > 1)
    .map(([each]) => `${note.textContent.slice(0, 40)} | ${each.outerHTML.slice(0, 80)}`));
}"""
CUT = """() => [...document.querySelectorAll("main .table > .scroll, main pre")]
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => `${each.scrollWidth} of ${each.clientWidth}: ${each.textContent.slice(0, 60)}`)"""
COPIED = """() => {
  const code = document.querySelector("main pre code");
  getSelection().selectAllChildren(code);
  return [code.textContent.trimEnd(), getSelection().toString().trimEnd()];
}"""


@pytest.mark.parametrize("name", NAMES)
def test_no_page_scrolls_sideways(open_page: Opener, name: str) -> None:
    """From the smallest phone to a wide desktop a page is as wide as its window."""
    page = open_page(name, width=320)
    for width in (320, 360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == [], width


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", sampled("index", "runs", "laboratory"))
def test_nothing_jumps_while_a_page_loads_or_is_read(
    open_page: Opener, name: str, width: int
) -> None:
    """From the first paint to the end of the page the layout shifts by less than 0.02 in all.

    A machine that is busy with other tests may draw a frame before it has unpacked a font: the
    better of two loads counts.
    """
    page = open_page.blank(width=width)
    page.add_init_script(WATCH_SHIFTS)
    found = []
    for _ in range(2):
        page.goto(open_page.address(name))
        found.append(page.evaluate(SCROLL_THROUGH))
        if total(found[-1]) < 0.02:
            return
        page.goto("about:blank")
    pytest.fail(f"{name} jumps: {found}")


def total(shifts: Sequence[Sequence[Any]]) -> float:
    """By how much the layout shifted in all."""
    return float(sum(value for value, *_ in shifts))


@pytest.mark.parametrize("name", sampled("q1", "laboratory"))
def test_nothing_moves_for_whom_motion_is_too_much(open_page: Opener, name: str) -> None:
    """Where the system asks for less motion, no scroll is smooth, and nothing fades or turns."""
    page = open_page(name, context={"reduced_motion": "reduce"})
    assert page.evaluate(MOVING) == []


@pytest.mark.parametrize("name", sampled("q1", "q2"))
def test_no_side_note_lies_upon_anything(open_page: Opener, name: str) -> None:
    """In the margin a note covers no text, figure, table or other note."""
    page = open_page(name, width=1440)
    lay_out(page)
    for width in (1440, 1280, 1100):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(UPON) == [], width


@pytest.mark.parametrize("width", [768, 360])
@pytest.mark.parametrize("name", ["q1", "q2", "q3", "guide"])
def test_no_table_and_no_code_of_an_answer_is_cut(open_page: Opener, name: str, width: int) -> None:
    """Where a line has too little room, rows become cards and code goes on below."""
    page = open_page(name, width=width, context={"is_mobile": width < 768})
    lay_out(page)
    assert page.evaluate(CUT) == []


def test_copied_code_has_its_own_lines(open_page: Opener) -> None:
    """However many lines a narrow screen makes of it."""
    page = open_page("guide", width=360)
    lay_out(page)
    whole, copied = page.evaluate(COPIED)
    assert copied == whole
