// A hit as an item of the list: a link with kind, title and place, and the words around what was found.

const { finder } = globalThis;
const BEFORE = 50; // characters of a snippet before the first word found
const LENGTH = 170;
const NAMES = { term: "Term", claim: "Claim", figure: "Figure", table: "Table", text: "Text", run: "Run", reference: "Work" };

function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

const escaped = (word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

function pattern(terms) {
  const words = [...terms].sort((a, b) => b.length - a.length).map(escaped);
  return words.length ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})`, "giu") : /(?!)/g;
}

function marked(text, terms) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(pattern(terms))) {
    parts.push(text.slice(end, found.index), make("mark", "", found[0]));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

// The piece of a text in which the most different words were found, from one blank to another.
function snippet(text, terms) {
  const places = [...text.matchAll(pattern(terms))];
  const within = (start) =>
    new Set(places.filter((each) => each.index >= start && each.index < start + LENGTH - BEFORE).map((each) => finder.bare(each[0]))).size;
  let best = 0;
  let most = 0;
  for (const { index } of places) {
    const count = within(index);
    if (count > most) [best, most] = [index, count];
  }
  let start = Math.max(0, best - BEFORE);
  if (start > 0) start = text.indexOf(" ", start) + 1;
  let end = Math.min(text.length, start + LENGTH);
  if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + BEFORE);
  return `${start > 0 ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}

function item({ kind, address, title, where, text, terms }) {
  const link = make(
    "a",
    "",
    make("span", "kind", NAMES[kind]),
    make("span", "name", ...marked(title, terms)),
    make("span", "where", where),
  );
  link.href = address;
  // What a term means is said where its text begins, whatever was found in it.
  const piece = snippet(text, kind === "term" ? [] : terms);
  if (piece) link.append(make("span", "words", ...marked(piece, terms)));
  const found = make("li", "", link);
  found.dataset.kind = kind;
  return found;
}

Object.assign(finder, { item });
