// The page of runs is whole without these scripts. They add filters, which the address holds, sorting
// by header, and the details of a run, all from what stands in the page. Each file keeps its names to
// itself and shares this one object.

const runs = (globalThis.runs ??= {});

const main = document.querySelector("main");
const data = JSON.parse(document.getElementById("run-data").textContent);
const sections = [...main.querySelectorAll("section.runs")].map((element) => ({
  element,
  name: element.dataset.experiment,
  title: element.querySelector("h2").firstChild.textContent.trim(),
  common: [...element.querySelectorAll(".common > :not(.again) dd")].map((each) => each.textContent).join(" "),
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

Object.assign(runs, { main, data, sections, rows, make, identity, heading, said, status });
