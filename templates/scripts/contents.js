// The contents beside the text follow the reader: the section at the top of the window is marked.

const links = [...document.querySelectorAll("nav.contents a[href^='#']")];
const places = links
  .map((link) => ({ link, heading: document.getElementById(link.hash.slice(1)) }))
  .filter((place) => place.heading);

function follow() {
  const line = Math.min(160, innerHeight / 3);
  let current = null;
  for (const place of places) {
    if (place.heading.getBoundingClientRect().top <= line) current = place;
  }
  // At the very end the last section may be too short to reach the line.
  const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  if (end && places.length && scrollY > 0) current = places.at(-1);
  for (const { link } of places) {
    if (link === current?.link) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

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
