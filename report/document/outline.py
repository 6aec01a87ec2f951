"""What the report consists of: its pages, the answers on them, and what a reference leads to."""

import re
from dataclasses import dataclass

from report.prose.uses import HeadingUse

QUESTION = re.compile(r"q\d[a-z]")
PART = re.compile(r"q\d")


@dataclass(frozen=True)
class Page:
    """A page of the site: its title (empty: that of the study) and the answers on it in order.

    `short` is what the navigation calls it, empty where others lead to it; `template` makes it;
    `style` and `script` name a style sheet and a script of its own, without their endings. `about`
    says in a sentence what it is about, but no result; for the first page the abstract does.
    """

    name: str
    title: str
    short: str
    answers: tuple[str, ...]
    template: str = "pages/page.html"
    style: str = ""
    script: str = ""
    about: str = ""

    @property
    def part(self) -> str:
        """The number of a page of questions, such as Q1; nothing for other pages."""
        return self.name.upper() if PART.fullmatch(self.name) else ""


RUNS = Page(
    "runs", "The runs", "Runs", (), "pages/evidence/runs.html", "runs", "runs",
    about="Every training run behind the report, with its settings, seed, identity and history.",
)  # fmt: skip
PAGES = (
    Page("index", "", "Abstract", ("abstract", "basis"), "pages/index.html", "index", "hero"),
    Page(
        "q1", "Understanding weight initialization", "Why it matters",
        ("q1a", "q1b", "q1c", "q1-check"),
        about="Why the first weights of a neural network matter, what goes wrong when they are "
        "badly chosen, and what their variance has to do with it.",
    ),
    Page(
        "q2", "Weight initialization techniques", "Techniques",
        ("q2a", "q2b", "q2c", "q2d", "q2-check"),
        about="Zero, random, Xavier/Glorot and He initialization: the idea of each, its theory, "
        "its limits, and where it is used.",
    ),
    Page(
        "q3", "Applying weight initialization", "In practice", ("q3a", "q3b", "q3-check"),
        about="Zero, random, Xavier and He initialization trained side by side on the same data "
        "and seeds, and what to weigh when choosing one.",
    ),
    Page(
        "guide", "A guide for practice", "Guide", ("guide",), style="guide",
        about="Which initializer to take in which situation, on what the advice rests, and the "
        "lines for Keras and PyTorch.",
    ),
    Page(
        "laboratory", "The laboratory", "Laboratory", (), "pages/laboratory/page.html",
        "laboratory", "laboratory",
        about="Choose how a network starts and see in the browser what becomes of signals and "
        "gradients on their way through it.",
    ),
    Page(
        "methods", "Methods and evidence", "Methods", ("methods", "limits", "verdicts"),
        "pages/methods.html",
        about="How the networks were trained and the claims tested, every claim with its verdict, "
        "the limits, the data files and the references.",
    ),
    Page(
        "glossary", "Glossary", "", ("glossary",),
        about="The terms of the report in a sentence or two each, with the place where each is "
        "derived or put to use.",
    ),
    RUNS,
    Page(
        "compare", "What moved", "", (), "pages/evidence/compare.html", "compare",
        about="Claims, figures and numbers that differ from the published results or from those "
        "of the build before.",
    ),
    Page(
        "replications", "Replications", "", (), "pages/evidence/replications.html", "compare",
        about="What each claim came to where the study was repeated, on new seeds and on other "
        "machines.",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """An answer as HTML in which tokens stand for all that is written from records."""

    name: str
    page: str
    html: str
    headings: tuple[HeadingUse, ...]

    @property
    def title(self) -> str:
        """The heading of the answer."""
        return self.headings[0].text


@dataclass(frozen=True)
class Label:
    """What a cross-reference leads to, and how a sentence names it."""

    page: str
    anchor: str
    text: str

    def seen_from(self, page: str) -> str:
        """Return its address on the site, as a page has it."""
        anchor = f"#{self.anchor}" if self.anchor else ""
        return anchor if anchor and self.page == page else f"{self.page}.html{anchor}"
