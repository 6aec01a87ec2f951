"""The form by which the words of an answer follow the verdict on a claim.

`{% supported "id" %}…{% contradicted %}…{% else %}…{% endsupported %}`: what stands first is said
where the claim is supported, what follows `contradicted` where it is that, and what follows `else`
under every verdict that has no words of its own, such as that on a claim whose experiment the study
lacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from analysis.claims.claim import Verdict
from report.prose.locations import Place, unknown

FILTER = "said"
"""What is given the words that stand, with the claim, its verdict, and whether they are its own."""
TAGS = {"supported": "supported", "contradicted": "contradicted", "else": "inconclusive"}
"""The verdict whose words a tag begins; those of `else` stand for any that has none."""


@dataclass(frozen=True)
class Said:
    """Words that stand in an answer because a claim has a verdict: Markdown with tokens."""

    claim: str
    verdict: Verdict
    words: str
    place: Place
    own: bool = True
    """Whether they are for this verdict alone, and not for any that has none."""


class Supported(Extension):
    """Jinja's tag of this form.

    `environment.verdicts` has the verdict on each claim by its id, and only the words for it are
    kept. Where it is None, as for whoever reads a source, all are.
    """

    tags = {"supported"}  # noqa: RUF012 - as Jinja declares it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.extend(verdicts=None)

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return the words that stand; raise TemplateSyntaxError for a form that is not whole."""
        line = next(parser.stream).lineno
        if parser.stream.current.type != "string":
            parser.fail('the claim is named by its id: {% supported "id" %}', line)
        claim = next(parser.stream).value
        bodies = self._bodies(parser, claim, line)
        verdicts: Mapping[str, Verdict] | None = self.environment.verdicts  # type: ignore[attr-defined]
        if verdicts is None:
            return [node for body in bodies.values() for node in body]
        if claim not in verdicts:
            parser.fail(str(unknown("claim", claim, verdicts)), line)
        verdict = verdicts[claim]
        own = verdict in bodies
        told = [nodes.Const(claim), nodes.Const(verdict), nodes.Const(own)]
        said = nodes.Filter(None, FILTER, told, [], None, None, lineno=line)
        return [nodes.FilterBlock(bodies.get(verdict, bodies["inconclusive"]), said, lineno=line)]

    def _bodies(self, parser: Parser, claim: str, line: int) -> dict[str, list[nodes.Node]]:
        """Return what is said under each verdict that has words of its own."""
        tag, later = "supported", ["contradicted", "else", "endsupported"]
        bodies: dict[str, list[nodes.Node]] = {}
        while tag != "endsupported":
            body = parser.parse_statements(tuple(f"name:{each}" for each in later))
            if not any(map(_writes, body)):
                parser.fail(f"no words for the claim {claim!r} after {{% {tag} %}}", line)
            bodies[TAGS[tag]] = body
            tag = next(parser.stream).value
            later = later[later.index(tag) + 1 :]
        if "inconclusive" not in bodies:
            others = "under its other verdicts: {% else %}"
            parser.fail(f"no words for the claim {claim!r} {others}", line)
        return bodies


def _writes(node: nodes.Node) -> bool:
    """Tell whether anything but blanks can come of a statement."""
    return any(
        not isinstance(part, nodes.TemplateData) or part.data.strip()
        for output in ([node] if isinstance(node, nodes.Output) else node.find_all(nodes.Output))
        for part in output.nodes
    )
