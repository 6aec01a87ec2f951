"""Jinja in which whatever an answer holds comes to its end, and in reasonable time."""

import itertools
import json
from collections.abc import Mapping, Sized
from typing import Any, cast

from jinja2 import Template, nodes, pass_context
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from analysis.claims.claim import Verdict
from report.prose import locations
from report.prose.locations import Misplaced
from report.prose.source.derived import Derived

OTHERS = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport, nodes.Block)
NESTING = r"\{%|[(\[{~|+*/-]|\b(?:not|and|or|if)\b"
"""What may stand in each other in a template: blocks, brackets and operators."""
MOST_STEPS = 100_000
"""Turns of the loops of an answer, and calls of its macros."""
LONGEST = 10**6
"""Signs or items that a multiplication may make."""


class Bounded(SandboxedEnvironment):
    """Jinja in which whatever is written comes to its end, and in reasonable time."""

    intercepted_binops = frozenset({"*", "**"})
    verdicts: Mapping[str, Verdict] | None
    """That on each claim by its id, for the form that follows it."""
    derived: Derived
    """Where templates are kept as Python."""

    def compiled(self, text: str, file: str) -> Template:
        """Return an answer as a template; what Python cannot read of it stands too deep."""
        told = json.dumps(self.verdicts)

        def make() -> str:
            return self.compile(self.bounded(text, file), name=file, filename=file, raw=True)

        self.steps, self.filters["turned"] = 0, self._turned
        try:
            code = self.derived.python(file, told, text, make=make)
        except (RecursionError, SyntaxError, MemoryError):
            words = "brackets, operators or blocks stand in each other too deep"
            raise TemplateSyntaxError(words, locations.densest(text, NESTING)) from None
        return self.template_class.from_code(self, code, self.make_globals(None))

    def bounded(self, text: str, file: str) -> nodes.Template:
        """Return the tree of an answer, in which each turn of a loop is counted."""
        tree = self.parse(text, file, file)
        for other in tree.find_all(OTHERS):
            raise TemplateSyntaxError("an answer takes in no other template", other.lineno)

        def turned(value: nodes.Expr, line: int) -> nodes.Filter:
            made = nodes.Filter(value, "turned", [], [], None, None, lineno=line)
            return cast(nodes.Filter, made.set_environment(self))

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
