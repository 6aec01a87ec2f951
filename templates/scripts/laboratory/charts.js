// Drawings of the laboratory, as SVG in CSS pixels. Colours come from the style sheet by class, so
// that they follow the theme; every drawing replaces the one before it.

const laboratory = (globalThis.laboratory ??= {});

const BINS = 41;
const SPREADS = 4; // a ridge reaches this many standard deviations from its mean
const MOST_RIDGES = 7;
const HEIGHT = 1.6; // of the highest ridge, in steps from one to the next
const HAIR = 2.5; // pixels: what is narrower is drawn as a stroke
const MARGIN = { left: 46, right: 12, top: 10, bottom: 40 };
const RIDGE_MARGIN = { ...MARGIN, left: 30, right: 74, top: 12 };

const round = (value) => Math.round(value * 10) / 10;

function frame(svg, margin) {
  const width = svg.clientWidth || 320;
  const height = svg.clientHeight || 240;
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

const whole = (values) => values.filter((value) => Number.isInteger(value) && value > 0);

// The layers whose distributions are shown: all of a shallow network, seven of a deep one.
laboratory.shownLayers = (depth) => {
  const count = Math.min(depth, MOST_RIDGES);
  const places = Array.from({ length: count }, (_, k) => 1 + (k * (depth - 1)) / (count - 1));
  return [...new Set(places.map(Math.round))];
};

// Shares in bins of the values that are not exactly zero, whose share is told apart: half of the
// outputs of a ReLU layer are, and would hide the rest.
laboratory.histogram = (values) => {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let least = Infinity;
  let most = -Infinity;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value === 0) continue;
    count += 1;
    sum += value;
    squares += value * value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const zeros = 1 - count / values.length;
  if (!count) return { zeros, low: 0, high: 0, rms: 0, shares: [] };
  const mean = sum / count;
  const sd = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const low = Math.max(least, mean - SPREADS * sd);
  const high = Math.min(most, mean + SPREADS * sd);
  const shares = new Array(BINS).fill(0);
  const scale = high > low ? BINS / (high - low) : 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value === 0 || value < low || value > high) continue;
    shares[Math.min(BINS - 1, Math.floor((value - low) * scale))] += 1 / count;
  }
  return { zeros, low, high, rms: Math.sqrt(squares / count), shares };
};

// One ridge a layer, the first at the top. Each: layer, histogram, note (at its right). `span` is
// common to all of them; without it each layer has its own, in its root mean squares.
laboratory.ridges = (svg, { ridges, span, label, cursor }) => {
  const box = frame(svg, RIDGE_MARGIN);
  const step = (box.bottom - box.top) / (ridges.length + HEIGHT - 1);
  const reach = span ?? ownSpan(ridges);
  const across = (value) =>
    box.left + ((value - reach[0]) / (reach[1] - reach[0] || 1)) * (box.right - box.left);
  const parts = ticks(reach[0], reach[1], 4).map(
    (value) =>
      line(across(value), box.top, across(value), box.bottom, "grid") +
      text(across(value), box.bottom + 15, plain(value), "tick middle"),
  );
  ridges.forEach(({ layer, histogram, note }, index) => {
    const base = box.top + step * (HEIGHT + index);
    const unit = span ? 1 : histogram.rms || 1;
    const place = (value) => Math.min(box.right, Math.max(box.left, across(value / unit)));
    const chosen = layer === cursor ? " chosen" : "";
    parts.push(line(box.left, base, box.right, base, "base"));
    parts.push(ridge(histogram, place, base, step * HEIGHT));
    parts.push(text(box.left - 6, base, layer, `tick end${chosen}`));
    parts.push(text(box.right + 6, base, note, `tick${chosen}`));
  });
  parts.push(text(box.middle, box.height - 6, label, "axis middle"));
  svg.innerHTML = parts.join("");
};

function ownSpan(ridges) {
  const reaches = ridges.filter(({ histogram: { rms } }) => rms > 0);
  const low = Math.min(0, ...reaches.map(({ histogram: { low, rms } }) => low / rms));
  const high = Math.max(0, ...reaches.map(({ histogram: { high, rms } }) => high / rms));
  return high > low ? [low, high] : [-1, 1];
}

// A spike that stands alone is cut at the second highest bin, or it would flatten the rest.
function ridge({ low, high, shares }, place, base, height) {
  const from = place(low);
  const to = place(high);
  if (to - from < HAIR) {
    const middle = (from + to) / 2;
    return line(middle, base, middle, base - height, "stroke");
  }
  const top = [...shares].sort((a, b) => b - a)[1] || 1;
  const width = (to - from) / BINS;
  const points = shares.map((share, bin) => {
    const y = base - height * Math.min(1, share / top);
    return `L${round(from + width * (bin + 0.5))} ${round(y)}`;
  });
  return `<path d="M${round(from)} ${base}${points.join("")}L${round(to)} ${base}Z" class="ridge"/>`;
}

// A tick is a multiple of 1, 2 or 5 times a power of ten: two digits hold it.
const plain = (value) =>
  Math.abs(value) >= 0.001 && Math.abs(value) < 10000
    ? String(Number(value.toPrecision(3))).replace("-", "−")
    : laboratory.number(value).replace(".0\u00a0×", "\u00a0×");

// The decades of a logarithmic axis, in steps that do not change with every movement of a slider.
function decades(values) {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  const least = logs.length ? Math.min(...logs) : 0;
  const most = logs.length ? Math.max(...logs) : 0;
  const step = [1, 2, 5, 10, 20, 50, 100].find((each) => (most - least) / each <= 5) ?? 200;
  const low = step * Math.floor(least / step - 0.1);
  const high = step * Math.ceil(most / step + 0.1);
  return { low, high, step };
}

const powerText = (exponent) =>
  exponent >= -2 && exponent <= 3 ? String(Number((10 ** exponent).toPrecision(1))) : `10${laboratory.power(exponent)}`;

// Dots and theory's line over the layers, on a logarithmic axis; an exact zero has a row below it.
laboratory.byLayer = (svg, { values, theory }) => {
  const box = frame(svg, MARGIN);
  const { low, high, step } = decades([...values, ...theory]);
  const zeros = [...values, ...theory].some((value) => value === 0);
  const floor = zeros ? box.bottom - 18 : box.bottom;
  const across = (layer) => box.left + ((layer - 0.5) / values.length) * (box.right - box.left);
  const up = (value) =>
    value === 0 ? box.bottom : floor - ((Math.log10(value) - low) / (high - low)) * (floor - box.top);
  const parts = [];
  for (let at = low; at <= high; at += step) {
    const y = floor - ((at - low) / (high - low)) * (floor - box.top);
    parts.push(line(box.left, y, box.right, y, "grid"));
    parts.push(text(box.left - 6, y + 4, powerText(at), "tick end"));
  }
  if (zeros) {
    parts.push(line(box.left, box.bottom, box.right, box.bottom, "grid"));
    parts.push(text(box.left - 6, box.bottom + 4, "0", "tick end"));
  }
  for (const layer of new Set([1, ...whole(ticks(0, values.length, 6))])) {
    parts.push(text(across(layer), box.bottom + 16, layer, "tick middle"));
  }
  // An exact zero has no place on a logarithm: a stroke of its own in its row, joined to nothing.
  const joined = theory.map((value, index) => {
    const [x, y] = [across(index + 1), up(value)].map(round);
    if (value === 0) return `M${round(x - 4)} ${y}h8`;
    return `${index && theory[index - 1] !== 0 ? "L" : "M"}${x} ${y}`;
  });
  const dots = values.map((value, index) => `M${round(across(index + 1))} ${round(up(value))}h0`);
  parts.push('<path class="cursor"/>');
  parts.push(`<path d="${joined.join("")}" class="theory"/>`);
  parts.push(`<path d="${dots.join("")}" class="dots${values.length > 30 ? " small" : ""}"/>`);
  parts.push(text(box.middle, box.height - 6, "Layer, the last one the logits", "axis middle"));
  svg.innerHTML = parts.join("");
  return {
    layerAt: (x) =>
      Math.min(values.length, Math.max(1, Math.ceil(((x - box.left) / (box.right - box.left)) * values.length))),
    mark: (layer) =>
      svg
        .querySelector(".cursor")
        .setAttribute("d", `M${round(across(layer))} ${box.top}V${box.bottom}`),
  };
};

// Training loss over epochs, a line a group; the dashed rule is the loss of guessing among so many
// classes, and is left out where there is nothing to compare with it.
laboratory.curves = (svg, groups, classes) => {
  const box = frame(svg, MARGIN);
  const points = groups.flatMap((group) => group.curve);
  const guess = Math.log(classes ?? laboratory.batch.classes);
  const end = Math.max(1, ...points.map(([progress]) => progress));
  const most = Math.max(guess * 1.15, ...points.map(([, loss]) => loss)) * 1.02;
  const across = (progress) => box.left + (progress / end) * (box.right - box.left);
  const up = (loss) => box.bottom - (loss / most) * (box.bottom - box.top);
  const parts = ticks(0, most, 5).map(
    (loss) =>
      line(box.left, up(loss), box.right, up(loss), "grid") +
      text(box.left - 6, up(loss) + 4, plain(loss), "tick end"),
  );
  for (const progress of ticks(0, end, 5)) {
    parts.push(text(across(progress), box.bottom + 16, Number(progress.toPrecision(3)), "tick middle"));
  }
  parts.push('<path class="cursor"/>');
  if (classes) {
    parts.push(line(box.left, up(guess), box.right, up(guess), "guess"));
    parts.push(text(box.left + 4, up(guess) - 5, "guessing", "tick"));
  }
  groups.forEach(({ curve }, index) => {
    if (!curve.length) return;
    const path = curve.map(([progress, loss]) => `${round(across(progress))} ${round(up(loss))}`);
    parts.push(`<path d="M${path.join("L")}" class="curve c${index}"/>`);
    parts.push(`<path d="${path.map((at) => `M${at}h0`).join("")}" class="marks c${index}"/>`);
  });
  if (!points.length) parts.push(text(box.middle, (box.top + box.bottom) / 2, "no curve", "axis middle"));
  parts.push(text(box.middle, box.height - 6, "Epochs of training", "axis middle"));
  svg.innerHTML = parts.join("");
  return {
    progressAt: (x) => ((x - box.left) / (box.right - box.left)) * end,
    mark: (progress) =>
      svg
        .querySelector(".cursor")
        .setAttribute("d", `M${round(across(progress))} ${box.top}V${box.bottom}`),
  };
};
