// Filters, which the address holds.

const runs = (globalThis.runs ??= {});

const { main, data, sections, rows, make, identity, heading, said, status } = runs;
const bar = main.querySelector(".filters");
const output = bar.querySelector("output");
const behind = main.querySelector(".behind");
const nothing = main.querySelector(".nothing");
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
  output.textContent = `${shown.size} of ${rows.length} run${rows.length === 1 ? "" : "s"}`;
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
  runs.sort("", "none");
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

runs.filters = { bar, behind, experiment, read, filter, measure, claim: () => claim };
