// The pictures of what was measured, for one network or for two, and what is said of them.

const laboratory = (globalThis.laboratory ??= {});

const NOTED = 0.001; // a share below this is not written beside a ridge
const COLUMNS = { signal: ["sum_mean_square", "sums"], gradient: ["gradient_mean_square", "gradients"] };
const SECOND = ["", "-b"]; // what the ids of the second network's elements end in

const element = (id) => document.getElementById(id);
const { paint } = laboratory.painter;

let shown = []; // networks: name, setting, found (what laboratory.measuring returns)
let own = 0; // each layer on its own scale
let strip = "signal";
const charts = {};

// How many independent values a layer's values are worth: images that hardly differ count as one.
function carried(values, { units, rows }, { differing_share: share }) {
  return units * (1 + (rows - 1) * Math.min(1, share)) || values.length;
}

function shownRidges({ setting, found }, values, note, span) {
  const { number, percent } = laboratory;
  const ridges = laboratory.shownLayers(setting.depth).map((layer) => {
    const signals = found.signals[layer - 1];
    const worth = carried(signals.sums, { units: signals.units, rows: found.rows }, found.layers[layer - 1]);
    return { layer, histogram: laboratory.histogram(values(signals), worth), note: "" };
  });
  for (const each of ridges) {
    const { zeros, rms } = each.histogram;
    each.note = own ? `rms ${number(rms)}` : note(each, found.layers[each.layer - 1], zeros, percent);
  }
  return { ridges, span: own ? undefined : span(ridges) };
}

// From the lowest to the highest value of the widest layer, zero included.
function widest(ridges) {
  const low = Math.min(0, ...ridges.map(({ histogram }) => histogram.low));
  const high = Math.max(0, ...ridges.map(({ histogram }) => histogram.high));
  return high > low ? [low, high] : [-1, 1];
}

function drawActivations(network, svg) {
  const { bounds, rectified } = laboratory.ACTIVATIONS[network.setting.activation];
  const note = (each, layer, zeros, percent) => {
    if (rectified || zeros === 1) return `${percent(zeros)} zero`;
    return layer.flat_share >= NOTED ? `${percent(layer.flat_share)} flat` : "";
  };
  drawRidges(svg, shownRidges(network, (layer) => layer.activations, note, (ridges) => bounds ?? widest(ridges)));
}

function drawGradients(network, svg) {
  const note = (each, layer, zeros, percent) => (zeros >= NOTED ? `${percent(zeros)} zero` : "");
  drawRidges(svg, shownRidges(network, (layer) => layer.gradients, note, widest));
}

function drawRidges(svg, ridges) {
  const label = own ? "in root mean squares of the layer" : "value";
  laboratory.ridges(svg, { ...ridges, label, cursor: laboratory.reading.layer() });
}

function paintRidges() {
  shown.forEach((network, index) => {
    const signal = element(`ridges-signal${SECOND[index]}`);
    const gradient = element(`ridges-gradient${SECOND[index]}`);
    paint(signal, () => drawActivations(network, signal));
    paint(gradient, () => drawGradients(network, gradient));
  });
}

function series(kind) {
  const [values, theory] = COLUMNS[kind];
  return shown.map(({ name, found }) => ({
    name,
    values: found.layers.map((layer) => layer[values]),
    theory: found.theory[theory],
  }));
}

function paintLines() {
  for (const kind of ["signal", "gradient"]) {
    const svg = element(`line-${kind}`);
    paint(svg, () => {
      charts[kind] = laboratory.byLayer(svg, series(kind));
      charts[kind].mark(laboratory.reading.layer());
    });
  }
  paintStrip();
}

function paintStrip() {
  const svg = element("line-strip");
  paint(svg, () => void laboratory.byLayer(svg, series(strip), { small: true }));
  const words = shown.map(({ name, setting, found }) => {
    const sd = laboratory.number(Math.sqrt(laboratory.hiddenVariance(setting)), 3);
    return `${shown.length > 1 ? `${name}: ` : ""}sd ${sd}, ${strip} ${laboratory.fate(found, strip)}`;
  });
  element("strip-words").textContent = words.join("; ");
  for (const button of document.querySelectorAll("[data-strip]")) {
    button.setAttribute("aria-pressed", button.dataset.strip === strip);
  }
}

// A sentence into its box, after the name of its network where there are two.
function say(id, sentence, name) {
  const bold = document.createElement("b");
  bold.textContent = `${name}:`;
  element(id).replaceChildren(...(name ? [bold, ` ${sentence}`] : [sentence]));
}

function tell() {
  const both = shown.length > 1;
  for (const each of document.querySelectorAll("[data-second]")) each.hidden = !both;
  for (const each of document.querySelectorAll("[data-first]")) each.hidden = !both;
  shown.forEach(({ name, setting, found }, index) => {
    const words = laboratory.words(found, setting.activation);
    say(`signal-words${SECOND[index]}`, words.signal, both && name);
    say(`gradient-words${SECOND[index]}`, words.gradient, both && name);
  });
  const rows = shown.map(({ found }) => found.rows);
  element("images").textContent =
    new Set(rows).size > 1 ? shown.map(({ name, found }) => `${found.rows} (${name})`).join(" and ") : rows[0];
}

// Shows what was measured, but for the table, which is not read while a slider moves: then the lines
// and the words answer at once, and the ridges with the next frame.
function show(networks, scale, moving) {
  [shown, own] = [networks, scale];
  tell();
  laboratory.reading.show(shown, charts);
  paintLines();
  if (moving) requestAnimationFrame(paintRidges);
  else paintRidges();
}

function listen() {
  for (const svg of document.querySelectorAll(".bench svg")) laboratory.painter.watch(svg);
  for (const button of document.querySelectorAll("[data-strip]")) {
    button.addEventListener("click", () => {
      strip = button.dataset.strip;
      paintStrip();
    });
  }
}

laboratory.pictures = { show, listen, paintRidges };
