"""Pages held to the rules of axe-core, which stand for most of WCAG 2.2 AA."""

from collections import Counter
from dataclasses import dataclass

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNDECIDED = {"nonBmp", "shortTextContent", "elmPartiallyObscured", "elmPartiallyObscuring"}
"""Why axe may leave the contrast of a text open: it is one sign, it is scrolled half out of sight,
or it reaches out of its section, as a side note does. A text upon another is not among them."""
HIDDEN = ["svg[aria-hidden=true]", "svg.drawing *"]
"""Text in an inline drawing stands on that drawing, through which axe cannot see: the tests of the
drawings measure its contrast. That a drawing has a name is asked of the drawing itself."""
THIN = """([rows, groups, samples]) => {
  const surplus = (selector, most, kind) => {
    const seen = new Map();
    return [...document.querySelectorAll(selector)].filter(each => {
      const count = (seen.get(kind(each)) ?? 0) + 1;
      seen.set(kind(each), count);
      return count > most;
    });
  };
  const drop = each => each.remove();
  document.querySelectorAll(`tbody > tr:nth-child(n + ${rows + 1})`).forEach(drop);
  document.querySelectorAll(`table > tbody:nth-of-type(n + ${groups + 1})`).forEach(drop);
  surplus("svg.drawing :is(path, use)", samples, each => each.closest("svg")).forEach(drop);
  surplus("math", samples, each => each.closest(".scroll") !== null)
    .forEach(each => each.replaceChildren(each.textContent));
  surplus(".highlight span", samples, each => each.className)
    .forEach(each => each.replaceWith(each.textContent));
  const whole = new CSSStyleSheet();
  whole.replaceSync("* { content-visibility: visible !important; }");
  document.adoptedStyleSheets.push(whole);
}"""
ROWS, GROUPS, SAMPLES = 3, 2, 12
"""What is looked at: so many rows of a group, groups of a table, shapes of a drawing, formulas, and
pieces of code of a kind. What follows is more of the same."""
CHECK = """async ([rules, kinds, left]) => {
  const found = await axe.run({exclude: left}, {
    preload: false,  // no style sheet is fetched again: the content policy forbids it
    runOnly: rules,
    resultTypes: kinds,  // of the others one example is enough, which saves half of the time
  });
  const causes = node => [...node.any, ...node.all, ...node.none];
  const contrast = results => results.find(each => each.id === "color-contrast")?.nodes ?? [];
  return {
    violations: found.violations.flatMap(rule => rule.nodes.map(node =>
      `${rule.id} at ${node.target.join(" ")}: ${causes(node).map(c => c.message).join("; ")}`)),
    measured: contrast(found.passes).length,
    open: contrast(found.incomplete).flatMap(node =>
      causes(node).map(cause => cause.data?.messageKey ?? cause.id)),
  };
}"""


@dataclass(frozen=True)
class Findings:
    """What axe found: lines that name rule, element and reason, and how it fared with contrast.

    `undecided` counts the elements whose contrast axe could not tell, by its word for the reason;
    `measured` those whose contrast is enough, where it was asked for.
    """

    violations: list[str]
    measured: int
    undecided: Counter[str]


def check(page: Page, *, measured: bool = False, colours: bool = False) -> Findings:
    """Return what axe finds on a page, of whose repetitions a few are left for it.

    Only `colours`: nothing but the rule of contrast, the only one that depends on the theme.
    """
    page.evaluate(THIN, [ROWS, GROUPS, SAMPLES])
    page.evaluate(AXE_SCRIPT)
    kinds = ["violations", "incomplete", *(["passes"] if measured else [])]
    found = page.evaluate(CHECK, [["color-contrast"] if colours else RULES, kinds, HIDDEN])
    return Findings(found["violations"], found["measured"], Counter(found["open"]))


def assert_accessible(page: Page, *, colours: bool = False) -> None:
    """Fail with a line for each element that breaks a rule, or where contrast stays open."""
    found = check(page, colours=colours)
    assert not found.violations, "\n".join(["axe found:", *found.violations])
    assert set(found.undecided) <= UNDECIDED, found.undecided
