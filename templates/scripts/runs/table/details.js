// The details of a run, below its row: settings and history.

const { runs } = globalThis;

const { main, make, rest, panels, byElement, arrange, home } = runs;

const LOST = "The details of this run could not be loaded. Closing and opening them tries again.";

async function toggle(row) {
  const button = row.element.querySelector("button");
  const open = !row.open;
  row.open = open;
  button.setAttribute("aria-expanded", String(open));
  let found = null;
  try {
    if (open) found = details(row, await rest(row));
  } catch {
    found = below(row, make("p", { class: "lost", role: "alert" }, LOST));
  }
  if (row.open !== open) return; // clicked again meanwhile
  row.details = found;
  arrange(home(row));
}

function details(row, known) {
  return below(row, settings(row, known), panels(row, known.history));
}

function below(row, ...parts) {
  const inside = make("div", { class: "inside" }, ...parts);
  return make("tr", { class: "details" }, make("td", { colspan: row.section.headers.length }, inside));
}

function settings(row, { identity }) {
  const list = make("dl");
  const put = (label, ...text) =>
    list.append(make("div", {}, make("dt", {}, label), make("dd", {}, ...text)));
  const { headers, names, element } = row.section;
  put("Identity", make("a", { href: `#${row.anchor}` }, make("code", {}, identity)));
  put("Variant", row.group.variant);
  const called = row.group.head.querySelector("code");
  if (called) put("Initializer", make("code", {}, called.textContent));
  for (const [column, header] of headers.entries()) {
    if (column && (header.classList.contains("w") || names[column] === "Seed")) {
      put(names[column], row.cell(column));
    }
  }
  for (const pair of element.querySelector(".common").children) list.append(pair.cloneNode(true));
  const again = list.querySelector(".again");
  again.querySelector("dt").textContent = "Train it again";
  again.querySelector("span").textContent = row.cell(0);
  return list;
}

main.addEventListener("click", (event) => {
  const element = event.target.closest("section.runs tbody tr");
  const row = byElement.get(element);
  const button = event.target.closest("th[scope=row] button");
  if (!row || event.target.closest("a")) return;
  // A click that ends a selection of text is none.
  if (button || getSelection().isCollapsed) toggle(row);
});
