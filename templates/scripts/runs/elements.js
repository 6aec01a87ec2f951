// The rows of the tables: made when they are first shown, with a button for the details of the run.

const { runs } = globalThis;

const { data, sections, rows, make, rest, status } = runs;
const byElement = new WeakMap();

function element(row) {
  if (!row.element) dress(row, made(row));
  return row.element;
}

function dress(row, tr) {
  row.element = tr;
  byElement.set(tr, row);
  const label = `Details of run ${row.cell(0)}`;
  const button = make("button", { type: "button", "aria-expanded": "false", "aria-label": label });
  tr.cells[0].prepend(button);
}

function made(row) {
  const { section, group } = row;
  const link = make("a", { href: `#${row.anchor}` }, make("code", {}, row.cell(0)));
  const tr = make("tr", { id: row.anchor }, make("th", { scope: "row" }, link));
  if (status(row) === "diverged") tr.className = "diverged";
  for (const [column, header] of section.headers.entries()) {
    if (!column) continue;
    const cell = make("td", {}, row.cell(column));
    if (header.classList.contains("w")) cell.className = "w";
    tr.append(cell);
  }
  const colour = group.head.querySelector("path").getAttribute("stroke");
  rest(row).then((known) => draw(row, tr, known, colour), console.warn);
  return tr;
}

// Identity and small charts, once they are there.
function draw(row, tr, { identity, charts }, colour) {
  tr.querySelector("a").title = identity;
  const cells = row.section.headers.flatMap((each, i) => (each.classList.contains("course") ? [tr.cells[i]] : []));
  for (const [place, [first, path]] of charts.entries()) {
    const line = make("svg", { viewBox: "-2 -2 124 32", "aria-hidden": "true" }, make("path", { d: path, stroke: colour }));
    cells[place].prepend(make("i", {}, first), ...(path ? [line] : []), " ");
  }
}

// The rows of each group that are shown: no more at once than one can look through.
function show(matching) {
  const kept = new Map(matching.map((row) => [row.group, []]));
  for (const row of matching) kept.get(row.group).push(row);
  const most = rows.length <= data.most ? data.most : Math.max(data.least, Math.floor(data.first / kept.size));
  for (const section of sections) {
    section.element.hidden = !section.groups.some((group) => kept.has(group));
    for (const group of section.groups) {
      group.body.hidden = !kept.has(group);
      group.matching = kept.get(group) ?? [];
      group.most = most;
      count(group);
      if (!group.body.hidden) arrange(group);
    }
  }
}

// Matching rows in their order, with details, and what is left. What stays is not moved, and keeps
// the focus.
function arrange(group) {
  const sorted = group.matching.toSorted((a, b) => a.order - b.order);
  const shown = sorted.slice(0, group.most).flatMap((row) => [element(row), ...(row.details ? [row.details] : [])]);
  const left = sorted.length - group.most;
  if (left > 0) shown.push(more(group, left));
  const stay = new Set(shown);
  for (const each of group.shown) if (!stay.has(each)) each.remove();
  let last = group.head;
  for (const each of shown) {
    if (last.nextElementSibling !== each) last.after(each);
    last = each;
  }
  group.shown = shown;
}

function more(group, left) {
  const next = Math.min(left, data.first);
  const button = make("button", { type: "button" }, `Show ${next} more of ${left}`);
  button.addEventListener("click", () => {
    const first = group.shown.at(-1).previousElementSibling;
    group.most += next;
    arrange(group);
    first.nextElementSibling?.querySelector("button")?.focus();
  });
  const columns = group.head.cells[0].colSpan;
  return make("tr", { class: "rest" }, make("td", { colspan: columns }, button));
}

// The head of a group says how many of its runs match, where it is not all of them.
function count(group) {
  const unit = group.head.querySelector(".unit");
  unit.dataset.all ??= unit.textContent;
  const { length } = group.matching;
  const words = length === group.rows.length ? unit.dataset.all : `${length} of ${unit.dataset.all}`;
  if (unit.textContent !== words) unit.textContent = words;
}

// A row that is led to is shown, however far down it stands; none that does not match.
function reveal(anchor) {
  const row = rows.find((each) => each.anchor === anchor);
  if (!row?.group.matching.includes(row)) return;
  const before = row.group.matching.filter((each) => each.order <= row.order).length;
  row.group.most = Math.max(row.group.most, before);
  arrange(row.group);
}

for (const row of rows) if (row.element) dress(row, row.element);

Object.assign(runs, { byElement, show, arrange, reveal });
