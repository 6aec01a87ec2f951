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
        ALL + "rows.filter(row => row.offsetParent).map(row => row.querySelector('a').title)"
    )
    return found


def column(page: Page, group: str, header: str) -> list[float]:
    """The numbers of a column in a group, from top to bottom."""
    texts: list[str] = page.evaluate(
        """([group, header]) => {
          const body = document.getElementById(group);
          const heads = [...body.closest("table").querySelectorAll("thead th")];
          const place = heads.findIndex((head) => head.textContent.startsWith(header));
          const rows = [...body.rows].filter((row) => !row.matches(".group, .rest"));
          return rows.map((row) => row.cells[place].textContent);
        }""",
        [group, header],
    )
    return [float(text) for text in texts if text != "–"]
