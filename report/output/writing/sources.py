"""What the pages take in as it is: style sheets, scripts and faces, each checked to be whole."""

import hashlib
import io
import re
import struct
from pathlib import Path

from analysis.errors import ReportError, reading

SKIPPED = re.compile(r"/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|url\([^)\"']*\)", re.S)
SKIPPED_IN_SCRIPTS = re.compile(
    r"/\*.*?\*/|//[^\n]*"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"
    r"|(?:(?<=[(,=:\[!&|?{};+>])|(?<=\breturn)|(?<=\bcase))"
    r"[ \n]*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/",
    re.S,
)
"""Comments, texts and patterns: what is written in them is no code."""
QUOTES = "\"'`"
PAIRS = {"}": "{", ")": "(", "]": "["}
DECLARATION = re.compile(r"\s*[-\w]+\s*:\s*\S")


def text(folder: Path, name: str) -> str:
    """Return a file of the folder of the templates. Raises ReportError where it cannot be read."""
    return reading.text(folder / name, name=_called(name), error=ReportError)


def data(folder: Path, name: str) -> bytes:
    """Return a file's bytes. Raises ReportError where it cannot be read."""
    return reading.data(folder / name, name=_called(name), error=ReportError)


def style(folder: Path, name: str) -> str:
    """Return a style sheet. Raises ReportError, with the line, for one that a browser would drop.

    That is one whose brackets do not pair, or that has something else where a declaration belongs.
    """
    css = text(folder, name)
    plain = SKIPPED.sub(_blank, css)
    open_: list[tuple[str, int]] = []
    start = 0
    for place, sign in enumerate(plain):
        _pair(open_, sign, place, name, css)
        if sign in "{};" and not any(kind != "{" for kind, _ in open_):
            part, begin, start = plain[start:place], start, place + 1
            stated = part.strip()
            rule = sign == "{" or not stated or stated.startswith("@")
            if not rule and not DECLARATION.match(part):
                raise _wrong(name, css, begin, f"{stated[:40]!r} is no declaration")
    _all_paired(open_, name, css)
    return css


def script(folder: Path, name: str) -> str:
    """Return a script. Raises ReportError, with the line, for a bracket or quote without partner.

    What else a browser may refuse, only a browser tells.
    """
    code = text(folder, name)
    open_: list[tuple[str, int]] = []
    for place, sign in enumerate(SKIPPED_IN_SCRIPTS.sub(_blank, code)):
        if sign in QUOTES:
            raise _wrong(name, code, place, f"a {sign} without its partner")
        _pair(open_, sign, place, name, code)
    _all_paired(open_, name, code)
    return code


def _pair(open_: list[tuple[str, int]], sign: str, place: int, name: str, source: str) -> None:
    """Note an opening bracket, forget that of a closing one. Raises ReportError for another."""
    if sign in PAIRS.values():
        open_.append((sign, place))
    elif sign in PAIRS:
        if not open_ or open_[-1][0] != PAIRS[sign]:
            raise _wrong(name, source, place, f"a {sign} without its partner")
        open_.pop()


def _all_paired(open_: list[tuple[str, int]], name: str, source: str) -> None:
    if open_:
        sign, place = open_[-1]
        raise _wrong(name, source, place, f"a {sign} without its partner")


def released(folder: Path, name: str, sha256: str) -> bytes:
    """Return a file of others, as they released it. Raises ReportError for any other content."""
    content = data(folder, name)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ReportError(
            f"{_called(name)}: is not the file that was released; git restore brings it back"
        )
    return content


def face(folder: Path, name: str) -> bytes:
    """Return the bytes of a face, in WOFF2 or TrueType. Raises ReportError where it is damaged."""
    content = data(folder, name)
    whole = _whole_woff2(content) if name.endswith(".woff2") else _whole_truetype(content)
    if not whole:
        raise ReportError(f"{_called(name)}: is no whole font; git restore brings it back")
    return content


def _whole_woff2(content: bytes) -> bool:
    """Tell whether a header of WOFF2 (W3C, 4.1) stands before as many bytes as it says."""
    if len(content) < 48 or content[:4] != b"wOF2":
        return False
    (length,) = struct.unpack(">I", content[8:12])
    return bool(length == len(content))


def _whole_truetype(content: bytes) -> bool:
    """Tell whether each table of a TrueType font is there and has its checksum."""
    from fontTools.ttLib import TTLibError
    from fontTools.ttLib.sfnt import SFNTReader

    try:
        reader = SFNTReader(io.BytesIO(content), checkChecksums=2)
        return all(len(reader[tag]) > 0 for tag in reader.tables)
    except (TTLibError, AssertionError, struct.error, LookupError, ValueError):
        return False


def _blank(found: re.Match[str]) -> str:
    """Return as many signs that mean nothing: spaces for a comment, a word for a text."""
    return re.sub(r"[^\n]", " " if found[0].startswith(("/*", "//")) else "x", found[0])


def _wrong(name: str, source: str, place: int, what: str) -> ReportError:
    blanks = len(source[place:]) - len(source[place:].lstrip())
    line = source.count("\n", 0, place + blanks) + 1
    return ReportError(f"{_called(name)}:{line}: {what}")


def _called(name: str) -> str:
    return f"templates/{name}"
