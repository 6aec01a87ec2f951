// Sorting: over all variants, in every table that has the column; the address holds it.

const { runs } = globalThis;

const { sections, make, settle } = runs;
const { compare: byLetters } = new Intl.Collator("en");

function sort(name, direction) {
  for (const section of sections) {
    const column = section.names.indexOf(name);
    for (const [place, header] of section.headers.entries()) {
      if (place === column && direction !== "none") header.setAttribute("aria-sort", direction);
      else header.removeAttribute("aria-sort");
    }
    const active = column >= 0 && direction !== "none";
    const sorted = active ? ordered(section.rows, column, direction) : section.rows;
    for (const [order, row] of sorted.entries()) row.order = order;
    section.flat.active = active;
    section.flat.head.cells[0].textContent = `All variants by ${name}, ${direction}`;
    settle(section);
  }
  runs.sorted = direction === "none" ? null : { sort: name, order: direction };
}

function ordered(rows, column, direction) {
  const keys = new Map(rows.map((row) => [row, key(row.cell(column), column > 0)]));
  return rows.toSorted((a, b) => compare(keys.get(a), keys.get(b), direction) || a.place - b.place);
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

// An identity is a word, whatever it begins with.
function key(text, numbers) {
  return { text, size: numbers ? amount(text) : NaN };
}

// Numbers by size, words by letters; what is not there comes last both ways.
function compare(a, b, direction) {
  const sign = direction === "descending" ? -1 : 1;
  if (a.text === "–" || b.text === "–") return (a.text === "–") - (b.text === "–");
  if (Number.isNaN(a.size) || Number.isNaN(b.size)) return sign * byLetters(a.text, b.text);
  return sign * (a.size - b.size);
}

const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
for (const section of sections) {
  for (const [column, header] of section.headers.entries()) {
    const button = make("button", { type: "button" }, ...header.childNodes);
    button.addEventListener("click", () => {
      const top = button.getBoundingClientRect().top;
      sort(section.names[column], NEXT[header.getAttribute("aria-sort") ?? "none"]);
      runs.filters.write();
      window.scrollBy({ top: button.getBoundingClientRect().top - top, behavior: "instant" });
    });
    header.append(button);
  }
}

Object.assign(runs, { RAISED, amount, sort, sorted: null });
