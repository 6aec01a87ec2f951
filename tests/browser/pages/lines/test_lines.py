"""How lines end: no sign that belongs to the word before it begins one, and no equation is cut."""

import pytest

from tests.browser.opening import Opener, sampled

WIDTHS = (320, 360, 412, 768, 1280, 1440)
LONE = r"""() => {
  const blocks = [...document.querySelectorAll(
    "main :is(p, li, td, th, dd, figcaption, caption, h1, h2, h3, h4, .note)")];
  const found = [];
  for (const block of blocks) {
    if (!block.checkVisibility()) continue;
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_ALL, node => {
      if (node.nodeType === Node.TEXT_NODE)
        return node.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT;
      if (node.nodeType !== Node.ELEMENT_NODE) return NodeFilter.FILTER_REJECT;
      if (blocks.includes(node) || !node.getClientRects().length || node.matches("math, details"))
        return NodeFilter.FILTER_REJECT;
      return node.matches("svg, input") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
    });
    let before = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType !== Node.TEXT_NODE) {
        const box = node.getBoundingClientRect();
        if (before && node.matches(".note-switch") && box.top >= before.bottom - 3)
          found.push(`+ after ${before.words}`);
        before = {bottom: box.bottom, words: `<${node.localName}>`};
        continue;
      }
      const text = node.data.replace(/^\u2060+/, "");
      if (!text.trim()) continue;
      const range = document.createRange();
      range.setStart(node, node.data.length - text.length);
      range.setEnd(node, node.data.length - text.length + 1);
      const box = range.getBoundingClientRect();
      if (before && /^[,.;:!?)\]\u2019\u201d]/.test(text) && box.top >= before.bottom - 3)
        found.push(`${text.slice(0, 12)} after ${before.words}`);
      const end = node.data.trimEnd().length;
      range.setStart(node, end - 1);
      range.setEnd(node, end);
      // After a space a line may end, and a name of code that is longer than a line anywhere.
      const free = /\s$/.test(text) || node.parentElement.matches("code");
      before = free ? null : {bottom: range.getBoundingClientRect().bottom, words: text.slice(-20)};
    }
  }
  return found;
}"""
CUT = """() => [...document.querySelectorAll(".equation")].flatMap(each => {
  const room = each.getBoundingClientRect();
  return [...each.querySelectorAll(".math svg")].flatMap(svg => {
    const {left, right, width} = svg.getBoundingClientRect();
    const em = parseFloat(getComputedStyle(svg).fontSize);
    const scale = width / (svg.viewBox.baseVal.width / 1000 * em);
    const whole = left >= room.left - 1 && right <= room.right + 1 && scale > 0.75;
    return whole ? [] : [`${each.textContent.slice(0, 60)}: ${scale.toFixed(2)} of its size`];
  }).concat(each.scrollWidth > each.clientWidth ? [`${each.id} scrolls`] : []);
})"""
"""What stands beyond its equation, or is drawn so much smaller that nobody reads it."""


@pytest.mark.parametrize("name", sampled("index", "q2"))
def test_no_sign_stands_alone_at_the_start_of_a_line(open_page: Opener, name: str) -> None:
    """Punctuation follows its equation, and the mark of a note its word, at every width."""
    page = open_page(name, width=WIDTHS[0])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(LONE) == [], width


@pytest.mark.parametrize("name", ["q1", "q2", "guide", "methods"])
def test_no_equation_is_cut(open_page: Opener, name: str) -> None:
    """On the smallest phones an equation breaks into lines that are whole and legible."""
    page = open_page(name, width=WIDTHS[0])
    assert page.locator(".equation").count() > 0
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(CUT) == [], width
