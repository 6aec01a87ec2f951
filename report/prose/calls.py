"""What an answer may call: the Jinja environment in which its Markdown is rendered."""

import functools
import inspect
import math
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import safe_range

from analysis.claims.against.standing import Standing
from analysis.claims.claim import STRADDLES, Claim, Verdict
from analysis.errors import ReportError
from analysis.plan.provenance import trained
from report.prose import listings, markdown
from report.prose.citations import Bibliography
from report.prose.locations import Misplaced, here, in_template, line_of_failure, unknown
from report.prose.numbers.lookup import Numbers
from report.prose.source import literals, verdicts
from report.prose.source.bounded import Bounded
from report.prose.source.derived import Derived
from report.prose.source.expressions import COMMENTS
from report.prose.source.verdicts import Said, Supported
from report.prose.uses import (
    CiteUse,
    ClaimUse,
    FigureUse,
    FoundUse,
    ListingUse,
    NoteUse,
    RefUse,
    Shown,
    TableUse,
    Use,
    Uses,
    VerdictUse,
)
from report.words import counts, datasets, numbers, plain, settings
from report.words.metrics import LEVELS
from report.words.verdicts import note, repeated, weighed

MISTAKES = (TypeError, ValueError, ArithmeticError, LookupError, MemoryError, TemplateError)
"""What a wrong expression of an answer raises, and a fault of the code as well."""
WORDED = {"figure", "table", "note"}
"""Calls that are given Markdown: a name of the study in it stays sealed."""
WRITERS = (
    numbers.exact, numbers.fixed, numbers.magnitude, counts.counted, settings.activation_name
)  # fmt: skip
"""What writes a value that an answer looked up, as filters: x | fixed(2), x | counted("epoch")."""
EQUATIONS = {"σ_w²": r"\sigma_w^2", "5 / (2 n)": r"5 / (2 n)"}
"""What a claim's statement, which is plain text, has for an equation, and the TeX of that."""
Placed = TypeVar("Placed", bound=Shown)


class Prose:
    """Renders answers and records what they use.

    What an answer calls stands in the result as a token, and `uses` has the record for it;
    `report.output` writes it once `report.document.compose` knows every number and anchor.
    """

    def __init__(
        self,
        numbers: Numbers,
        claims: Mapping[str, Claim],
        bibliography: Bibliography,
        root: Path,
        *,
        figures: Collection[str],
        tables: Collection[str],
        standings: Mapping[str, Standing] | None = None,
        derived: Derived | None = None,
    ) -> None:
        """Without `derived`, what follows from an answer's source is kept for no other build."""
        self.numbers = numbers
        self.claims = claims
        self.standings = standings or {}
        self.bibliography = bibliography
        self.root = root
        self.names = {"figure": figures, "table": tables}
        self.derived = derived or Derived()
        self.uses = Uses()
        self.said: list[Said] = []
        """Words that follow a verdict, in the order in which they were rendered."""
        self.environment = self._environment()

    def render(self, text: str, file: str) -> str:
        """Return the Markdown of an answer with a token in the place of every call.

        The study's own texts are sealed, so that they are words whatever they look like; see
        `report.words.plain`. Raises ReportError with file and line for whatever an answer asks for
        and cannot have.
        """
        try:
            rendered = self.environment.compiled(text, file).render()
        except TemplateSyntaxError as error:
            raise ReportError(f"{file}:{error.lineno}: {error.message}") from error
        except UndefinedError as error:
            line = line_of_failure(error.__traceback__, file)
            raise ReportError(f"{file}:{line}: {self._undefined(error)}") from error
        except RecursionError as error:
            line = line_of_failure(error.__traceback__, file)
            raise ReportError(f"{file}:{line}: calls itself without end") from error
        except (Misplaced, *MISTAKES) as error:
            if not isinstance(error, Misplaced) and not in_template(
                error.__traceback__, file.__eq__
            ):
                raise
            line = line_of_failure(error.__traceback__, file)
            words = plain.opened(str(error), markup=False)
            raise ReportError(f"{file}:{line}: {words}") from error
        self.uses.name_years(rendered)
        return rendered

    def _environment(self) -> Bounded:
        environment = Bounded(
            undefined=StrictUndefined,
            autoescape=False,
            keep_trailing_newline=True,
            newline_sequence="\n",
            finalize=plain.in_a_sentence,
            extensions=[Supported],
            **COMMENTS,
        )
        environment.derived = self.derived
        environment.verdicts = {name: each.verdict for name, each in self.claims.items()}
        environment.filters[verdicts.FILTER] = self._said
        environment.filters |= {write.__name__: _writing(write) for write in WRITERS}
        environment.tests["text"] = lambda value: isinstance(value, str | plain.Plain)
        study = plain.all_plain(self.numbers.results.study)
        calls: dict[str, Callable[..., Any]] = {
            "number": self.numbers.number,
            "theory": self.numbers.theory,
            "versus": self.numbers.versus,
            "setting": self.numbers.setting,
            "reached": self.numbers.reached,
            "claim": self._claim,
            "verdict": self._verdict,
            "found": self._found,
            "noted": self._noted,
            "tested": self._tested,
            "weighed": lambda name: weighed(self._known(name), self.standings.get(name)),
            "networks": self._networks,
            "freezes": self._freezes,
            "figure": self._figure,
            "table": self._table,
            "cite": self._cite,
            "note": self._note,
            "ref": self._ref,
            "code": self._code,
            "const": literals.constant,
            "replications": functools.partial(repeated, self.claims, self.standings),
            "datasets": functools.partial(datasets.all_of, self.numbers.results),
            "data_of": functools.partial(datasets.of, self.numbers.results),
        }
        environment.globals = {
            **{name: self._called(name, function) for name, function in calls.items()},
            "study": study,
            "variants": study.variants,
            "levels": LEVELS,
            "range": safe_range,
        }
        return environment

    def _called(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function as an answer calls it: a record becomes its token, a text is sealed.

        Only a call that does not fit the function is a mistake of the answer.
        """
        signature = inspect.signature(function)
        taken = plain.in_words if name in WORDED else plain.bare

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                signature.bind(*args, **kwargs)
            except TypeError as error:
                raise Misplaced(f"{name}(): {error}") from None
            made = function(*map(taken, args), **{key: taken(kwargs[key]) for key in kwargs})
            return self.uses.token(made) if isinstance(made, Use) else plain.all_plain(made)

        return call

    def _known(self, name: str) -> Claim:
        if name not in self.claims:
            raise unknown("claim", name, self.claims)
        return self.claims[name]

    def _found(self, name: str) -> FoundUse:
        """The value of a claim with its interval; a dash where its test has none."""
        claim = self._known(name)
        value, interval = numbers.estimate(claim.value, claim.low, claim.high, claim.unit)
        text = " ".join(filter(None, (numbers.with_unit(value, claim.unit), interval)))
        return FoundUse(text, f"the claim {name}: {claim.method}")

    def _noted(self, name: str) -> FoundUse:
        """What the test of a claim noted, its further numbers; not that it decides nothing."""
        claim = self._known(name)
        told = note(claim.note).rstrip(".").removeprefix(f"{STRADDLES}; ")
        return FoundUse(told, f"the claim {name}: {claim.method}")

    def _networks(self) -> int:
        """How many networks there are, each once, in however many experiments it takes part."""
        return int(self.numbers.results.runs["run_id"].nunique())

    def _freezes(self) -> tuple[str, ...]:
        """The digests of the freezes under which the networks were trained; none if one has none.

        Wherever the networks of an experiment come from.
        """
        results = self.numbers.results
        own = [each.freezes for each in trained(results.provenance, results.study).values()]
        known = all(each and all(each) for each in own)
        return tuple(dict.fromkeys(digest for each in own for digest in each or () if known))

    def _tested(self, name: str) -> bool:
        """Whether the test of a claim came to a value, whatever its verdict."""
        return not math.isnan(self._known(name).value)

    def _claim(self, name: str) -> ClaimUse:
        claim = self._known(name)
        first = all(use.claim.id != name for use in self.uses.of(ClaimUse))
        statement = claim.statement
        for words, tex in EQUATIONS.items():
            statement = statement.replace(words, f"${tex}$")
        return ClaimUse(claim, self._html(statement), self.standings.get(name), first)

    def _verdict(self, name: str) -> VerdictUse:
        return VerdictUse(self._known(name))

    def _said(self, words: str, claim: str, verdict: Verdict, own: bool) -> str:
        """Keep what follows a verdict; return it without the line breaks around it."""
        said = Said(claim, verdict, words.strip("\n"), here(), own)
        self.said.append(said)
        return said.words

    def _figure(self, name: str, caption: str) -> FigureUse:
        return self._shown(FigureUse, name, caption)

    def _table(self, name: str, caption: str) -> TableUse:
        return self._shown(TableUse, name, caption)

    def _shown(self, make: type[Placed], name: str, caption: str) -> Placed:
        kind, known = make.kind, self.names[make.kind]
        if name not in known:
            raise unknown(kind, name, known)
        for other in self.uses.of(make):
            if other.name == name:
                raise Misplaced(
                    f"the {kind} {name!r} stands at {other.place} already; "
                    f'refer to it with ref("{other.label}")'
                )
        if not caption.strip():
            raise Misplaced(f"the {kind} {name!r} has no caption")
        return make(name, self._html(caption), here())

    def _cite(self, *keys: str, text: bool = False) -> CiteUse:
        if not keys:
            raise Misplaced("cite() needs at least one key")
        return CiteUse(tuple(self.bibliography.work(key) for key in keys), text)

    def _note(self, text: str) -> NoteUse:
        """An aside of one paragraph, to stand beside the text or at the foot of a sheet."""
        if not text.strip():
            raise Misplaced("a note needs its text")
        return NoteUse(self._html(text))

    def _ref(self, label: str) -> RefUse:
        return RefUse(label, here())

    def _code(self, path: str, name: str | None = None) -> ListingUse:
        return ListingUse(listings.read(self.root, path, name))

    def _html(self, text: str) -> str:
        """Return the HTML of a paragraph that is part of a call."""
        self.uses.name_years(text)
        return markdown.inline(text, self.uses, here())

    def _undefined(self, error: UndefinedError) -> str:
        message = str(error.message)
        if message.endswith("is undefined") and message.startswith("'"):
            name = message.split("'")[1]
            return str(unknown("function or value", name, list(self.environment.globals)))
        return plain.opened(message, markup=False)


def _writing(write: Callable[..., str]) -> Callable[..., str]:
    """Return a writer of numbers to which whatever it cannot write is a mistake of the answer."""

    @functools.wraps(write)
    def written(*given: Any) -> str:
        try:
            return write(*given)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise Misplaced(f"{write.__name__}: {error}") from None

    return written
