// What was followed here: a claim, or a number with its statistics, which the page has from the text;
// and the rows that are shown, as a file and as a command.

const { runs } = globalThis;

const { main, data, sections, make, rest, ask } = runs;
const box = main.querySelector(".behind");
const these = main.querySelector(".these");
const command = these.querySelector("code");
const status = these.querySelector("[role=status]");
const MISSING = "–";
let shown = { rows: [], number: null };

// The number that an address asks for, if the text has it.
function numberOf(query) {
  const parts = ["experiment", "variant", "metric", "epoch", "moment", "layer"];
  return data.numbers.find((each) => parts.every((part) => (query.get(part) ?? "") === (each.query[part] ?? "")));
}

function tellNumber(number, all) {
  const section = sections.find((each) => each.name === number.query.experiment);
  const list = make("dl");
  for (const [label, text] of Object.entries(number.told)) {
    list.append(make("div", {}, make("dt", {}, label), make("dd", {}, text)));
  }
  box.replaceChildren(
    make("h2", {}, number.title),
    list,
    make("p", {}, `In “${section.title}”. ${number.method} In full digits in `, make("a", { href: `data/${number.file}` }, number.file), ". ", all),
  );
}

function tellClaim(known, all) {
  const statement = known.address
    ? make("a", { href: known.address }, known.statement)
    : known.statement;
  box.replaceChildren(make("p", {}, "Runs behind the claim: ", statement, ` — ${known.verdict}. `, all));
}

// The column in which a number was measured, or one made for it, in the only table it concerns.
function mark(number) {
  for (const section of sections) ask(section, number?.query.experiment === section.name ? asked(section, number) : null);
}

const marks = new Map();
function asked(section, number) {
  if (!marks.has(number)) {
    const own = section.groups.find((group) => group.variant === number.query.variant);
    const texts = new Map(own.rows.map((row, i) => [row, number.texts[i]]));
    const unit = number.unit ? [" ", make("span", { class: "unit" }, number.unit)] : [];
    marks.set(number, {
      column: section.names.indexOf(number.header),
      cell: (row) =>
        row
          ? make("td", { class: "asked" }, texts.get(row) ?? "")
          : make("th", { class: "asked", scope: "col" }, number.header, ...unit),
    });
  }
  return marks.get(number);
}

// The rows that are shown, where something was asked for.
function offer(rows, number, any) {
  shown = { rows, number };
  these.hidden = !any || !rows.length;
  status.textContent = "";
  if (these.hidden) return;
  const [more] = main.querySelector(".again code").textContent.match(/(?<=RUN=\S+)( .*)?$/);
  const names = [...new Set(rows.map((row) => row.cell(0)))];
  command.textContent =
    names.length === 1
      ? `make run RUN=${names[0]}${more}`
      : `for run in ${names.join(" ")}; do make run RUN=$run${more}; done`;
}

// A row says what the table says of it; what was followed is told as measured, in full digits.
async function csv({ rows, number }) {
  const columns = new Set(["experiment", "variant", "run"]);
  const full = number && `${number.header}, as measured`;
  if (number) columns.add(full);
  const lines = await Promise.all(
    rows.map(async (row) => {
      const line = new Map([["experiment", row.section.name], ["variant", row.group.variant]]);
      line.set("run", (await rest(row)).identity);
      if (number) line.set(full, number.values[row.group.rows.indexOf(row)] ?? "");
      for (const [column, header] of row.section.headers.entries()) {
        if (!column) continue;
        const unit = header.querySelector(".unit")?.textContent;
        const name = unit ? `${row.section.names[column]} (${unit})` : row.section.names[column];
        columns.add(name);
        line.set(name, row.cell(column));
      }
      return line;
    }),
  );
  const written = (value) => {
    const text = value === undefined || value === MISSING ? "" : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const texts = lines.map((line) => [...columns].map((name) => written(line.get(name))));
  return [[...columns].map(written), ...texts].map((cells) => `${cells.join(",")}\n`).join("");
}

these.querySelector(".csv").addEventListener("click", async () => {
  status.textContent = "";
  try {
    const url = URL.createObjectURL(new Blob([await csv(shown)], { type: "text/csv" }));
    make("a", { href: url, download: "runs.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  } catch {
    status.textContent = "Not all of these rows could be loaded, so there is no file. Another click tries again.";
  }
});

these.querySelector(".copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(command.textContent);
    status.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(command); // a browser may refuse; then the keyboard copies it
    status.textContent = "Selected: copy it by keyboard.";
  }
});

runs.behind = { box, numberOf, tellNumber, tellClaim, mark, offer };
