// What the drawings of the laboratory have in common: SVG in CSS pixels. Colours come from the style
// sheet by class, so that they follow the theme; every drawing replaces the one before it.

const laboratory = (globalThis.laboratory ??= {});

const round = (value) => Math.round(value * 10) / 10;

// The size of a drawing is asked once and then told: to ask again would lay out the page anew.
const sizes = new WeakMap();
const watcher = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) sizes.set(target, contentRect);
  dispatchEvent(new CustomEvent("laboratory-resize"));
});

function sizeOf(svg) {
  if (!sizes.has(svg)) {
    sizes.set(svg, { width: svg.clientWidth, height: svg.clientHeight });
    watcher.observe(svg);
  }
  return sizes.get(svg);
}

function frame(svg, margin) {
  const size = sizeOf(svg);
  const width = Math.round(size.width) || 320;
  const height = Math.round(size.height) || 240;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  return {
    left: margin.left,
    right: width - margin.right,
    top: margin.top,
    bottom: height - margin.bottom,
    middle: (margin.left + width - margin.right) / 2,
    height,
  };
}

const text = (x, y, content, kind) => `<text x="${round(x)}" y="${round(y)}" class="${kind}">${content}</text>`;
const line = (x1, y1, x2, y2, kind) =>
  `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" class="${kind}"/>`;

// Round steps for an axis from low to high, so many at most.
function ticks(low, high, most) {
  const raw = (high - low) / most;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((each) => each * unit).find((each) => each >= raw);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(k * step);
  return found;
}

// A tick is a multiple of 1, 2 or 5 times a power of ten: two digits hold it.
const plain = (value) =>
  Math.abs(value) >= 0.001 && Math.abs(value) < 10000
    ? String(Number(value.toPrecision(3))).replace("-", "−")
    : laboratory.number(value).replace(".0\u00a0×", "\u00a0×");

// The decades of a logarithmic axis, in steps that do not change with every movement of a slider.
function decades(values, most = 5) {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  const least = logs.length ? Math.min(...logs) : 0;
  const highest = logs.length ? Math.max(...logs) : 0;
  const step = [1, 2, 5, 10, 20, 50, 100].find((each) => (highest - least) / each <= most) ?? 200;
  const low = step * Math.floor(least / step - 0.1);
  const high = step * Math.ceil(highest / step + 0.1);
  return { low, high, step };
}

const APART = 12; // pixels between two words

// The names of lines at their ends, each: index, x, y, name; what would stand on another moves down.
function names(places, bottom) {
  const sorted = [...places].sort((a, b) => a.y - b.y);
  sorted.forEach((place, at) => {
    const above = sorted[at - 1];
    if (above && Math.abs(place.x - above.x) < APART) place.y = Math.max(place.y, above.y + APART);
  });
  const over = Math.max(0, ...sorted.map(({ y }) => y - bottom));
  return places.map(({ index, x, y, name }) => text(x, y - over, name, `name n${index}`)).join("");
}

// A drawing in layers, the lowest first, each an SVG text: one that stays as it is is not set again.
const layersOf = new WeakMap();

function put(svg, ...layers) {
  const before = layersOf.get(svg) ?? layers.map(() => null);
  if (!layersOf.has(svg)) svg.innerHTML = "<g></g>".repeat(layers.length);
  layers.forEach((layer, index) => {
    if (layer !== before[index]) svg.children[index].innerHTML = layer;
  });
  layersOf.set(svg, layers);
}

// The rule at which a drawing is read.
function mark(svg, x, { top, bottom }) {
  svg.querySelector(".cursor").setAttribute("d", `M${round(x)} ${top}V${bottom}`);
}

laboratory.axes = { round, frame, text, line, ticks, plain, decades, names, put, mark };
