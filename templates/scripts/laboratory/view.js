// The pictures of what was measured, the numbers read off them, and the table.

const laboratory = (globalThis.laboratory ??= {});

const NOTED = 0.001; // a share below this is not written beside a ridge

const element = (id) => document.getElementById(id);

let state = null; // the setting that is shown
let found = null; // what laboratory.measure returns for it
const charts = {};
let near = [];

function shownRidges(values, note, span) {
  const ridges = laboratory.shownLayers(state.depth).map((layer) => ({
    layer,
    histogram: laboratory.histogram(values(found.signals[layer - 1])),
    note: "",
  }));
  const { number, percent } = laboratory;
  for (const each of ridges) {
    const { zeros, rms } = each.histogram;
    each.note = state.own ? `rms ${number(rms)}` : note(each, found.layers[each.layer - 1], zeros, percent);
  }
  return { ridges, span: state.own ? undefined : span(ridges) };
}

// From the lowest to the highest value of the widest layer, zero included.
function widest(ridges) {
  const low = Math.min(0, ...ridges.map(({ histogram }) => histogram.low));
  const high = Math.max(0, ...ridges.map(({ histogram }) => histogram.high));
  return high > low ? [low, high] : [-1, 1];
}

function activationSpan(ridges) {
  return laboratory.ACTIVATIONS[state.activation].bounds ?? widest(ridges);
}

function activationNote(each, layer, zeros, percent) {
  if (laboratory.ACTIVATIONS[state.activation].rectified || zeros === 1) return `${percent(zeros)} zero`;
  return layer.flat_share >= NOTED ? `${percent(layer.flat_share)} flat` : "";
}

function drawRidges() {
  const cursor = Number(element("layer").value);
  const label = state.own ? "in root mean squares of the layer" : "value";
  const signal = shownRidges((layer) => layer.activations, activationNote, activationSpan);
  laboratory.ridges(element("ridges-signal"), { ...signal, label, cursor });
  const gradientNote = (each, layer, zeros, percent) => (zeros >= NOTED ? `${percent(zeros)} zero` : "");
  const gradient = shownRidges((layer) => layer.gradients, gradientNote, widest);
  laboratory.ridges(element("ridges-gradient"), { ...gradient, label, cursor });
}

function drawLines() {
  const column = (name) => found.layers.map((layer) => layer[name]);
  charts.signal = laboratory.byLayer(element("line-signal"), {
    values: column("sum_mean_square"),
    theory: found.theory.sums,
  });
  charts.gradient = laboratory.byLayer(element("line-gradient"), {
    values: column("gradient_mean_square"),
    theory: found.theory.gradients,
  });
}

function read(layer) {
  charts.signal.mark(layer);
  charts.gradient.mark(layer);
  element("layer-shown").textContent = laboratory.layerWords(found, layer);
  const name = layer === found.layers.length ? "logits" : `layer ${layer}`;
  element("layer").setAttribute("aria-valuetext", name);
}

function drawTable() {
  const { number, percent } = laboratory;
  const rows = found.layers.map((layer, index) => {
    const last = index === found.layers.length - 1;
    const cells = [
      number(layer.sum_mean_square),
      number(found.theory.sums[index]),
      number(layer.mean_square),
      number(layer.gradient_mean_square),
      number(found.theory.gradients[index]),
      last ? "–" : percent(layer.dead_share),
      last ? "–" : percent(layer.flat_share),
      percent(layer.differing_share),
    ];
    const name = last ? "logits" : index + 1;
    return `<tr><th scope="row">${name}</th>${cells.map((cell) => `<td class="right">${cell}</td>`).join("")}</tr>`;
  });
  element("table").innerHTML = rows.join("");
  const { initializer, depth, width, activation, seed } = state;
  const units = laboratory.ACTIVATIONS[activation].name;
  element("table-setting").textContent = `${initializer}, ${depth} layers of ${width} ${units} units, seed ${seed}`;
}

function drawNearest() {
  const network = { ...state, gain: state.width * laboratory.hiddenVariance(state) };
  const nearest = laboratory.nearest(laboratory.groups, network);
  laboratory.setText(element("nearest-words"), laboratory.nearestWords(nearest, network));
  const shown = laboratory.shownGroups(nearest);
  if (shown.length && shown.length === near.length && shown.every((each, k) => each === near[k])) return;
  near = shown;
  element("nearest-runs").replaceChildren(
    ...near.map((group, index) => {
      const item = document.createElement("li");
      item.className = `c${index}`;
      const link = document.createElement("a");
      link.href = group.address;
      link.textContent = "its runs";
      link.setAttribute("aria-label", `The runs of ${group.variant} with ${laboratory.groupName(group, near)}`);
      item.append(`${laboratory.groupWords(group)}; `, link);
      return item;
    }),
  );
  drawCurves();
}

// The moments at which any of the curves has a point.
const moments = () => [...new Set(near.flatMap(({ curve }) => curve.map(([at]) => at)))].sort((a, b) => a - b);

function drawCurves() {
  charts.curves = laboratory.curves(element("curves"), near, near[0]?.classes);
  const slider = element("moment");
  const count = moments().length;
  slider.max = Math.max(2, count);
  slider.value = slider.max;
  slider.disabled = count < 2;
  readCurve();
}

function readCurve() {
  const all = moments();
  const at = all[Math.min(all.length, Number(element("moment").value)) - 1];
  if (at === undefined) {
    element("moment-shown").textContent = near.length ? "no curve was recorded" : "no curve to read";
    return;
  }
  charts.curves.mark(at);
  const losses = near.flatMap((group) => {
    const point = group.curve.find(([progress]) => progress === at);
    return point ? [`${laboratory.groupName(group, near)}: ${laboratory.number(point[1], 3)}`] : [];
  });
  const words = `after ${laboratory.given(at)} ${laboratory.plural(at, "epoch")}: ${losses.join(", ")}`;
  element("moment-shown").textContent = words;
  element("moment").setAttribute("aria-valuetext", words);
}

// Shows what was measured in one setting, but for the table, which is not read while a slider moves.
function show(setting, measured) {
  [state, found] = [setting, measured];
  const slider = element("layer");
  slider.max = found.layers.length;
  drawLines();
  drawRidges();
  read(Number(slider.value));
  const words = laboratory.words(found, state.activation);
  element("signal-words").textContent = words.signal;
  element("gradient-words").textContent = words.gradient;
  element("images").textContent = found.rows;
  drawNearest();
}

// What the reader points at in a chart, or reads by a slider.
function listen() {
  const choose = (layer) => {
    element("layer").value = layer;
    read(layer);
  };
  element("layer").addEventListener("input", ({ target }) => {
    read(Number(target.value));
    drawRidges();
  });
  for (const name of ["signal", "gradient"]) {
    element(`line-${name}`).addEventListener("pointermove", (event) => {
      choose(charts[name].layerAt(event.offsetX));
    });
  }
  element("moment").addEventListener("input", readCurve);
  element("curves").addEventListener("pointermove", (event) => {
    const wanted = charts.curves.progressAt(event.offsetX);
    const all = moments();
    const gap = (at) => Math.abs(at - wanted);
    const best = all.reduce((a, b, k) => (gap(b) < gap(all[a]) ? k : a), 0);
    element("moment").value = best + 1;
    readCurve();
  });
}

laboratory.view = { show, listen, drawTable, drawCurves };
