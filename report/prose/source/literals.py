"""No result is typed into an answer: literal numbers are found before the answer is rendered.

What states no result is taken out first (calls, equations, headings, code, links, names such as
"layer 2"); a digit that is then left, or a number word in front of something that is counted or
measured, is a literal. So it is in what a call writes of constants alone, on whatever way they come
there; arithmetic on what is looked up is none. `const` marks one that no result can change.
"""

import re
from dataclasses import dataclass

from analysis.errors import ReportError
from report.prose.locations import Misplaced, line_at
from report.prose.source import expressions
from report.prose.uses import ConstantUse

SOURCE = re.compile(r"[^\W\d_]{2}|[×·√/+−^]")
"""What says more than another number would."""

SMALL = "two|three|four|five|six|seven|eight|nine"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
POWERS = r"(?:an? |one )?(?:hundred|thousand|million|billion|dozen)"
MANY = rf"(?:(?:(?:{TENS})(?:[- ](?:one|{SMALL}))?|{TEENS})(?:[- ](?:hundred|thousand))?|{POWERS})"
COUNT = rf"(?:{MANY}|(?:{SMALL})(?:[- ](?:hundred|thousand|million|dozen))?)"
PART = r"(?:thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)"
NEARLY = "(?:about |nearly |almost |roughly |some )?"
GAP = r"(?:[\w-]+ ){0,2}?"
MEASURED = r"(?:epochs?|seeds?|runs?|seconds|minutes?|hours?|nats?|pairs?)"
LARGE = r"(?:steps?|layers?|units?|images?|samples?|networks?)"
ANY = rf"(?:{MEASURED}|{LARGE}|variants?|initializers?)"

RESULTS = [
    rf"(?:{COUNT}|one|zero|half an?)(?: and a half)?[ -](?:per ?cent\b|percentage points?|%)",
    rf"(?:{COUNT}|one) {ANY} (?:out )?of (?:the )?{COUNT}\b",
    rf"{COUNT} {GAP}{MEASURED}\b",
    rf"{MANY} {GAP}{LARGE}\b",
    rf"(?:{COUNT}|one) (?:out )?of (?:the |all )?{COUNT}(?: {ANY}\b|(?=[.,;:)]))",
    rf"(?:{COUNT}|one) in {COUNT}\b",
    rf"{COUNT} times\b",
    rf"{COUNT}-?fold\b",
    rf"by a factor of {NEARLY}{COUNT}\b",
    rf"a factor of {NEARLY}{COUNT} (?:\w+er|more|less|apart)\b",
    rf"(?:{COUNT}|one) orders? of magnitude",
    r"an order of magnitude (?:\w+er|more|less|apart)\b",
    r"(?:twice|thrice) as \w+",
    rf"half (?:of )?(?:all |the |its |their |as )*(?:many|much|accuracy|loss|{ANY})\b",
    rf"{COUNT}[ -]{PART}\b",
    rf"(?:a|one) {PART} of (?:all |the |its |their )*{ANY}\b",
    rf"(?:dozens|hundreds|thousands|millions) of {GAP}{ANY}\b",
    r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth) (?:epoch|seed|run)\b",
]
"""Number words that state a result; in front of anything else they are plain prose."""
RESULT_WORDS = re.compile(rf"\b(?:{'|'.join(RESULTS)})".replace(" ", r"\s"), re.I)
NUMBER_WORD = re.compile(rf"\b(?:{COUNT}|one|zero|half|twice|{PART})\b", re.I)

GONE = "\u2060"
"""Stands for what has been taken out. It is no space: what was on both sides is no phrase."""
SOLID = rf"[^\s{GONE}]*"
PERCENT = r"(?:%|per ?cent\b|percentage\spoints?\b)"
DIGITS = re.compile(rf"{SOLID}[\d½⅓⅔¼¾⅕⅛]{SOLID}(?:\s{PERCENT})?")

OPENING, CLOSING = "*_|(“\"'", "*_|.,;:)”\"'"

THING = (
    "layers?|figures?|figs?\\.|tables?|sections?|equations?|eqs?\\.|questions?|theorems?|lemmas?|"
    "propositions?|assumptions?|conditions?|appendix|chapters?|pages?|parts?|volumes?|tiers?|"
    "(?:failure )?modes?"
)
PRODUCT = "Python|TensorFlow|Keras|NumPy|SciPy|pandas|PyTorch|JAX|WCAG"
PLACES = r"\d+[a-z]?(?:(?:, |–|-| to | and |, and | or )\d+[a-z]?)*"
UNMEASURED = rf"\b(?![\d.,]*\d|\s?{PERCENT}|\sof (?:the )?\d)"
YEAR = r"(?:1[89]|20)\d\d[a-z]?"
AUTHOR = r"(?!(?:In|Of|The|After|For|By|From|With|All|At|To|Only|Over|On|Its|And)\b)[A-Z][\w’'-]+"

NAMES = [
    re.compile(rf"\b(?:{THING})\s{PLACES}{UNMEASURED}", re.I),
    re.compile(rf"\b(?:{PRODUCT})\s\d+(?:\.\d+)*{UNMEASURED}"),
    # Letters before digits, as in Q1a, h2 and float32, and names such as SHA-256 and PDF/UA-1.
    re.compile(r"(?<![\w.-])(?:[A-Za-z_]\w*?\d\w*|[A-Z][\w/-]*-\d+\w*)"),
    # A work by its authors and year, such as He et al. 2015 or Glorot and Bengio (2010).
    re.compile(rf"(?:{AUTHOR}|et al\.),?\s\(?{YEAR}(?:[,;]\s{YEAR})*\)?{UNMEASURED}(?!\s{ANY})"),
    re.compile(rf"\({YEAR}\)"),
    re.compile(r"\b\d-D\b"),
    # The level of an interval says what the interval is, not what it shows.
    re.compile(r"\b\d\d(?:\.\d)?\s?%\s(?:(?:bootstrap|confidence|Student)\s)?intervals?\b"),
]
"""Where a number names a thing."""

FENCED = re.compile(r"^([ \t]*)(```+|~~~+).*?^\1\2[`~]*\s*$", re.S | re.M)
COMMENT = re.compile(r"\{##.*?##\}|<!--.*?-->", re.S)
BLOCK = re.compile(r"\{%.*?%\}", re.S)
QUOTE = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
CALL = re.compile(rf"\{{\{{((?:[^{{}}\"']|{QUOTE}|\{{[^{{}}]*\}})*)\}}\}}", re.S)
DISPLAY = re.compile(r"\$\$.+?\$\$", re.S)
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.S)
"""In a line."""
INLINE = re.compile(r"(?<![\\$])\$(?![\s$])((?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)", re.S)
TEX_NUMBER = r"\d+(?:(?:\{,\}|\\,)\d{3})*(?:\.\d+)?"
"""Without its sign; thousands are parted by {,} or \\,."""
BARE = re.compile(rf"[-−]?{TEX_NUMBER}")
UNIT = re.compile(rf"\s?(?:{PERCENT}|nats?\b)")
TEX_UNIT = re.compile(
    rf"[-−]?{TEX_NUMBER}(?:\s|~|\\[,;: ])*(?:\\%|\\(?:text|mathrm)\{{\s*(?:{PERCENT}|nats?\b))"
)
"""A number with the unit of a result inside of an equation, whose arithmetic has none."""
OUTSIDE = [
    CODE,
    re.compile(r"^ {0,3}#{1,6}\s.*$", re.M),  # headings, and those that are underlined
    re.compile(r"^(?=.*\S).*\n(?=(?:=+|-+)[ \t]*$)", re.M),
    re.compile(r"\{[:#][^}\n]*\}"),  # attributes and labels
    re.compile(r"^\s*\[(?!\^)[^\]\n]+\]:.*$", re.M),  # where links lead
    re.compile(r"(?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|(?<=\])\[[^\]\n]*\]"),
    re.compile(r"\[\^[^\]\n]+\]:?"),
    re.compile(r"<[a-zA-Z/][^<>]*>"),
    re.compile(r"\b(?:https?://|doi:|arXiv:)\S+"),
    re.compile(r"&#?\w+;"),
    re.compile(r"^[ \t>]*\d+[.)](?=\s)", re.M),  # numbers of a list
]


@dataclass(frozen=True)
class Literal:
    """A number that stands typed in an answer: its line, from 1, and the words that state it."""

    line: int
    words: str


def found(text: str) -> list[Literal]:
    """Return the literal numbers of an answer's source, Markdown with Jinja calls, by line."""
    written = expressions.written(text, GONE)
    literals = [*_stated(text), *(each for line, made in written for each in _stated(made, line))]
    return sorted(literals, key=lambda each: each.line)


def _stated(text: str, line: int = 1) -> list[Literal]:
    """Return the literal numbers of prose that begins on a line."""
    plain = _prose(text)
    places = [
        (match.start(), match[0])
        for pattern in (DIGITS, RESULT_WORDS)
        for match in pattern.finditer(plain)
    ]
    return [
        Literal(line - 1 + line_at(plain, start), _bare(words)) for start, words in sorted(places)
    ]


def _bare(words: str) -> str:
    return " ".join(words.split()).lstrip(OPENING).rstrip(CLOSING)


def refuse(text: str, file: str) -> None:
    """Raise ReportError, with file and line of each, where an answer holds literal numbers."""
    literals = found(text)
    if literals:
        lines = [f'{file}:{each.line}: the number "{each.words}" is typed' for each in literals]
        lines[-1] += (
            "; look a result up with number(), a setting with setting(), state it as a claim(), or "
            'mark what no result can change with {{ const("…", "its source") }}'
        )
        raise ReportError("\n".join(lines))


def numbers(text: str) -> list[str]:
    """Return the numbers in a few words, spelled with digits or letters."""
    return re.findall(r"\d[\d.,]*", text) + NUMBER_WORD.findall(text)


def _prose(text: str) -> str:
    """Return the text with all that is not prose replaced by blanks, line by line as it was."""
    text = FENCED.sub(blank, COMMENT.sub(blank, text))
    text = BLOCK.sub(blank, CALL.sub(blank, text))
    text = INLINE.sub(_equation, DISPLAY.sub(_equation, text))
    for pattern in (*OUTSIDE, *NAMES):
        text = pattern.sub(blank, text)
    return text


def blank(found: re.Match[str]) -> str:
    """Return what stands for a text that has been taken out, on as many lines."""
    return _gone(found[0])


def _gone(text: str) -> str:
    return re.sub(r"[^\n]", GONE, text)


def _equation(found: re.Match[str]) -> str:
    """Blank an equation; a number with a unit in it or behind it is a result in disguise."""
    tex = found[0].strip("$")
    if UNIT.match(found.string, found.end()) and BARE.fullmatch(tex.strip()):
        return f" {tex} "
    inside = TEX_UNIT.search(tex)
    if inside is None:
        return blank(found)
    before, after = _gone(tex[: inside.start()]), _gone(tex[inside.end() :])
    return f"{before} {inside[0].replace(' ', '')} {after}"


def constant(text: str, source: str) -> ConstantUse:
    """Return a number that no result of this report can change, with its source.

    Raises ReportError for a constant without a number or without a source.
    """
    if not numbers(str(text)) or text != str(text):
        raise Misplaced(f'const({text!r}, …) marks no number: give it as text, such as "784"')
    if not SOURCE.search(str(source)):
        needs = "needs its source: words, or the arithmetic behind it"
        raise Misplaced(f"const({text!r}, {source!r}) {needs}")
    return ConstantUse(text, " ".join(source.split()))
