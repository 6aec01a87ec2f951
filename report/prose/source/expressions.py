"""What the calls of an answer write of constants alone, on whatever way these come there.

It is read off the tree of the template, before anything is computed: a name stands for whatever is
set to it anywhere, a parameter of a macro for what it is given, a text for its length too.
"""

from collections import defaultdict
from collections.abc import Iterator

from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateSyntaxError

from report.prose.source.verdicts import Supported

COMMENTS = {"comment_start_string": "{##", "comment_end_string": "##}"}
"""TeX writes {# and Markdown {#anchor}: comments are marked by something neither uses."""
TEXTS = {"figure": 1, "table": 1, "note": 0}
"""Calls with a text, and which of what they are given it is."""
JOINING = {"d", "default", "format", "join", "replace"}
"""Filters and methods that write what they are given."""
COUNTING = {"count", "find", "index", "length", "rfind", "rindex", "wordcount"}
"""Filters and methods that make a number of a text."""


def written(text: str, gone: str) -> list[tuple[int, str]]:
    """Return the line of each expression in an answer that is written, and its constant words.

    `gone` stands for what is looked up. Of an answer that cannot be read there is none.
    """
    try:
        reader = Environment(extensions=[Supported], **COMMENTS)  # type: ignore[arg-type]
        return list(_written(reader.parse(text), gone))
    except (TemplateSyntaxError, RecursionError):
        return []


def _written(tree: nodes.Template, gone: str) -> Iterator[tuple[int, str]]:
    values = _Values(tree, gone)
    for output in tree.find_all(nodes.Output):
        for expression in output.nodes:
            if not isinstance(expression, nodes.TemplateData):
                yield expression.lineno, values.words(expression)


class _Values:
    """Knows what each name of an answer may stand for, wherever it is set."""

    def __init__(self, tree: nodes.Template, gone: str) -> None:
        self.gone = gone
        self.values = defaultdict[str, list[nodes.Node]](list)
        for each in tree.find_all(nodes.Assign):
            self._bind(each.target, each.node)
        for block in tree.find_all(nodes.AssignBlock):
            self._bind(block.target, block)
        for loop in tree.find_all(nodes.For):
            self._bind(loop.target, loop.iter)
            self.values["loop"].append(loop.iter)
        for within in tree.find_all(nodes.With):
            for target, value in zip(within.targets, within.values, strict=True):
                self._bind(target, value)
        for macro in tree.find_all(nodes.Macro):
            names = [argument.name for argument in macro.args]
            given = list(zip(reversed(names), reversed(macro.defaults), strict=False))
            for call in tree.find_all(nodes.Call):
                if isinstance(call.node, nodes.Name) and call.node.name == macro.name:
                    given += zip(names, call.args, strict=False)
                    given += [(pair.key, pair.value) for pair in call.kwargs]
            for name, value in given:
                self.values[name].append(value)

    def _bind(self, target: nodes.Node, value: nodes.Node) -> None:
        for name in [target] if isinstance(target, nodes.Name) else target.find_all(nodes.Name):
            self.values[name.name].append(value)

    def words(self, node: nodes.Node | None, seen: frozenset[str] = frozenset()) -> str:  # noqa: PLR0911, PLR0912 - a case for each kind
        """Return the text that an expression may write of constants, and a mark for all else."""

        def all_of(*parts: nodes.Node | None, by: str = self.gone) -> str:
            return by.join(self.words(part, seen) for part in parts)

        match node:
            case nodes.Const(value=bool() | None):
                return ""
            case nodes.Const(value=text) | nodes.TemplateData(data=text):
                return str(text)
            case nodes.Concat():
                return all_of(*node.nodes, by="")
            case nodes.CondExpr():
                return all_of(node.expr1, node.expr2)
            case nodes.And() | nodes.Or():
                return all_of(node.left, node.right)
            case nodes.BinExpr() | nodes.Neg() | nodes.Pos():
                parts = list(node.iter_child_nodes())
                texts = [each for each in parts if self._is_text(each)]
                return all_of(*(parts if self._constant(node, seen) else texts))
            case nodes.List() | nodes.Tuple():
                return all_of(*node.items)
            case nodes.Dict():
                return all_of(*(pair.value for pair in node.items))
            case nodes.Name() if node.name not in seen:
                seen |= {node.name}
                known = all_of(*self.values[node.name])
                whole = node.name == "loop" and self._constant(node, frozenset())
                return str(len(known)) if whole else known or self.gone
            case nodes.Getattr() | nodes.Getitem():
                return self.words(node.node, seen)
            case nodes.AssignBlock():
                inside = [part for each in node.find_all(nodes.Output) for part in each.nodes]
                return all_of(*inside)
            case nodes.Filter(name=name, node=inner, args=args):
                return self._made(name, inner, args, seen)
            case nodes.Call(node=nodes.Getattr(attr=name, node=inner), args=args):
                return self._made(name, inner, args, seen)
            case nodes.Call(node=nodes.Name(name="range")) if self._constant(node, seen):
                return all_of(*node.args)
            case nodes.Call(node=nodes.Name(name=name)) if name in TEXTS:
                named = [each.value for each in node.kwargs]
                return all_of(*node.args[TEXTS[name] :], *named)
        return self.gone

    def _made(
        self, name: str, inner: nodes.Node | None, args: list[nodes.Expr], seen: frozenset[str]
    ) -> str:
        """Return the same of what a filter or a method makes of something."""
        words = self.words(inner, seen)
        if name in COUNTING and inner is not None and self._constant(inner, seen):
            return str(len(words))
        more = args if name in JOINING else []
        return self.gone.join([words, *(self.words(each, seen) for each in more)])

    def _constant(self, node: nodes.Node, seen: frozenset[str]) -> bool:
        """Tell whether nothing that is looked up has a part in an expression."""
        names = [node] if isinstance(node, nodes.Name) else list(node.find_all(nodes.Name))
        return all(
            each.name == "range" or each.name in seen or self._settled(each.name, seen)
            for each in names
        )

    def _settled(self, name: str, seen: frozenset[str]) -> bool:
        values = self.values.get(name, [])
        return bool(values) and all(self._constant(each, seen | {name}) for each in values)

    def _is_text(self, node: nodes.Node) -> bool:
        return isinstance(node, nodes.Const) and isinstance(node.value, str)
