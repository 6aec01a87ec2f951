// Sorting: within each variant, in every table that has the column.

const runs = (globalThis.runs ??= {});

const { sections, rows, make, heading, said } = runs;

function sort(name, direction) {
  for (const section of sections) {
    const column = section.headers.findIndex((header) => heading(header) === name);
    for (const [place, header] of section.headers.entries()) {
      if (place === column && direction !== "none") header.setAttribute("aria-sort", direction);
      else header.removeAttribute("aria-sort");
    }
    const own = rows.filter((row) => row.section === section);
    const keys = new Map(own.map((row) => [row, column < 0 ? 0 : said(row.element.cells[column])]));
    const active = column >= 0 && direction !== "none";
    if (!active && own.every((row) => row.order === row.place)) continue;
    const sorted = active
      ? own.toSorted((a, b) => compare(keys.get(a), keys.get(b), direction, column > 0) || a.place - b.place)
      : own.toSorted((a, b) => a.place - b.place);
    for (const group of section.groups) {
      const inside = sorted.filter((row) => row.group === group);
      group.append(...inside.flatMap((row) => (row.details ? [row.element, row.details] : [row.element])));
    }
    for (const [order, row] of sorted.entries()) row.order = order;
  }
}

// A number, perhaps with what it counts, as in "10 × 8" or "1.2 s", or with a power of ten.
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const NUMBER = /^([-\u2212]?\d+(?:\.\d+)?)(?:\u00a0×\u00a010([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(?![\w.])/;

function amount(text) {
  const found = NUMBER.exec(text);
  if (!found) return NaN;
  const power = (found[2] ?? "⁰").replace(/[^⁻]/g, (digit) => RAISED.indexOf(digit));
  return Number(`${found[1].replace("\u2212", "-")}e${power.replace("⁻", "-")}`);
}

// Numbers by size, words by letters; what is not there comes last both ways. An identity is a word,
// whatever it begins with.
function compare(a, b, direction, numbers) {
  const [x, y] = [a, b].map((text) => (numbers ? amount(text) : NaN));
  const sign = direction === "descending" ? -1 : 1;
  if (a === "–" || b === "–") return (a === "–") - (b === "–");
  if (Number.isNaN(x) || Number.isNaN(y)) return sign * a.localeCompare(b, "en");
  return sign * (x - y);
}

const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
for (const section of sections) {
  for (const header of section.headers) {
    const button = make("button", { type: "button" }, ...header.childNodes);
    button.addEventListener("click", () => {
      const top = button.getBoundingClientRect().top;
      sort(heading(header), NEXT[header.getAttribute("aria-sort") ?? "none"]);
      window.scrollBy({ top: button.getBoundingClientRect().top - top, behavior: "instant" });
    });
    header.append(button);
  }
}

Object.assign(runs, { RAISED, sort });
