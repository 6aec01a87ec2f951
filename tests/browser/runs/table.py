"""What the table of runs shows, as a reader sees it."""

from playwright.sync_api import Page

ALL = (
    "var rows = "
    "[...document.querySelectorAll('section.runs tbody tr:not(.group, .details, .rest)')]; "
)


def count(page: Page) -> str:
    """What the bar says."""
    return page.inner_text(".filters output")


def visible(page: Page) -> list[str]:
    """Identities of the rows that are shown, from the page itself."""
    found: list[str] = page.evaluate(
        ALL + "rows.filter(row => row.checkVisibility({contentVisibilityAuto: true}))"
        ".map(row => row.querySelector('a').title)"
    )
    return found


def column(page: Page, experiment: str, header: str) -> list[float]:
    """The numbers of a column of an experiment that are shown, from top to bottom."""
    texts: list[str] = page.evaluate(
        """([experiment, header]) => {
          const table = document.querySelector(`section[data-experiment="${experiment}"] table`);
          const heads = [...table.querySelectorAll("thead th")];
          const place = heads.findIndex((head) => head.textContent.startsWith(header));
          const rows = [...table.querySelectorAll("tbody:not([hidden]) tr:not(.group, .rest)")];
          return rows.map((row) => row.cells[place].textContent);
        }""",
        [experiment, header],
    )
    return [float(text) for text in texts if text != "–"]
