// Filters, which the address holds.

const { runs } = globalThis;

const { main, data, sections, rows, make, status, show } = runs;
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
      (!chosen.variant || row.group.variant === chosen.variant) &&
      (!chosen.status || status(row) === chosen.status) &&
      (!inClaim || inClaim.has(place)) &&
      terms.every((term) => term.test(searched(row))),
  );
}

// A term starts where a word does; a number ends where it ends, unless it may begin an identity.
function pattern(term) {
  const plain = term.trim().toLowerCase().replace(/\s+/g, " ").replace(/(\d) ?x ?(\d)/g, "$1 × $2");
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
    const parts = [name, title, row.group.variant, row.cell(0), common];
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
  show(found);
  output.textContent = `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} run${rows.length === 1 ? "" : "s"}`;
  nothing.hidden = found.length > 0;
  tellClaim();
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
  const names = new Set(own.flatMap((each) => each.groups.map((group) => group.variant)));
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
