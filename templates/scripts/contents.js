// The contents beside the text follow the reader: the section at the top of the window is marked.
// In the row of pages the one that is open is in sight.

const contents = document.querySelector("nav.contents");
const row = document.querySelector("header.site nav");
const links = [...document.querySelectorAll("nav.contents a[href^='#']")];
const places = links
  .map((link) => ({ link, heading: document.getElementById(link.hash.slice(1)) }))
  .filter((place) => place.heading)
  .map((place) => ({ ...place, section: place.heading.closest("main > section") ?? place.heading }));

function show(link, box) {
  const own = link.getBoundingClientRect();
  const room = box.getBoundingClientRect();
  if (own.top < room.top || own.bottom > room.bottom)
    box.scrollTop += own.top - room.top - room.height / 2;
  if (own.left < room.left || own.right > room.right)
    box.scrollLeft += own.left - room.left - (room.width - own.width) / 2;
}

let shown = null;

function follow() {
  const line = Math.min(160, innerHeight / 3);
  let current = null;
  // To ask where a heading stands would lay out its whole section, which may be far away.
  const above = new Map();
  for (const { section } of places)
    if (!above.has(section)) above.set(section, section.getBoundingClientRect());
  for (const place of places) {
    const { top, bottom } = above.get(place.section);
    if (top > line) continue;
    if (bottom <= line || place.heading.getBoundingClientRect().top <= line) current = place;
  }
  // At the very end the last section may be too short to reach the line.
  const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  if (end && places.length && scrollY > 0) current = places.at(-1);
  for (const { link } of places) {
    if (link === current?.link) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (current && current !== shown && current.link.checkVisibility?.()) show(current.link, contents);
  shown = current;
}

// Beside the text they are never folded, which those who hear the page are told as well.
const folded = contents?.querySelector("details");
const wide = matchMedia("(min-width: 76rem)");
const fold = () => folded?.toggleAttribute("open", wide.matches);
wide.addEventListener("change", fold);
fold();

const open = row?.querySelector("[aria-current]");
if (open) show(open, row);

if (places.length) {
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
    });
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  follow();
}
