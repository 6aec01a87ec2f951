// What an address asks for that is not there: a line says so, and the address is put right.

const { runs } = globalThis;

const { main, data, sections } = runs;
const { numberOf } = runs.behind;
const line = main.querySelector(".unknown");
const LONGEST = 40; // of what is repeated: whoever makes a link does not write the page

const quoted = (text) => `“${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}”`;

// In words, what of a query is passed over; `fields` have taken of it what they could.
function unknown(query, fields) {
  const wrong = [];
  for (const { name, value } of fields) {
    const wanted = query.get(name) ?? "";
    if (wanted.trim() && !value) wrong.push(`${quoted(wanted)} is no ${name}${OF[name] ?? ""}`);
  }
  const claim = query.get("claim");
  const sort = query.get("sort");
  if (claim && !Object.hasOwn(data.claims, claim)) wrong.push(`${quoted(claim)} is no claim of this report`);
  if (query.has("metric") && !claim && !numberOf(query)) wrong.push("the number is not in the text");
  if (sort && !sortable(sort)) wrong.push(`${quoted(sort)} is no column`);
  return wrong;
}

const OF = { experiment: " of this report", variant: " of what is shown" };

const sortable = (name) => sections.some((section) => section.names.includes(name));

function say(wrong) {
  line.textContent = wrong.length ? `Not everything that was asked for can be shown: ${wrong.join("; ")}.` : "";
}

runs.asked = { unknown, sortable, say };
