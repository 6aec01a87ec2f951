// Filters, which the address holds, and the sorting beside them.

const { runs } = globalThis;

const { main, data, sections, rows, make, status, show } = runs;
const { box: behind, numberOf, tellNumber, tellClaim, mark, offer } = runs.behind;
const { unknown, sortable, say } = runs.asked;
const bar = main.querySelector(".filters");
const output = bar.querySelector("output");
const nothing = main.querySelector(".nothing");
const fields = [...bar.querySelectorAll("select, input")];
const [experiment, variant, , words] = fields;
let claim = "";
let number = null;

function matching() {
  const chosen = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const terms = chosen.q.split(",").filter((term) => term.trim()).flatMap(tests);
  const inClaim = claim ? claimed(claim) : null;
  return rows.filter(
    (row, place) =>
      (!chosen.experiment || row.section.name === chosen.experiment) &&
      (!chosen.variant || row.group.variant === chosen.variant) &&
      (!chosen.status || status(row) === chosen.status) &&
      (!inClaim || inClaim.has(place)) &&
      terms.every((term) => term(row)),
  );
}

// A term is a comparison, or a phrase; where no run has the phrase, each of its words.
const COMPARISON = /^(\D+?)\s*(<=|>=|[<>=≤≥])\s*(-?[\d.]+(?:e-?\d+)?)\s*%?$/;
const BEGUN = /^\D+[<>=≤≥]\s*[-.]?$/; // a comparison that still lacks its number narrows nothing
const COMPARE = {
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "=": (a, b) => a === b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
};

function tests(term) {
  const plain = term.trim().toLowerCase().replace(/\s+/g, " ").replace(/(\d) ?x ?(\d)/g, "$1 × $2");
  const found = COMPARISON.exec(plain);
  if (found) return [compared(found[1], found[2].replace("≤", "<=").replace("≥", ">="), Number(found[3]))];
  if (BEGUN.test(plain)) return [];
  const phrase = pattern(plain);
  if (rows.some((row) => phrase.test(searched(row)))) return [(row) => phrase.test(searched(row))];
  const words = plain.match(/\d+ × \d+|\S+/g).map(pattern);
  return words.map((word) => (row) => word.test(searched(row)));
}

// Of several columns of such a name the last one counts: of accuracies that of the test. What all
// runs of an experiment share counts, too.
function compared(name, sign, value) {
  const columns = new Map(
    sections.map((section) => [section, section.names.findLastIndex((each) => each.toLowerCase().includes(name))]),
  );
  return (row) => {
    const column = columns.get(row.section);
    const text = column > 0 ? row.cell(column) : row.section.common.get(name);
    return COMPARE[sign](runs.amount(text ?? ""), value);
  };
}

// A term starts where a word does; a number ends where it ends, unless it may begin an identity.
function pattern(plain) {
  const cut = /^[0-9a-f]{13,}$/.test(plain) ? plain.slice(0, rows[0].cell(0).length) : plain; // no row says more
  const literal = cut.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
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
    const { headers, names, name, title, common } = row.section;
    const parts = [name, title, row.group.variant, row.cell(0), ...common.values()];
    for (const [column, header] of headers.entries()) {
      if (column && (header.classList.contains("w") || names[column] === "Seed")) {
        parts.push(`${names[column]} ${row.cell(column)}`);
      }
    }
    row.text = parts.join(" ").replace(/\s+/g, " ").toLowerCase();
  }
  return row.text;
}

function filter() {
  const found = matching();
  const any = claim || number || fields.some((field) => field.value);
  mark(number);
  show(found, any);
  output.textContent = `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} run${rows.length === 1 ? "" : "s"}`;
  nothing.hidden = found.length > 0;
  tell();
  offer(found, number, any);
}

function tell() {
  behind.hidden = !followed();
  if (!followed()) return;
  const all = make("button", { type: "button" }, "Show all runs");
  all.addEventListener("click", () => {
    reset();
    experiment.focus();
  });
  if (claim) tellClaim(data.claims[claim], all);
  else tellNumber(number, all);
}

function followed() {
  return claim || number;
}

function offerVariants() {
  const chosen = variant.value;
  const own = sections.filter((each) => !experiment.value || each.name === experiment.value);
  const names = new Set(own.flatMap((each) => each.groups.map((group) => group.variant)));
  const options = [...names].map((name) => make("option", {}, name));
  variant.replaceChildren(make("option", { value: "" }, "all"), ...options);
  variant.value = names.has(chosen) ? chosen : "";
}

function write(anchor = "") {
  const query = new URLSearchParams();
  for (const field of fields) if (field.value) query.set(field.name, field.value);
  if (claim) query.set("claim", claim);
  for (const [key, value] of Object.entries({ ...number?.query, ...runs.sorted })) query.set(key, value);
  const text = query.toString();
  try {
    history.replaceState(null, "", `${location.pathname}${text ? `?${text}` : ""}${anchor}`);
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
  number = (!claim && numberOf(query)) || null;
  const sort = query.get("sort") ?? "";
  runs.sort(sort, !sortable(sort) ? "none" : query.get("order") === "descending" ? "descending" : "ascending");
  const wrong = unknown(query, fields);
  say(wrong);
  if (wrong.length) write(location.hash);
}

function reset() {
  for (const field of fields) field.value = "";
  claim = "";
  number = null;
  offerVariants();
  runs.sort("", "none");
  say([]);
  filter();
  write();
}

let waiting = 0;
bar.addEventListener("input", (event) => {
  if (event.target === experiment) offerVariants();
  if (event.target === experiment || event.target === variant) number = null;
  clearTimeout(waiting);
  const apply = () => {
    say([]);
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

runs.filters = { bar, behind, experiment, read, filter, write, measure, followed };
