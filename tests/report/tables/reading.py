"""How a test reads a table: its cells as text, by their row and column."""

from collections.abc import Mapping

from analysis.claims.claim import Claim
from analysis.results.frames import Results
from report import tables


def rows(
    results: Results, table: str, claims: Mapping[str, Claim] | None = None
) -> list[dict[str, str]]:
    """Rows of a table, the text of each cell by its column."""
    found = tables.load(table)(results, claims or {})
    return [
        dict(zip(found.columns, (cell.text for cell in row), strict=True)) for row in found.rows
    ]


def cells(results: Results, table: str) -> dict[str, dict[str, str]]:
    """Rows of a table by the text of their first cell."""
    return {next(iter(row.values())): row for row in rows(results, table)}
