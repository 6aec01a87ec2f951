// The rows of the tables: made when they are first shown, with a button for the details of the run.

const { runs } = globalThis;

const { data, sections, rows, make, rest, status } = runs;
const byElement = new WeakMap();

function element(row) {
  if (!row.element) dress(row, made(row));
  return row.element;
}

// By keyboard a row is one stop: its own address stands in the details, too.
function dress(row, tr) {
  row.element = tr;
  row.cells = [...tr.cells];
  byElement.set(tr, row);
  const [head] = row.cells;
  const label = `Details of run ${row.cell(0)}`;
  head.prepend(make("button", { type: "button", "aria-expanded": "false", "aria-label": label }));
  head.querySelector("a").tabIndex = -1;
  head.append(make("span", { class: "of" }, ` ${row.group.variant}`));
  if (row.section.asked) lay(tr, row.cells, row.section, row);
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
  const cells = section.headers.flatMap((each, i) => (each.classList.contains("course") ? [tr.cells[i]] : []));
  rest(row).then((known) => draw(tr, cells, known, colour), console.warn);
  return tr;
}

// Identity and small charts, once they are there.
function draw(tr, cells, { identity, charts }, colour) {
  tr.querySelector("a").title = identity;
  for (const [place, [first, path]] of charts.entries()) {
    const line = make("svg", { viewBox: "-2 -2 124 32", "aria-hidden": "true" }, make("path", { d: path, stroke: colour }));
    cells[place].prepend(make("i", {}, first), ...(path ? [line] : []), " ");
  }
}

// The column that is asked for comes first, after the name of the run; one that the table has not
// is made.
function lay(tr, cells, { asked }, row) {
  const found = asked && (asked.column > 0 ? cells[asked.column] : asked.cell(row));
  for (const cell of cells) cell.classList.toggle("asked", cell === found);
  const [first, ...others] = cells.filter((cell) => cell !== found);
  tr.replaceChildren(first, ...(found ? [found] : []), ...others);
}

function ask(section, asked) {
  if (section.asked === asked) return;
  section.asked = asked;
  lay(section.headers[0].parentElement, section.headers, section);
  for (const row of section.rows) if (row.element) lay(row.element, row.cells, section, row);
  const width = section.headers.length + (asked && asked.column < 1 ? 1 : 0);
  for (const { head } of [section.flat, ...section.groups]) head.cells[0].colSpan = width;
}

// The rows that match. Their tables are opened where they are not too many to look through.
function show(matching, asked) {
  const kept = new Map(matching.map((row) => [row.group, []]));
  for (const row of matching) kept.get(row.group).push(row);
  const few = matching.length <= data.first || new Set(matching.map((row) => row.section)).size === 1;
  for (const section of sections) {
    const own = section.groups.filter((group) => kept.has(group));
    section.element.hidden = !own.length;
    const most = rows.length <= data.most ? data.most : Math.max(data.least, Math.floor(data.first / own.length));
    for (const group of section.groups) Object.assign(group, { matching: kept.get(group) ?? [], most });
    section.flat.matching = own.flatMap((group) => group.matching);
    section.flat.most = Math.max(most, data.first);
    if (own.length && asked && few) section.box.open = true;
    settle(section);
  }
}

// An open table shows its groups, or all its rows as one where they are sorted.
function settle(section) {
  const { box, flat, groups } = section;
  for (const group of groups) {
    group.body.hidden = flat.active || !group.matching.length;
    count(group);
  }
  told(box.querySelector("summary").firstChild, section.flat.matching.length, section.rows.length);
  flat.body.hidden = !flat.active;
  if (!box.open) return;
  if (flat.active) {
    groups.forEach(clear);
    arrange(flat);
  } else {
    clear(flat);
    groups.forEach(arrange);
  }
}

function clear(place) {
  for (const each of place.shown) each.remove();
  place.shown = [];
}

// Matching rows in their order, with details, and what is left. What stays is not moved, and keeps
// the focus.
function arrange(place) {
  const sorted = place.matching.toSorted((a, b) => a.order - b.order);
  const shown = sorted.slice(0, place.most).flatMap((row) => [element(row), ...(row.details ? [row.details] : [])]);
  const left = sorted.length - place.most;
  if (left > 0) shown.push(more(place, left));
  const stay = new Set(shown);
  for (const each of place.shown) if (!stay.has(each)) each.remove();
  let last = place.head;
  for (const each of shown) {
    if (last.nextElementSibling !== each) last.after(each);
    last = each;
  }
  place.shown = shown;
}

function more(place, left) {
  const next = Math.min(left, data.first);
  const button = make("button", { type: "button" }, `Show ${next} more of ${left}`);
  button.addEventListener("click", () => {
    const first = place.shown.at(-1).previousElementSibling;
    place.most += next;
    arrange(place);
    first.nextElementSibling?.querySelector("button")?.focus();
  });
  const columns = place.head.cells[0].colSpan;
  return make("tr", { class: "rest" }, make("td", { colspan: columns }, button));
}

// The head of a group says how many of its runs match, where it is not all of them.
function count(group) {
  told(group.head.querySelector(".unit").firstChild, group.matching.length, group.rows.length);
}

const alls = new WeakMap();
function told(text, length, all) {
  if (!alls.has(text)) alls.set(text, text.data);
  const words = length === all ? alls.get(text) : `${length} of ${alls.get(text)}`;
  if (text.data !== words) text.data = words;
}

const home = (row) => (row.section.flat.active ? row.section.flat : row.group);

// What is led to is shown, however far down it stands; no row that does not match.
function reveal(anchor) {
  const row = rows.find((each) => each.anchor === anchor);
  const section = row?.section ?? sections.find((each) => each.groups.some(({ body }) => body.id === anchor));
  if (!section || (row && !row.group.matching.includes(row))) return;
  section.box.open = true;
  if (row) {
    const place = home(row);
    const before = place.matching.filter((each) => each.order <= row.order).length;
    place.most = Math.max(place.most, before);
  }
  settle(section);
}

for (const section of sections) section.box.addEventListener("toggle", () => settle(section));
for (const row of rows) if (row.element) dress(row, row.element);

Object.assign(runs, { byElement, show, settle, arrange, home, reveal, ask });
