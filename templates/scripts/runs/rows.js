// The page of runs is whole without these scripts but for its length: of many runs it has the first.
// They add the others, filters, which the address holds, sorting by header, the details of a run, and
// what stands behind a number. What they filter and sort by is an index that is loaded with the page;
// small charts and histories come in chunks, for those rows that are looked at. Each file keeps its
// names to itself and shares this one object.

const { runs } = globalThis;

const main = document.querySelector("main");
const data = runs.index;
const sections = [...main.querySelectorAll("section.runs")].map((element) => ({
  element,
  name: element.dataset.experiment,
  title: element.querySelector("h2").firstChild.textContent.trim(),
  box: element.querySelector("details"),
  common: new Map(
    [...element.querySelectorAll(".common > :not(.again)")].map((each) => [
      each.querySelector("dt").textContent.toLowerCase(),
      each.querySelector("dd").textContent,
    ]),
  ),
  headers: [...element.querySelectorAll("thead th")],
  groups: [...element.querySelectorAll("tbody")].map((body) => ({
    body,
    variant: body.dataset.variant,
    head: body.rows[0],
    shown: [...body.rows].slice(1),
    rows: [],
    matching: [],
  })),
  rows: [],
  asked: null,
}));

// Rows in the order of the page: the places by which the data call them.
const rows = [];
for (const section of sections) {
  const { groups, columns, anchors } = data.tables[section.name];
  section.names = section.headers.map((header) => header.firstChild.textContent.trim());
  section.status = section.names.indexOf("Status");
  let place = 0;
  for (const [number, count] of groups.entries()) {
    const group = section.groups[number];
    for (const end = place + count; place < end; place += 1) {
      const row = { section, group, place, order: place, number: rows.length, text: "", element: null };
      row.cell = (column) => said(columns[column], row.place);
      row.anchor = anchors[place] ?? `run-${row.cell(0)}`;
      group.rows.push(row);
      section.rows.push(row);
      rows.push(row);
    }
    for (const [i, element] of group.shown.entries()) {
      if (!element.classList.contains("rest")) group.rows[i].element = element;
    }
  }
}

// All rows of a table as one group, in which they are sorted.
for (const section of sections) {
  const head = make("th", { scope: "rowgroup", colspan: section.headers.length });
  const body = make("tbody", { class: "flat", hidden: "" }, make("tr", { class: "group" }, head));
  section.flat = { body, head: body.rows[0], shown: [], matching: [], active: false };
  section.groups[0].body.before(body);
}

function make(name, attributes = {}, ...children) {
  const svg = ["svg", "path", "text", "circle", "line"].includes(name);
  const element = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// What a row says in a column; of a chart its last value.
function said({ texts, at }, place) {
  return at ? texts[at[place]] : texts[place];
}

function status(row) {
  return row.cell(row.section.status);
}

// What a chunk has of a row: its identity, of each chart the first value and the path, its history.
const coming = new Map();
async function rest(row) {
  const number = Math.floor(row.number / data.chunk);
  if (!runs.chunks[number]) await (coming.get(number) ?? load(number));
  const [identity, charts, history] = runs.chunks[number][row.number % data.chunk];
  return { identity, charts, history };
}

function load(number) {
  const arrival = new Promise((resolve, reject) => {
    const script = make("script", { src: `runs/${number}.js` });
    const end = () => {
      if (runs.chunks[number]) return resolve();
      coming.delete(number); // so that it is asked for again
      script.remove();
      reject(new Error(`runs/${number}.js is missing`));
    };
    script.addEventListener("load", end);
    script.addEventListener("error", end);
    document.head.append(script);
  });
  coming.set(number, arrival);
  return arrival;
}

Object.assign(runs, { main, data, sections, rows, make, rest, status });
