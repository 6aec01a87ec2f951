// The field in the header and the list below it. A slash leads to the field, arrows into the list and
// back, Enter to the first hit or the one that is chosen; Escape closes, and either opens again. How
// many hits there are is said to those who do not see them.

const { finder } = globalThis;
const MOST = 30; // hits in the list; who needs more has asked for too little
const LONGEST = 60; // characters of a query that are repeated
const box = document.querySelector("header.site .search");
const [input, heard, panel] = box ? ["input", ".heard", ".hits"].map((each) => box.querySelector(each)) : [];

let latest = 0; // what is being looked for; an answer to anything else comes too late

const links = () => [...panel.querySelectorAll("a")];

function close() {
  latest += 1;
  panel.hidden = true;
}

function tell(words, ...hits) {
  heard.textContent = words;
  const list = document.createElement("ol");
  list.append(...hits.map(finder.item));
  const note = document.createElement("p");
  note.textContent = words;
  panel.replaceChildren(note, ...(hits.length ? [list] : []));
  panel.hidden = false;
  panel.scrollTop = 0;
}

function counted(total, whole) {
  const query = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
  if (!total) return `Nothing found for “${query}”. Every word has to occur; fewer or shorter ones find more.`;
  const words = `${total === 1 ? "1 result" : `${total} results`} for “${query}”`;
  return total > MOST ? `${words}, the first ${MOST} of them shown` : words;
}

async function look() {
  const query = input.value.trim();
  if (!query) {
    heard.textContent = "";
    return close();
  }
  const own = (latest += 1);
  const current = () => own === latest && box.contains(document.activeElement);
  try {
    const [runs, others] = await Promise.all([finder.foundRuns(query), finder.found(query)]);
    const hits = [...runs, ...others];
    if (current()) tell(counted(hits.length, query), ...hits.slice(0, MOST));
  } catch {
    if (current()) tell("The search could not be loaded. The next letter tries again.");
  }
}

// Moves the focus by a number of hits; before the first of them is the field.
function move(by) {
  const all = links();
  const to = all.indexOf(document.activeElement) + by;
  const target = to < 0 ? input : all[Math.min(to, all.length - 1)];
  target?.focus();
}

const KEYS = {
  ArrowDown: () => (panel.hidden ? look() : move(1)), // what Escape closed comes back
  ArrowUp: () => move(-1),
  Enter: () => (panel.hidden ? look() : links()[0]?.click()),
  Escape: () => {
    if (panel.hidden) return input.blur();
    input.focus();
    close();
  },
};

function pressed(event) {
  const action = KEYS[event.key];
  if (!action || event.isComposing || (event.key === "Enter" && event.target !== input)) return;
  event.preventDefault();
  event.stopPropagation(); // one Escape closes one thing
  action();
}

function typing({ target }) {
  return target.isContentEditable || target.closest?.("input:not([type=checkbox], [type=radio], [type=range]), textarea, select");
}

function start() {
  box.hidden = false;
  input.addEventListener("focus", ({ relatedTarget }) => {
    finder.found("").catch(() => {}); // so that it is there when the first word is
    if (!box.contains(relatedTarget)) look(); // back with its words from elsewhere on the page
  });
  input.addEventListener("input", look);
  box.addEventListener("keydown", pressed);
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (!box.contains(relatedTarget)) close();
  });
  panel.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("a")) event.preventDefault(); // a click between hits keeps the list open
  });
  panel.addEventListener("click", (event) => {
    if (event.target.closest("a")) close(); // the hit may be on this page
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

if (box) start();
