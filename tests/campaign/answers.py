"""What an answer or a reference cannot be: its file, the spoiling, the exit code, words told."""

from collections.abc import Sequence

from build import ROOT
from tests.campaign.spoiling import Spoil, added, folder, gone, halved, length, text

Case = tuple[str, Spoil, int, Sequence[str]]
ANSWER = "report/answers/q1a.md"
WORKS = "report/answers/references.bib"
END = len((ROOT / ANSWER).read_text("utf-8").splitlines()) + 2
"""The line on which what is added behind an empty one stands."""

ANSWERS: list[Case] = [
    (ANSWER, gone, 1, ["q1a.md does not exist"]),
    (ANSWER, folder, 1, ["q1a.md: cannot be read: it is a folder"]),
    (ANSWER, added(b"\n\xff"), 1, ["is not UTF-8 text"]),
    (ANSWER, added("\n\0"), 1, ["holds a control character (U+0000)"]),
    (ANSWER, added("\na\u202eb"), 1, [f"q1a.md:{END}: holds RIGHT-TO-LEFT OVERRIDE (U+202E)"]),
    (ANSWER, added("\n{## \u200b ##}"), 1, [f"q1a.md:{END}: holds ZERO WIDTH SPACE (U+200B)"]),
    (ANSWER, added("\n\ufeff"), 1, [f"q1a.md:{END}: holds ZERO WIDTH NO-BREAK SPACE (U+FEFF)"]),
    (ANSWER, added("\n\ue000"), 1, [f"q1a.md:{END}: holds a nameless sign (U+E000)"]),
    (ANSWER, added("\n{% if 1 / 0 %}{% endif %}"), 1, ["q1a.md:", "division by zero"]),
    (ANSWER, added("\n{% for a in range(10 ** 9) %}{% endfor %}"), 1, ["Range too big"]),
    (
        ANSWER,
        added("\n{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"),
        1,
        ["loops and macros take more than 100,000 steps"],
    ),
    (ANSWER, added("\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"), 1, ["without end"]),
    (
        ANSWER,
        added(
            "\n{% macro m(n) %}{% if n %}{{ m(n-1) ~ m(n-1) }}{% endif %}{% endmacro %}{{ m(40) }}"
        ),
        1,
        ["more than 100,000 steps"],
    ),
    (ANSWER, added('\n{% set a = "a" * 10 ** 10 %}'), 1, ["more than 1,000,000 signs"]),
    (ANSWER, added("\n{% set a = 9 ** 99999 %}"), 1, ["power", "too large"]),
    (ANSWER, added("\n{% for a in 3 %}{% endfor %}"), 1, ["not iterable"]),
    (ANSWER, added("\n{{ nothing }}"), 1, ["there is no function or value 'nothing'"]),
    (ANSWER, added("\n{{ ''.__class__ }}"), 1, ["__class__", "unsafe"]),
    (ANSWER, added("\n{% if %}"), 1, ["q1a.md:"]),
    (
        ANSWER,
        added('\n{% supported "nothing" %}a{% else %}b{% endsupported %}'),
        1,
        [f"q1a.md:{END}: there is no claim 'nothing'"],
    ),
    (
        ANSWER,
        added('\n{% supported "gain-two" %}a{% endsupported %}'),
        1,
        [f"q1a.md:{END}: no words for the claim 'gain-two' under its other verdicts"],
    ),
    (ANSWER, added("\n\nA $ stands alone"), 1, ["a $ without its partner"]),
    (ANSWER, added("\n\n<div>open"), 1, ["the tag <div> is not closed"]),
    (ANSWER, added("\n\n<em>open"), 1, ["the tag <em> is not closed"]),
    (ANSWER, added("\n\n</main>"), 1, ["</main> closes nothing"]),
    (ANSWER, added("\n\n[x](javascript:alert)"), 1, ["leads to", "https://"]),
    (ANSWER, added('\n\n<b onclick="x()">b</b>'), 1, ["has onclick"]),
    (ANSWER, added("\n\n{{ study | tojson }}"), 1, [f"{ANSWER}:", "not JSON serializable"]),
    (
        ANSWER,
        added("\n\n[x](nowhere.html)"),
        1,
        [f"q1a.md:{END + 1}: ", '"nowhere.html"', "be a ref("],
    ),
    (ANSWER, added("\n\n[x](#nowhere)"), 1, [f"q1a.md:{END + 1}: ", '"#nowhere"', "be a ref("]),
    (ANSWER, added("\n\n[x][y]"), 1, [f"q1a.md:{END + 1}: [x][y] is no link"]),
    (
        ANSWER,
        added("\n\nA word.[^n]\n\n[^n]: A note."),
        1,
        [f"q1a.md:{END + 1}: [^n] is no footnote"],
    ),
    (ANSWER, added("\n\nA&#x202e;b"), 1, [f"q1a.md:{END + 1}: holds RIGHT-TO-LEFT OVERRIDE"]),
    (ANSWER, added('\n\n{{ "a\\u200bb" }}'), 1, [f"q1a.md:{END + 1}: holds ZERO WIDTH SPACE"]),
    (
        ANSWER,
        added("\n\n# Heading"),
        1,
        [f"q1a.md:{END + 1}: the tag <h1> is no part of an answer", "###"],
    ),
    (
        ANSWER,
        added("\n\nHeading\n==="),
        1,
        [f"q1a.md:{END + 1}: the tag <h1> is no part of an answer"],
    ),
    (
        ANSWER,
        added("\n\n##### Heading"),
        1,
        [f"q1a.md:{END + 1}: the tag <h5> is no part of an answer"],
    ),
    (
        ANSWER,
        added("\n\n## Second title"),
        1,
        [f"q1a.md:{END + 1}: the heading", "is a second title"],
    ),
    (ANSWER, text("## Title\n\n#### Deep"), 1, ["q1a.md:3: the heading", "leaves out a level"]),
    (ANSWER, added("\n\n***"), 1, ["the tag <hr> is no part of an answer"]),
    (
        ANSWER,
        added("\n\n<img src='a.svg'>"),
        1,
        [f"q1a.md:{END + 1}: the tag <img> is no", "figure("],
    ),
    (
        ANSWER,
        added("\n\n![a](b.svg)"),
        1,
        [f"q1a.md:{END + 1}: the tag <img> is no part of an answer"],
    ),
    *(
        (ANSWER, added(f"\n\n{deep}\n"), 1, [f"q1a.md:{line}: ", "in each other too deep"])
        for line, deep in {
            END + 1: "> " * 300 + "a",
            END + 2: "a\n" + "*" * 500 + "a" + "*" * 500,
            END + 3: "a\nb\n" + "<div>" * 300 + "a" + "</div>" * 300,
            END + 20: "".join(f"{'    ' * step}- a\n" for step in range(20)),
            END + 400: "".join(f"{'    ' * step}- a\n" for step in range(400)),
        }.items()
    ),
    (
        ANSWER,
        added("\n\n$" + "\\sqrt{" * 30 + "a" + "}" * 30 + "$"),
        1,
        [f"q1a.md:{END + 1}:", "too deep"],
    ),
    *(
        (
            ANSWER,
            added(f"\n\n{deep}\n"),
            1,
            [f"q1a.md:{END + 1}: brackets, operators or blocks stand in"],
        )
        for deep in (
            "{% if true %}" * 200 + "a" + "{% endif %}" * 200,
            "{% for a in variants %}" * 25 + "a" + "{% endfor %}" * 25,
            "{{ " + "not " * 3000 + "1 }}",
            "{{ " + "(" * 5000 + "a" + ")" * 5000 + " }}",
            "{{ " + "[" * 250 + "a" + "]" * 250 + " }}",
        )
    ),
    (ANSWER, added("\n\n{% include 'a' %}"), 1, [f"q1a.md:{END + 1}: an answer takes in no other"]),
    (
        ANSWER,
        added("\n\n{% from 'a' import b %}"),
        1,
        [f"q1a.md:{END + 1}: an answer takes in no other"],
    ),
    (ANSWER, added("\n\n<p><b>a</p></b>"), 1, ["<b> is not closed before </p>"]),
    (ANSWER, added("\n\n<script>x</script>"), 1, ["<script> is no part of an answer"]),
    (ANSWER, added('\n\na{{ note("<b>a") }}'), 1, ["the tag <b> is not closed"]),
]

ENTRY = "\n@misc{new, author = {A, B}, title = {T}, year = {2000}}"
AT = length(WORKS) + 2
HERE = f"bib:{AT}:"
"""The line of the new entry, behind that of the last."""
REFERENCES: list[Case] = [
    (WORKS, gone, 1, ["references.bib: cannot be read: there is no such file"]),
    (WORKS, added(b"\xff"), 1, ["references.bib:", "is not UTF-8 text"]),
    (WORKS, added("% \u202e"), 1, [f"references.bib:{AT - 1}: holds RIGHT-TO-LEFT OVERRIDE"]),
    (WORKS, halved, 1, ["references.bib"]),
    (WORKS, text(""), 1, ["there is no reference"]),
    (WORKS, added(ENTRY.replace("year", "eyar")), 1, ["'new' has no year"]),
    (WORKS, added(ENTRY.replace("author", "editor")), 1, ["'new' has no author"]),
    (WORKS, added(ENTRY.replace("title", "titel")), 1, ["'new' has no title"]),
    (WORKS, added(ENTRY.replace("A, B", "")), 1, [f"bib:{AT}: the entry 'new' has no author"]),
    (WORKS, added(ENTRY.replace("A, B", "{}")), 1, [f"bib:{AT}: the entry 'new': author = '{{}}'"]),
    (WORKS, added(ENTRY.replace("A, B", ",")), 1, [HERE, "author lacks a name"]),
    (WORKS, added(ENTRY.replace("A, B", "others")), 1, [HERE, "author lacks a name"]),
    (WORKS, added(ENTRY.replace("A, B", "A, B and and C")), 1, [HERE, "lacks a name"]),
    (WORKS, added(ENTRY.replace("A, B", "\nA, B, C, D")), 1, [f"bib:{AT + 1}: Too many commas"]),
    (
        WORKS,
        added(ENTRY + ENTRY),
        1,
        [f"bib:{AT + 1}: the key 'new' is rep", f"line {AT} has it"],
    ),
    (
        WORKS,
        added(ENTRY.replace("2000", "soon")),
        1,
        [HERE, "year = 'soon'", "four digits"],
    ),
    (
        WORKS,
        added(ENTRY.replace("T", r"T \foo{x}")),
        1,
        [HERE, r"\foo is no sign of LaTeX"],
    ),
    (WORKS, added(ENTRY.replace("A, B", r"A, \nom B")), 1, ["author = ", r"\nom is no sign"]),
    (WORKS, added(ENTRY.replace("{T}", "")), 1, ["references.bib:", "syntax error"]),
]
