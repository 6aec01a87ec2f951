// The details of a run, below its row: settings and history.

const runs = (globalThis.runs ??= {});

const { main, rows, make, identity, heading, said, panels } = runs;
const byElement = new Map(rows.map((row) => [row.element, row]));

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
  const again = list.querySelector(".again");
  again.querySelector("dt").textContent = "Train it again";
  again.querySelector("span").textContent = row.element.querySelector("a").textContent;
  return list;
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
