"""What an answer may call: the Jinja environment in which its Markdown is rendered."""

import functools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from jinja2.exceptions import TemplateSyntaxError, UndefinedError

from analysis.errors import ReportError
from report.prose import listings, literals, markdown
from report.prose.citations import Bibliography
from report.prose.lookup import Numbers
from report.prose.places import Misplaced, Place, here, line_of_failure, unknown
from report.words import verdicts

if TYPE_CHECKING:
    from analysis.claims.claim import Claim
    from analysis.claims.standing import Standing

# A citation of a single work in brackets.
ONE_WORK = re.compile(r'\((<a class="cite" data-cite="[^"]*">)([^<]+), (\d{4}[a-z]?)</a>\)')
# What says more than another number would.
SOURCE = re.compile(r"[^\W\d_]{2}|[×·√/+−^]")


@dataclass(frozen=True)
class Shown:
    """A figure or table where an answer places it, with its caption as HTML."""

    name: str
    caption: str
    place: Place


@dataclass
class Uses:
    """What the answers have asked for so far, in the order of their lines."""

    figures: dict[str, Shown] = field(default_factory=dict)
    tables: dict[str, Shown] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    """Statement in plain words by claim."""
    cited: dict[str, Place] = field(default_factory=dict)
    refs: list[tuple[str, Place]] = field(default_factory=list)


class Prose:
    """Renders answers and records what they use.

    Figures, tables, references and citations stand in the result as empty elements with a data
    attribute; `report.compose` fills them once it knows every number and anchor.
    """

    def __init__(
        self,
        numbers: Numbers,
        claims: Mapping[str, "Claim"],
        bibliography: Bibliography,
        root: Path,
        *,
        figures: Collection[str],
        tables: Collection[str],
        standings: "Mapping[str, Standing] | None" = None,
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
        """Return the Markdown of an answer with every call replaced.

        Raises ReportError with file and line for whatever an answer asks for and cannot have.
        """
        try:
            code = self.environment.compile(text, name=file, filename=file)
            template = self.environment.template_class.from_code(
                self.environment, code, self.environment.make_globals(None)
            )
            return ONE_WORK.sub(_year_alone, template.render())
        except TemplateSyntaxError as error:
            raise ReportError(f"{file}:{error.lineno}: {error.message}") from error
        except UndefinedError as error:
            line = line_of_failure(error.__traceback__, file)
            raise ReportError(f"{file}:{line}: {self._undefined(error)}") from error
        except (Misplaced, TypeError) as error:
            line = line_of_failure(error.__traceback__, file)
            raise ReportError(f"{file}:{line}: {_spoken(error)}") from error

    def _environment(self) -> Environment:
        environment = Environment(
            undefined=StrictUndefined,
            autoescape=False,
            keep_trailing_newline=True,
            newline_sequence="\n",
            finalize=_finalize,
            # TeX writes {# and Markdown {#anchor}: comments are marked by something neither uses.
            comment_start_string="{##",
            comment_end_string="##}",
        )
        study = self.numbers.results.study
        environment.globals = {
            "number": self.numbers.number,
            "theory": self.numbers.theory,
            "setting": self.numbers.setting,
            "study": study,
            "variants": study.variants,
            "claim": self._claim,
            "supported": functools.partial(self._found, "supported"),
            "refuted": functools.partial(self._found, "not supported"),
            "figure": self._figure,
            "table": self._table,
            "cite": self._cite,
            "note": note,
            "ref": self._ref,
            "code": self._code,
            "const": constant,
            "range": range,
        }
        return environment

    def _claim(self, name: str) -> str:
        if name not in self.claims:
            raise unknown("claim", name, self.claims)
        claim = self.claims[name]
        first = name not in self.uses.claims
        if first:
            self.uses.claims[name] = _plain(claim.statement)
        return verdicts.inline(claim, anchor=first, standing=self.standings.get(name))

    def _found(self, verdict: str, name: str) -> bool:
        """Tell whether a claim has this verdict, for a sentence that holds only then."""
        if name not in self.claims:
            raise unknown("claim", name, self.claims)
        return self.claims[name].verdict == verdict

    def _figure(self, name: str, caption: str) -> str:
        return self._show("figure", self.uses.figures, name, caption)

    def _table(self, name: str, caption: str) -> str:
        return self._show("table", self.uses.tables, name, caption)

    def _show(self, kind: str, shown: dict[str, Shown], name: str, caption: str) -> str:
        known = self.names[kind]
        if name not in known:
            raise unknown(kind, name, known)
        if name in shown:
            raise Misplaced(
                f"the {kind} {name!r} stands at {shown[name].place} already; "
                f'refer to it with ref("{kind[:3]}:{name}")'
            )
        if not caption.strip():
            raise Misplaced(f"the {kind} {name!r} has no caption")
        shown[name] = Shown(name, markdown.inline(caption), here())
        return f'\n\n<figure data-{kind}="{name}"></figure>\n\n'

    def _cite(self, *keys: str, text: bool = False) -> str:
        if not keys:
            raise Misplaced("cite() needs at least one key")
        links = []
        for key in keys:
            names, year = self.bibliography.short(key)
            self.uses.cited.setdefault(key, here())
            label = f"{names} ({year})" if text else f"{names}, {year}"
            links.append(f'<a class="cite" data-cite="{escape(key)}">{escape(label)}</a>')
        return " and ".join(links) if text else f"({'; '.join(links)})"

    def _ref(self, label: str) -> str:
        self.uses.refs.append((label, here()))
        return f'<a class="ref" data-ref="{escape(label)}"></a>'

    def _code(self, path: str, name: str | None = None) -> str:
        html = listings.read(self.root, path, name).html()
        # A blank line would end the raw HTML block; an empty span keeps the listing one block.
        return "\n\n" + html.replace("\n\n", "\n<span></span>\n") + "\n\n"

    def _undefined(self, error: UndefinedError) -> str:
        message = str(error.message)
        if message.endswith("is undefined") and message.startswith("'"):
            name = message.split("'")[1]
            return str(unknown("function or value", name, list(self.environment.globals)))
        return message


def note(text: str) -> str:
    """Return an aside of one paragraph, to stand beside the text or at the foot of a sheet."""
    if not text.strip():
        raise Misplaced("a note needs its text")
    return f'<span class="note">{markdown.inline(text)}</span><!--note-->'


def constant(text: str, source: str) -> str:
    """Return a number that no result of this report can change, with its source as a title.

    Raises ReportError for a constant without a number or without a source.
    """
    if not literals.numbers(str(text)) or text != str(text):
        raise Misplaced(f'const({text!r}, …) marks no number: give it as text, such as "784"')
    if not SOURCE.search(str(source)):
        needs = "needs its source: words, or the arithmetic behind it"
        raise Misplaced(f"const({text!r}, {source!r}) {needs}")
    title = escape(" ".join(source.split()))
    return f'<span class="constant" title="{title}">{escape(text, quote=False)}</span>'


def _plain(text: str) -> str:
    """Return Markdown as plain words."""
    return unescape(re.sub(r"<[^>]+>", "", markdown.inline(text)))


def _year_alone(found: re.Match[str]) -> str:
    """Drop the names from a citation that stands right after them: Glorot and Bengio (2010)."""
    names = unescape(found[2]).replace(" & ", " and ")
    before = found.string[max(0, found.start() - 80) : found.start()]
    if not before.replace(" & ", " and ").endswith(f"{names} "):
        return found[0]
    return f"({found[1]}{found[3]}</a>)"


def _finalize(value: Any) -> Any:
    """Write values of the study as a sentence would: 0.001, true, 128 and 64."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        shown = [str(_finalize(item)) for item in value]
        return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[1:] else shown)
    return value


def _spoken(error: Exception) -> str:
    """Return the message; a wrong call reads as Python writes it, without the class before it."""
    return str(error).replace("Numbers.", "").replace("Prose._", "")
