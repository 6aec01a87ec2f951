// One small window for all that a link can say before it is followed: what a number is and how sure,
// what a cross-reference leads to, the full reference of a citation. Shown on hover, on focus, and
// on the first tap; it can be entered with the mouse, and Escape closes it.

const main = document.querySelector("main");
const box = document.createElement("div");
box.className = "popover";
box.id = "popover";
box.hidden = true;
main?.append(box);

const loaded = new Map();
let shown = null; // the link whose window is open
let timer = 0;
let byTouch = false; // whether the last thing done was a touch
const GAP = 6; // CSS pixels between link, window, and the edge of the screen
const ROWS = 5;

// Each preview is a script beside the page: a page from disk may run one, but not read a file.
window.preview = (anchor, html) => loaded.get(anchor)?.resolve(html);

// What failed is forgotten, so that the next look at the link tries again: a connection may be back.
function fetched(anchor) {
  if (!loaded.has(anchor)) {
    const entry = {};
    const script = document.createElement("script");
    entry.html = new Promise((resolve, reject) => {
      entry.resolve = resolve;
      script.onerror = reject;
      script.onload = reject; // it ran and gave nothing: a promise that is kept cannot be broken
    });
    entry.html.catch(() => loaded.delete(anchor)).finally(() => script.remove());
    loaded.set(anchor, entry);
    script.src = `previews/${anchor}.js`;
    document.head.append(script);
  }
  return loaded.get(anchor).html;
}

async function content(link) {
  if (link.dataset.preview) return fetched(link.dataset.preview);
  const n = Number(link.dataset.n);
  const text = document.createElement("p");
  text.textContent = link.dataset.about;
  const more = document.createElement("p");
  const follow = document.createElement("a");
  follow.href = link.href;
  follow.tabIndex = -1; // the number itself leads there too
  follow.textContent = n > 1 ? `The ${n} runs behind it` : n ? "The run behind it" : "The runs behind it";
  more.append(follow);
  return text.outerHTML + more.outerHTML;
}

function place(link) {
  const at = [...link.getClientRects()].at(0) ?? link.getBoundingClientRect();
  const width = box.offsetWidth;
  const room = document.documentElement.clientWidth - width - 8;
  box.style.left = `${Math.max(8, Math.min(at.left, room)) + scrollX}px`;
  // Below the link where it fits, or where there is more room than above; never beyond the window.
  box.style.maxHeight = "";
  const under = innerHeight - at.bottom - 2 * GAP;
  const over = at.top - 2 * GAP;
  const below = box.offsetHeight <= under || under >= over;
  box.style.maxHeight = `${Math.min(parseFloat(getComputedStyle(box).maxHeight), below ? under : over)}px`;
  const top = below ? at.bottom + GAP : at.top - GAP - box.offsetHeight;
  box.style.top = `${top + scrollY}px`;
}

async function show(link) {
  clearTimeout(timer);
  if (shown === link) return;
  hide();
  shown = link;
  let html;
  try {
    html = await content(link);
  } catch {
    return; // the link itself still leads there
  }
  if (shown !== link) return;
  box.innerHTML = html;
  shorten();
  box.classList.toggle("wide", Boolean(box.querySelector(".drawing, table")));
  box.hidden = false;
  place(link);
  fit();
  describe(link);
}

// A glance is a few lines long: of a big table only its first rows are shown.
function shorten() {
  const rows = [...box.querySelectorAll("tbody tr")];
  if (rows.length <= ROWS + 1) return;
  for (const row of rows.slice(ROWS)) row.remove();
  const more = document.createElement("p");
  more.className = "more-rows";
  more.dataset.count = rows.length - ROWS;
  box.append(more);
}

// Nothing is cut at the foot: rows go until the last line is seen. Columns fade where there are more.
function fit() {
  const more = box.querySelector(".more-rows");
  if (more) {
    const rows = [...box.querySelectorAll("tbody tr")];
    const tell = () => (more.textContent = `… and ${more.dataset.count} more rows.`);
    tell();
    while (rows.length > 1 && box.scrollHeight > box.clientHeight + 1) {
      rows.pop().remove();
      more.dataset.count = Number(more.dataset.count) + 1;
      tell();
    }
  }
  for (const each of box.querySelectorAll(".scroll")) {
    each.classList.toggle("more", each.scrollWidth > each.clientWidth + 2);
  }
}

// What is read aloud with the link is a sentence and no table: its first paragraph, which is a
// caption, a heading or what a number is. Where there is none, as for an equation, it is the whole.
function describe(link) {
  const short = box.querySelector(".caption, p") ?? box.firstElementChild;
  if (!short) return;
  short.id = "popover-text";
  link.setAttribute("aria-describedby", short.id);
}

function hide() {
  clearTimeout(timer);
  shown?.removeAttribute("aria-describedby");
  shown = null;
  box.hidden = true;
}

function later(action, delay) {
  clearTimeout(timer);
  timer = setTimeout(action, delay);
}

// What stands in the margin beside a link is not laid over itself.
const beside = (link) => link.nextSibling?.querySelector?.(".note")?.checkVisibility();
const target = (event) => {
  const link = event.target.closest?.("a[data-preview], a[data-about]");
  return link && !beside(link) ? link : null;
};
const inside = (event) => box.contains(event.target);

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const link = target(event);
  if (link && !inside(event)) later(() => show(link), shown ? 60 : 180);
  else if (inside(event)) clearTimeout(timer);
  else {
    clearTimeout(timer); // of a link that the mouse has left before its window opened
    if (shown) later(hide, 250);
  }
});
document.addEventListener("pointerdown", (event) => {
  byTouch = event.pointerType === "touch";
  if (shown && !inside(event) && target(event) !== shown) hide();
});
// On a device that has both, the keyboard or the mouse may follow a finger.
document.addEventListener("keydown", () => (byTouch = false), true);
document.addEventListener("focusin", (event) => {
  const link = target(event);
  if (link && !inside(event) && link.matches(":focus-visible") && !byTouch) show(link);
});
document.addEventListener("focusout", (event) => {
  if (shown === event.target && !box.matches(":hover")) hide();
});
document.addEventListener("click", (event) => {
  const link = target(event);
  // The first tap shows what there is to know, the second one leads there.
  const finger = event.pointerType ? event.pointerType === "touch" : byTouch;
  if (link && !inside(event) && finger && shown !== link) {
    event.preventDefault();
    show(link);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !shown) return;
  // One Escape closes one thing: what else it would undo on the page, it leaves alone.
  if (!box.hidden) event.stopImmediatePropagation();
  hide();
});
addEventListener("resize", hide);
