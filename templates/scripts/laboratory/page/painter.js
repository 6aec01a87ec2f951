// Which drawings are made now: those in view. The others are made when they come into it, or before
// the page is printed.

const laboratory = (globalThis.laboratory ??= {});

const NEARBY = "80px"; // what is so near to the window counts as in view

const inView = new Set();
const waiting = new Map();

function make(svg) {
  const draw = waiting.get(svg);
  waiting.delete(svg);
  draw?.();
}

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inView.add(target);
      else inView.delete(target);
      if (isIntersecting) make(target);
    }
  },
  { rootMargin: NEARBY },
);

laboratory.painter = {
  watch: (svg) => observer.observe(svg),
  paint: (svg, draw) => {
    waiting.set(svg, draw);
    if (inView.has(svg)) make(svg);
  },
};

addEventListener("beforeprint", () => [...waiting.keys()].forEach(make));
