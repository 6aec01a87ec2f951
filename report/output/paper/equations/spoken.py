"""An equation in words, from its MathML: what a screen reader says in its place.

The libraries that speak MathML in Python were tried: one reads W with the index l as "liquid", the
other leaves signs as they are.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from report.output.paper.tree import Node, elements, text

SIGNS = {
    "=": "equals", "≠": "is not equal to", "≈": "is approximately", "≡": "is identical to",
    "<": "is less than", ">": "is greater than", "≤": "is at most", "≥": "is at least",
    "≪": "is much less than", "≫": "is much greater than", "∼": "is distributed as",
    "~": "is distributed as", "∝": "is proportional to", "∈": "in", "⟹": "implies", "→": "to",
    "⟶": "to", "⇒": "implies", "⟺": "if and only if", "↦": "maps to", "+": "plus",
    "−": "minus", "-": "minus", "±": "plus or minus", "×": "times", "·": "times", "⋅": "times",
    "⊙": "elementwise times", "/": "over", "∘": "after", "∂": "partial", "∇": "gradient of",
    "∫": "integral", "∑": "sum", "∏": "product", "∞": "infinity", "√": "square root of",
    "(": "open bracket", ")": "close bracket", "[": "open bracket",
    "]": "close bracket", "{": "open brace", "}": "close brace", "|": "bar", "‖": "norm",
    ",": ",", ".": ".", ";": ";", ":": ":", "!": "factorial", "%": "percent", "′": "prime",
    "*": "star", "∗": "star", "⊤": "transposed", "†": "dagger", "…": "and so on",
    "⋯": "and so on",
}  # fmt: skip
"""How a sign is said; letters that are not Latin are said by their names in Unicode."""
STYLES = ("script", "double-struck", "fraktur", "bold")
FUNCTIONS = {"ln": "natural logarithm of", "log": "logarithm of", "exp": "exponential of",
             "max": "maximum", "min": "minimum", "Var": "variance", "E": "expectation"}  # fmt: skip
ACCENTS = {"^": "hat", "~": "tilde", "¯": "bar", "‾": "bar", "˙": "dot", "→": "vector"}
RELATIONS = set("=≠≈≡<>≤≥≪≫∼~∝∈→⟹⇒,;")
MARKS = set("′*∗⊤†")
POWERS = {"2": "squared", "3": "cubed"}
LARGE = {"∫": "integral", "∑": "sum", "∏": "product", "max": "maximum", "min": "minimum"}
FRACTIONS = {("1", "2"): "one half", ("1", "3"): "one third", ("1", "4"): "one quarter"}


def spoken(math: Node) -> str:
    """Return a <math> element in words: W with index l and power 2 is "W sub l, squared"."""
    words = " ".join(_row(elements(math)).split())
    words = re.sub(r" ([,.;:])", r"\1", words)
    return re.sub(r"[,.;:]+([,.;:])", r"\1", words).rstrip(",.;: ")


def _said(node: Node) -> str:
    special = SAID.get(node["tag"])
    return special(node) if special else _row(elements(node))


def _row(nodes: Sequence[Node]) -> str:
    """Return nodes that stand side by side, in words: a sign before a value belongs to it."""
    words: list[str] = []
    before = ""
    for node in nodes:
        sign = text(node).strip() if node["tag"] == "mo" else ""
        leads = not before or before in RELATIONS or before in {"(", "[", "{", "/"}
        words.append("negative" if sign in {"−", "-"} and leads else _said(node))
        before = sign or ("" if node["tag"] == "mspace" and not before else "value")
    return " ".join(filter(None, words))


def _leaf(node: Node) -> str:
    leaf = text(node).strip()
    known = SIGNS.get(leaf) or FUNCTIONS.get(leaf)
    return known or (leaf if leaf.isascii() else " ".join(map(_letter, leaf)))


def _letter(sign: str) -> str:
    """Return a letter by its name: φ is "phi", ℒ is "script L", Σ is "capital sigma"."""
    plain = unicodedata.normalize("NFKC", sign)
    if sign in SIGNS or len(plain) > 1:
        return SIGNS.get(sign, plain)
    style = [style for style in STYLES if style in unicodedata.name(sign, "").lower()]
    if plain.isascii():
        return " ".join([*style, plain])
    name = unicodedata.name(plain, plain).lower().replace("greek small letter ", "")
    return " ".join([*style, name.replace("greek capital letter", "capital")])


def _large(base: Node) -> str:
    return LARGE.get(text(base).strip(), "")


def _sub(node: Node) -> str:
    base, index = elements(node)
    if _large(base):
        return f"{_large(base)} over {_said(index)} of"
    return f"{_said(base)} {_index(index)}"


def _index(node: Node) -> str:
    return f"sub {_said(node)}" + (", end sub," if len(_atoms(node)) > 1 else "")


def _sup(node: Node) -> str:
    base, power = elements(node)
    return f"{_said(base)} {_power(power)}"


def _subsup(node: Node) -> str:
    base, index, power = elements(node)
    if _large(base):
        return f"{_large(base)} from {_said(index)} to {_said(power)} of"
    pause = "" if text(power).strip() in MARKS else ","
    return f"{_said(base)} {_index(index)}{pause} {_power(power)}"


def _power(node: Node) -> str:
    atoms = _atoms(node)
    if len(atoms) == 1:
        sign = text(node).strip()
        if sign in POWERS:
            return POWERS[sign]
        return _said(node) if sign in MARKS else f"to the power {_said(node)}"
    if text(atoms[0]).strip() in MARKS:
        return f"{_said(atoms[0])} {' '.join(_power(atom) for atom in atoms[1:])}"
    return f"to the power {_said(node)}" + (", end power," if len(atoms) > 2 else "")


def _fraction(node: Node) -> str:
    above, below = elements(node)
    simple = FRACTIONS.get((text(above).strip(), text(below).strip()))
    if simple:
        return simple
    if len(_atoms(above)) == 1 and len(_atoms(below)) == 1:
        return f"{_said(above)} over {_said(below)}"
    return f"the fraction {_said(above)} over {_said(below)}, end fraction,"


def _root(node: Node) -> str:
    inside = elements(node)
    if node["tag"] == "mroot":
        return f"root {_said(inside[1])} of {_said(inside[0])}, end root,"
    end = ", end root," if len(_atoms(node)) > 1 else ""
    return f"square root of {_row(inside)}{end}"


def _over(node: Node) -> str:
    base, mark = elements(node)
    if _large(base):
        return f"{_large(base)} to {_said(mark)} of"
    accent = ACCENTS.get(text(mark).strip())
    return f"{_said(base)} {accent}" if accent else f"{_said(base)} with {_said(mark)} above"


def _under(node: Node) -> str:
    base, mark = elements(node)
    if _large(base):
        return f"{_large(base)} over {_said(mark)} of"
    return f"{_said(base)} with {_said(mark)} below"


def _table(node: Node) -> str:
    rows = [", ".join(_said(cell) for cell in elements(row)) for row in elements(node)]
    return "; ".join(f"row {number}: {row}" for number, row in enumerate(rows, start=1))


def _atoms(node: Node) -> list[Node]:
    """Return the leaves of a node."""
    inside = elements(node)
    return [leaf for each in inside for leaf in _atoms(each)] if inside else [node]


def _nothing(_node: Node) -> str:
    return ""


SAID: dict[str, Callable[[Node], str]] = {
    "mi": _leaf, "mo": _leaf, "mn": _leaf, "mtext": _leaf, "mspace": _nothing, "mphantom": _nothing,
    "msub": _sub, "msup": _sup, "msubsup": _subsup, "munderover": _subsup, "mover": _over,
    "munder": _under, "mfrac": _fraction, "msqrt": _root, "mroot": _root, "mtable": _table,
}  # fmt: skip
