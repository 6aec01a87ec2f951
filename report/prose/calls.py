"""What an answer may call: the Jinja environment in which its Markdown is rendered."""

import functools
import inspect
import itertools
from collections.abc import Callable, Collection, Mapping, Sized
from pathlib import Path
from typing import Any, TypeVar, cast

from jinja2 import StrictUndefined, Template, nodes, pass_context
from jinja2.exceptions import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment, safe_range

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from analysis.errors import ReportError
from report.prose import listings, locations, markdown
from report.prose.citations import Bibliography
from report.prose.locations import Misplaced, here, in_template, line_of_failure, unknown
from report.prose.lookup import Numbers
from report.prose.typed import expressions, literals
from report.prose.uses import (
    CiteUse,
    ClaimUse,
    FigureUse,
    ListingUse,
    NoteUse,
    RefUse,
    Shown,
    TableUse,
    Use,
    Uses,
)
from report.words import counts, datasets, numbers, plain, verdicts
from report.words.metrics import LEVELS

MISTAKES = (TypeError, ValueError, ArithmeticError, LookupError, MemoryError, TemplateError)
"""What a wrong expression of an answer raises, and a fault of the code as well."""
WORDED = {"figure", "table", "note"}
"""Calls that are given Markdown: a name of the study in it stays sealed."""
WRITERS = (numbers.exact, numbers.fixed, numbers.magnitude, counts.counted)
"""What writes a number that an answer computes, as filters: x | fixed(2), x | counted("epoch")."""
OTHERS = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport, nodes.Block)
NESTING = r"\{%|[(\[{~|+*/-]|\b(?:not|and|or|if)\b"
"""What may stand in each other in a template: blocks, brackets and operators."""
MOST_STEPS = 100_000
"""Turns of the loops of an answer, and calls of its macros."""
LONGEST = 10**6
"""Signs or items that a multiplication may make."""
Placed = TypeVar("Placed", bound=Shown)


class Bounded(SandboxedEnvironment):
    """Jinja in which whatever is written comes to its end, and in reasonable time."""

    intercepted_binops = frozenset({"*", "**"})

    def compiled(self, text: str, file: str) -> Template:
        """Return an answer as a template; what Python cannot read of it stands too deep."""
        try:
            code = self.compile(self.bounded(text, file), name=file, filename=file)
        except (RecursionError, SyntaxError, MemoryError):
            words = "brackets, operators or blocks stand in each other too deep"
            raise TemplateSyntaxError(words, locations.densest(text, NESTING)) from None
        return self.template_class.from_code(self, code, self.make_globals(None))

    def bounded(self, text: str, file: str) -> nodes.Template:
        """Return the tree of an answer, in which each turn of a loop is counted."""
        tree, self.steps = self.parse(text, file, file), 0
        for other in tree.find_all(OTHERS):
            raise TemplateSyntaxError("an answer takes in no other template", other.lineno)

        def turned(value: nodes.Expr, line: int) -> nodes.Filter:
            made = nodes.Filter(value, "turned", [], [], None, None, lineno=line)
            return cast(nodes.Filter, made.set_environment(self))

        self.filters["turned"] = self._turned
        for loop in tree.find_all(nodes.For):
            loop.iter = turned(cast(nodes.Expr, loop.iter), loop.lineno)
        for macro in tree.find_all(nodes.Macro):
            once = nodes.Const((0,), lineno=macro.lineno)
            step = nodes.ExprStmt(turned(once, macro.lineno), lineno=macro.lineno)
            macro.body.insert(0, step.set_environment(self))
        return tree

    @pass_context  # and so never at compile time
    def _turned(self, _context: Context, items: Any) -> list[Any]:
        """Return what a loop goes over, if that is not too much."""
        try:
            found = list(itertools.islice(items, MOST_STEPS + 1 - self.steps))
        except TypeError as error:
            raise Misplaced(str(error)) from None
        self.steps += len(found)
        if self.steps > MOST_STEPS:
            raise Misplaced(f"loops and macros take more than {MOST_STEPS:,} steps")
        return found

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return a product or a power; raise ReportError for one that would fill the memory."""
        if operator == "**" and isinstance(right, int | float) and abs(right) > 1000:
            raise Misplaced(f"the power {right} is too large; at most 1,000")
        for items, times in ((left, right), (right, left)):
            if isinstance(items, Sized) and isinstance(times, int) and len(items) * times > LONGEST:
                raise Misplaced(f"the product would have more than {LONGEST:,} signs or items")
        return super().call_binop(context, operator, left, right)


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
    ) -> None:
        self.numbers = numbers
        self.claims = claims
        self.standings = standings or {}
        self.bibliography = bibliography
        self.root = root
        self.names = {"figure": figures, "table": tables}
        self.uses = Uses()
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
            **expressions.COMMENTS,
        )
        environment.filters |= {write.__name__: _writing(write) for write in WRITERS}
        environment.tests["text"] = lambda value: isinstance(value, str | plain.Plain)
        study = plain.all_plain(self.numbers.results.study)
        calls: dict[str, Callable[..., Any]] = {
            "number": self.numbers.number,
            "theory": self.numbers.theory,
            "setting": self.numbers.setting,
            "claim": self._claim,
            "supported": self._supported,
            "refuted": self._refuted,
            "figure": self._figure,
            "table": self._table,
            "cite": self._cite,
            "note": self._note,
            "ref": self._ref,
            "code": self._code,
            "const": literals.constant,
            "replications": functools.partial(verdicts.repeated, self.claims, self.standings),
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

    def _claim(self, name: str) -> ClaimUse:
        claim = self._known(name)
        first = all(use.claim.id != name for use in self.uses.of(ClaimUse))
        return ClaimUse(claim, self._html(claim.statement), self.standings.get(name), first)

    def _supported(self, name: str) -> bool:
        """Tell whether a claim holds, for a sentence that stands only then."""
        return self._known(name).verdict == "supported"

    def _refuted(self, name: str) -> bool:
        """Tell whether a claim does not hold, likewise."""
        return self._known(name).verdict == "not supported"

    def _known(self, name: str) -> Claim:
        if name not in self.claims:
            raise unknown("claim", name, self.claims)
        return self.claims[name]

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
