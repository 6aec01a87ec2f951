// Distributions over the layers, one ridge a layer.

const laboratory = (globalThis.laboratory ??= {});

const { round, frame, text, line, ticks, plain, put } = laboratory.axes;

const MOST_BINS = 41;
const SPREADS = 4; // a ridge reaches this many standard deviations from its mean
const MOST_RIDGES = 7;
const HEIGHT = 1.6; // of the highest ridge, in steps from one to the next
const HAIR = 2.5; // pixels: what is narrower is drawn as a stroke
const MARGIN = { left: 30, right: 74, top: 12, bottom: 40 };

// The layers whose distributions are shown: all of a shallow network, seven of a deep one.
laboratory.shownLayers = (depth) => {
  const count = Math.min(depth, MOST_RIDGES);
  const places = Array.from({ length: count }, (_, k) => 1 + (k * (depth - 1)) / (count - 1));
  return [...new Set(places.map(Math.round))];
};

// Shares in bins of the values that are not exactly zero, whose share is told apart: half of the
// outputs of a ReLU layer are, and would hide the rest. `carried` is how many independent values there
// are: the bins are no finer than what so many can fill (Rice's rule).
laboratory.histogram = (values, carried = values.length) => {
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
  const bins = Math.max(1, Math.min(MOST_BINS, Math.round(2 * Math.cbrt(carried * (1 - zeros)))));
  const shares = new Array(bins).fill(0);
  const scale = high > low ? bins / (high - low) : 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value === 0 || value < low || value > high) continue;
    shares[Math.min(bins - 1, Math.floor((value - low) * scale))] += 1 / count;
  }
  return { zeros, low, high, rms: Math.sqrt(squares / count), shares };
};

// One ridge a layer, the first at the top. Each: layer, histogram, note (at its right). `span` is
// common to all of them; without it each layer has its own, in its root mean squares.
laboratory.ridges = (svg, { ridges, span, label, cursor }) => {
  const box = frame(svg, MARGIN);
  const step = (box.bottom - box.top) / (ridges.length + HEIGHT - 1);
  const reach = span ?? ownSpan(ridges);
  const across = (value) =>
    box.left + ((value - reach[0]) / (reach[1] - reach[0] || 1)) * (box.right - box.left);
  const grid = ticks(reach[0], reach[1], 4).map(
    (value) =>
      line(across(value), box.top, across(value), box.bottom, "grid") +
      text(across(value), box.bottom + 15, plain(value), "tick middle"),
  );
  const ground = [text(box.middle, box.height - 6, label, "axis middle")];
  const parts = [];
  ridges.forEach(({ layer, histogram, note }, index) => {
    const base = box.top + step * (HEIGHT + index);
    const unit = span ? 1 : histogram.rms || 1;
    const place = (value) => Math.min(box.right, Math.max(box.left, across(value / unit)));
    const chosen = layer === cursor ? " chosen" : "";
    ground.push(line(box.left, base, box.right, base, "base"));
    ground.push(text(box.left - 6, base, layer, `tick end${chosen}`));
    parts.push(ridge(histogram, place, base, step * HEIGHT));
    parts.push(text(box.right + 6, base, note, `tick${chosen}`));
  });
  put(svg, grid.join(""), ground.join(""), parts.join(""));
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
  const width = (to - from) / shares.length;
  const points = shares.map((share, bin) => {
    const y = base - height * Math.min(1, share / top);
    return `L${round(from + width * (bin + 0.5))} ${round(y)}`;
  });
  return `<path d="M${round(from)} ${base}${points.join("")}L${round(to)} ${base}Z" class="ridge"/>`;
}
