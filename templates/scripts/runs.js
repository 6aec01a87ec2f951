// The page of runs is whole without this script. It adds filters, which the address holds, sorting
// by header, and the details of a run, all from what stands in the page.

const main = document.querySelector("main");
const bar = main.querySelector(".filters");
const output = bar.querySelector("output");
const behind = main.querySelector(".behind");
const nothing = main.querySelector(".nothing");
const data = JSON.parse(document.getElementById("run-data").textContent);
const sections = [...main.querySelectorAll("section.runs")].map((element) => ({
  element,
  name: element.dataset.experiment,
  title: element.querySelector("h2").firstChild.textContent.trim(),
  common: [...element.querySelectorAll(".common dd")].map((each) => each.textContent).join(" "),
  headers: [...element.querySelectorAll("thead th")],
  groups: [...element.querySelectorAll("tbody")],
}));

// Rows in the order of the page: the places by which the data call them.
const rows = [];
for (const section of sections) {
  let place = 0;
  for (const group of section.groups) {
    for (const element of [...group.rows].slice(1)) {
      rows.push({ element, section, group, place, order: place, text: "" });
      place += 1;
    }
  }
}
const byElement = new Map(rows.map((row) => [row.element, row]));

function make(name, attributes = {}, ...children) {
  const svg = ["svg", "path", "text", "circle", "line"].includes(name);
  const element = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function identity(row) {
  return row.element.querySelector("a").title;
}

function heading(header) {
  return (header.querySelector("button") ?? header).firstChild.textContent.trim();
}

// What a cell says: its last words; a chart and its first value may stand before them.
function said(cell) {
  return cell.lastChild.textContent.trim();
}

function status(row) {
  const column = row.section.headers.findIndex((header) => heading(header) === "Status");
  return said(row.element.cells[column]);
}

// Filters

const fields = [...bar.querySelectorAll("select, input")];
const [experiment, variant, , words] = fields;
let claim = "";

function matching() {
  const chosen = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const terms = chosen.q.split(",").filter((term) => term.trim()).map(pattern);
  const inClaim = claim ? claimed(claim) : null;
  return rows.filter(
    (row, place) =>
      (!chosen.experiment || row.section.name === chosen.experiment) &&
      (!chosen.variant || row.group.dataset.variant === chosen.variant) &&
      (!chosen.status || status(row) === chosen.status) &&
      (!inClaim || inClaim.has(place)) &&
      terms.every((term) => term.test(searched(row))),
  );
}

// A term starts where a word does; a number ends where it ends, unless it may begin an identity.
function pattern(term) {
  const plain = term.trim().toLowerCase().replace(/\s+/g, " ").replace(/(\d) ?x ?(\d)/g, "$1 × $2");
  const literal = plain.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const whole = /\d$/.test(plain) && !/^[0-9a-f]{4,}$/.test(plain);
  return new RegExp(`(^|\\s)${literal}${whole ? "(?![\\d.])" : ""}`);
}

function claimed(name) {
  const places = new Set();
  const ends = data.claims[name].rows;
  for (let i = 0; i < ends.length; i += 2) {
    for (let place = ends[i]; place <= ends[i + 1]; place += 1) places.add(place);
  }
  return places;
}

// Settings, its own and the common ones, seed, status and identity of a run in one line; made when
// first searched.
function searched(row) {
  if (!row.text) {
    const { headers, name, title, common } = row.section;
    const parts = [name, title, row.group.dataset.variant, identity(row), common];
    for (const [column, cell] of [...row.element.cells].entries()) {
      const settings = cell.classList.contains("w");
      if (column && (settings || heading(headers[column]) === "Seed")) {
        parts.push(`${heading(headers[column])} ${said(cell)}`);
      }
    }
    row.text = parts.join(" ").replace(/\s+/g, " ").toLowerCase();
  }
  return row.text;
}

function filter() {
  const shown = new Set(matching());
  for (const row of rows) {
    const hidden = !shown.has(row);
    if (row.element.hidden !== hidden) row.element.hidden = hidden;
    if (row.details) row.details.hidden = hidden;
  }
  const groups = new Set([...shown].map((row) => row.group));
  const kept = new Set([...shown].map((row) => row.section));
  for (const section of sections) {
    section.element.hidden = !kept.has(section);
    for (const group of section.groups) group.hidden = !groups.has(group);
  }
  countGroups(shown);
  output.textContent = `${shown.size} of ${rows.length} runs`;
  nothing.hidden = shown.size > 0;
  tellClaim();
}

// The head of a group says how many of its runs are shown, where it is not all of them.
function countGroups(shown) {
  const counts = new Map();
  for (const { group } of shown) counts.set(group, (counts.get(group) ?? 0) + 1);
  for (const [group, count] of counts) {
    const unit = group.rows[0].querySelector(".unit");
    unit.dataset.all ??= unit.textContent;
    const all = unit.dataset.all;
    const words = count === Number.parseInt(all, 10) ? all : `${count} of ${all}`;
    if (unit.textContent !== words) unit.textContent = words;
  }
}

function tellClaim() {
  const known = data.claims[claim];
  behind.hidden = !known;
  if (!known) return;
  const all = make("button", { type: "button" }, "Show all runs");
  all.addEventListener("click", () => {
    reset();
    experiment.focus();
  });
  const statement = known.address
    ? make("a", { href: known.address }, known.statement)
    : known.statement;
  behind.replaceChildren("Runs behind the claim: ", statement, ` — ${known.verdict}. `, all);
}

function offerVariants() {
  const chosen = variant.value;
  const own = sections.filter((each) => !experiment.value || each.name === experiment.value);
  const names = new Set(own.flatMap((each) => each.groups.map((group) => group.dataset.variant)));
  const options = [...names].map((name) => make("option", {}, name));
  variant.replaceChildren(make("option", { value: "" }, "all"), ...options);
  variant.value = names.has(chosen) ? chosen : "";
}

function write() {
  const query = new URLSearchParams();
  for (const field of fields) if (field.value) query.set(field.name, field.value);
  if (claim) query.set("claim", claim);
  const text = query.toString();
  try {
    history.replaceState(null, "", `${location.pathname}${text ? `?${text}` : ""}`);
  } catch {
    // a browser may refuse this to a page from disk; the filters work all the same
  }
}

function read() {
  const query = new URLSearchParams(location.search);
  for (const field of fields) {
    const wanted = query.get(field.name) ?? "";
    field.value = wanted;
    if (field.value !== wanted) field.value = ""; // an option that this study does not have
    if (field === experiment) offerVariants();
  }
  claim = Object.hasOwn(data.claims, query.get("claim") ?? "") ? query.get("claim") : "";
}

function reset() {
  for (const field of fields) field.value = "";
  claim = "";
  offerVariants();
  sort("", "none");
  filter();
  write();
}

let waiting = 0;
bar.addEventListener("input", (event) => {
  if (event.target === experiment) offerVariants();
  clearTimeout(waiting);
  const apply = () => {
    filter();
    write();
  };
  // A word is typed in one go: no need to filter at each of its letters.
  if (event.target === words) waiting = setTimeout(apply, 120);
  else apply();
});
bar.querySelector(".reset").addEventListener("click", reset);

// The bar stays on top: what is scrolled to, and the headers, must stop below it.
function measure() {
  const fixed = getComputedStyle(bar).position === "sticky";
  main.style.setProperty("--bar", fixed ? `${bar.offsetHeight}px` : "0px");
}
window.addEventListener("resize", measure);

// Sorting: within each variant, in every table that has the column.

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

// A number, perhaps with what it counts, as in "10 × 8" or "1.2 s".
const NUMBER = /^[-\u2212]?\d+(\.\d+)?(e[-+\u2212]?\d+)?(?![\w.])/i;

// Numbers by size, words by letters; what is not there comes last both ways. An identity is a word,
// whatever it begins with.
function compare(a, b, direction, numbers) {
  const [x, y] = [a, b].map((text) =>
    numbers && NUMBER.test(text) ? parseFloat(text.replaceAll("\u2212", "-")) : NaN,
  );
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

// Details

function toggle(row) {
  const button = row.element.querySelector("button");
  if (row.details) {
    row.details.remove();
    row.details = null;
  } else {
    row.details = details(row);
    row.element.after(row.details);
  }
  button.setAttribute("aria-expanded", String(Boolean(row.details)));
}

function details(row) {
  const cell = make("td", { colspan: row.section.headers.length });
  const inside = make("div", { class: "inside" }, settings(row), panels(row));
  cell.append(inside);
  return make("tr", { class: "details" }, cell);
}

function settings(row) {
  const list = make("dl");
  const put = (label, ...text) =>
    list.append(make("div", {}, make("dt", {}, label), make("dd", {}, ...text)));
  const { headers, element } = row.section;
  put("Identity", make("code", {}, identity(row)));
  const group = row.group.rows[0];
  put("Variant", group.querySelector("a").textContent);
  const called = group.querySelector("code");
  if (called) put("Initializer", make("code", {}, called.textContent));
  for (const [column, cell] of [...row.element.cells].entries()) {
    if (column && (cell.classList.contains("w") || heading(headers[column]) === "Seed")) {
      put(heading(headers[column]), said(cell));
    }
  }
  for (const pair of element.querySelector(".common").children) list.append(pair.cloneNode(true));
  return list;
}

const PARTS = 10000; // losses and accuracies are whole numbers of ten-thousandths

function panels(row) {
  const { grid, rows: histories } = data.histories[row.section.name];
  const history = histories[row.place];
  const box = make("div", { class: "panels" });
  if (!history.length) return box;
  const colour = row.group.querySelector("path").getAttribute("stroke");
  if (history.length === 2) {
    const [signals, gradients] = history;
    const layers = signals.map((_, i) => i + 1);
    box.append(
      panel("Mean square of the activations by hidden layer", layers, signals, colour, String),
      panel("Standard deviation of the gradient by hidden layer", layers, gradients, colour, String),
      table(["Layer", "Mean square", "Gradient"], [layers, signals, gradients], String),
    );
    return box;
  }
  const [loss, accuracy, valLoss, valAccuracy, curve] = history.map((values) =>
    values.map((value) => (value === null ? null : value / PARTS)),
  );
  const epochs = loss.map((_, i) => i + 1);
  const inLoss = (value) => value.toFixed(4);
  const inPercent = (value) => `${(100 * value).toFixed(2)} %`;
  box.append(
    curve
      ? panel("Training loss, nats, within the epochs", grid.slice(0, curve.length), curve, colour, inLoss)
      : panel("Training loss, nats, by epoch", epochs, loss, colour, inLoss),
    panel("Validation accuracy by epoch", epochs, valAccuracy, colour, inPercent, false),
    table(
      ["Epoch", "Training loss", "Training accuracy", "Validation loss", "Validation accuracy"],
      [epochs, loss, accuracy, valLoss, valAccuracy],
      inLoss,
      inPercent,
    ),
  );
  return box;
}

// A line with the value of its first, lowest, highest and last point beside the axis.
function panel(title, places, values, colour, written, logarithmic = true) {
  const [width, height, left] = [300, 110, 62];
  const points = places.map((x, i) => [x, values[i]]).filter(([, y]) => y !== null);
  const figure = make("figure", {}, make("figcaption", {}, title));
  if (!points.length) {
    figure.append("No finite value.");
    return figure;
  }
  const known = points.map(([, y]) => y).filter((y) => !logarithmic || y > 0);
  const high = known.length ? Math.max(...known) : 1;
  const low = known.length ? Math.max(Math.min(...known), logarithmic ? high * 1e-12 : -Infinity) : 1;
  const level = (y) => (logarithmic ? Math.log(Math.max(y, low)) : y);
  const [bottom, top] = [level(low), level(high)];
  const [first, last] = [places[0], places.at(-1)];
  const across = (x) =>
    last > first ? left + ((x - first) / (last - first)) * (width - left - 6) : (left + width) / 2;
  const down = (y) => (top > bottom ? 8 + ((top - level(y)) / (top - bottom)) * (height - 30) : height / 2);
  const text = (x, y, anchor, words) => make("text", { x, y, "text-anchor": anchor }, words);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  svg.setAttribute(
    "aria-label",
    `${title}: ${written(points[0][1])} first, ${written(points.at(-1)[1])} last, ` +
      `lowest ${written(low)}, highest ${written(high)}`,
  );
  svg.append(make("path", { class: "axis", d: `M${left - 6} 4V${height - 18}H${width}` }));
  for (const y of new Set([high, low])) svg.append(text(left - 10, down(y) + 4, "end", written(y)));
  for (const x of new Set([first, last])) {
    svg.append(text(across(x), height - 4, "middle", String(Number(x.toFixed(2)))));
  }
  const line = points.map(([x, y], i) => `${i ? "L" : "M"}${across(x).toFixed(1)} ${down(y).toFixed(1)}`);
  svg.append(make("path", { d: line.join("") + (line.length > 1 ? "" : "h0"), stroke: colour }));
  for (const [x, y] of points.length > 12 ? [] : points) {
    const at = { cx: across(x), cy: down(y), r: 2.5, fill: colour };
    svg.append(make("circle", at, make("title", {}, written(y))));
  }
  figure.append(svg);
  return figure;
}

function table(headers, columns, ...writers) {
  const head = make("tr", {}, ...headers.map((header) => make("th", { scope: "col" }, header)));
  const written = (value, column) => {
    if (value === null) return "–";
    if (!column) return String(value);
    return writers[(column - 1) % writers.length](value);
  };
  const body = columns[0].map((_, i) =>
    make("tr", {}, ...columns.map((values, column) => make("td", {}, written(values[i], column)))),
  );
  const whole = make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
  return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "History" }, whole);
}

for (const row of rows) {
  const name = row.element.querySelector("a").textContent;
  const label = `Details of run ${name}`;
  const button = make("button", { type: "button", "aria-expanded": "false", "aria-label": label });
  row.element.cells[0].prepend(button);
}
main.addEventListener("click", (event) => {
  const element = event.target.closest("section.runs tbody tr");
  const row = byElement.get(element);
  const button = event.target.closest("th[scope=row] button");
  if (!row || event.target.closest("a")) return;
  // A click that ends a selection of text is none.
  if (button || getSelection().isCollapsed) toggle(row);
});

document.documentElement.classList.add("with-script");
bar.hidden = false;
read();
filter();
measure();

function land() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  // The runs of a claim are read from its statement, one group alone from the heading of its table.
  const alone = experiment.value && target?.tagName === "TBODY";
  let shown = alone ? target.closest("section").querySelector("h2") : target;
  if (claim) shown = behind;
  shown?.scrollIntoView({ behavior: "instant" });
}

land();
// Until the page is loaded the browser itself goes to the anchor, now and then.
window.addEventListener("load", () => requestAnimationFrame(() => setTimeout(land)));
window.addEventListener("hashchange", land);
