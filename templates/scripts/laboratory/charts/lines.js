// Mean squares over the layers, on a logarithmic axis, of one network or of two.

const laboratory = (globalThis.laboratory ??= {});

const { round, frame, text, line, ticks, decades, names, put } = laboratory.axes;

const MARGIN = { left: 46, right: 20, top: 10, bottom: 40 };
const SMALL = { left: 40, right: 20, top: 8, bottom: 20 }; // of a drawing without words at its axis
const ROW = 18; // pixels of the row in which an exact zero stands
const MANY = 30; // layers, whose marks are smaller

const whole = (values) => values.filter((value) => Number.isInteger(value) && value > 0);

const powerText = (exponent) =>
  exponent >= -2 && exponent <= 3
    ? String(Number((10 ** exponent).toPrecision(1)))
    : `10${laboratory.power(exponent)}`;

// A dot for the first network, a hollow square for the second.
const SHAPES = [
  (x, y) => `M${x} ${y}h0`,
  (x, y, small) => (small ? `M${x - 2} ${y - 2}h4v4h-4z` : `M${x - 3} ${y - 3}h6v6h-6z`),
];

// Theory's line; an exact zero has no place on a logarithm: a stroke in its row, joined to nothing.
function joined(theory, across, up) {
  const parts = theory.map((value, index) => {
    const [x, y] = [across(index + 1), up(value)].map(round);
    if (value === 0) return `M${round(x - 4)} ${y}h8`;
    return `${index && theory[index - 1] !== 0 ? "L" : "M"}${x} ${y}`;
  });
  return parts.join("");
}

// Each of the series: values, theory, and name where there are two. An exact zero has a row below.
laboratory.byLayer = (svg, series, { small } = {}) => {
  const box = frame(svg, small ? SMALL : MARGIN);
  const all = series.flatMap(({ values, theory }) => [...values, ...theory]);
  const { low, high, step } = decades(all, small ? 3 : 5);
  const zeros = all.includes(0);
  const floor = zeros ? box.bottom - ROW : box.bottom;
  const most = Math.max(...series.map(({ values }) => values.length));
  const across = (layer) => box.left + ((layer - 0.5) / most) * (box.right - box.left);
  const up = (value) =>
    value === 0 ? box.bottom : floor - ((Math.log10(value) - low) / (high - low)) * (floor - box.top);
  const ground = [];
  for (let at = low; at <= high; at += step) {
    const y = floor - ((at - low) / (high - low)) * (floor - box.top);
    ground.push(line(box.left, y, box.right, y, "grid"), text(box.left - 6, y + 4, powerText(at), "tick end"));
  }
  if (zeros) {
    ground.push(line(box.left, box.bottom, box.right, box.bottom, "grid"));
    ground.push(text(box.left - 6, box.bottom + 4, "0", "tick end"));
  }
  for (const layer of new Set([1, ...whole(ticks(0, most, 6))])) {
    ground.push(text(across(layer), box.bottom + 16, layer, "tick middle"));
  }
  if (!small) ground.push(text(box.middle, box.height - 6, "Layer, the last one the logits", "axis middle"));
  const parts = [];
  series.forEach(({ values, theory }, index) => {
    const many = values.length > MANY;
    const marks = values.map((value, at) => SHAPES[index](round(across(at + 1)), round(up(value)), many));
    parts.push(`<path d="${joined(theory, across, up)}" class="theory n${index}"/>`);
    parts.push(`<path d="${marks.join("")}" class="dots n${index}${many ? " small" : ""}"/>`);
  });
  if (series.length > 1) {
    const ends = series.map(({ values, name }, index) => {
      return { index, name, x: across(values.length) + 8, y: up(values.at(-1)) + 4 };
    });
    parts.push(names(ends, box.bottom));
  }
  put(svg, ground.join(""), '<path class="cursor"/>', parts.join(""));
  const share = (x) => (x - box.left) / (box.right - box.left);
  return {
    layerAt: (x) => Math.min(most, Math.max(1, Math.ceil(share(x) * most))),
    mark: (layer) => laboratory.axes.mark(svg, across(layer), box),
  };
};
