// The page of the laboratory: controls, what they change, and the address that remembers them.

const laboratory = (globalThis.laboratory ??= {});

const REST = 350; // ms without a change, after which it is written down and spoken
const NOTED = 0.001; // a share below this is not written beside a ridge

const element = (id) => document.getElementById(id);

const { START, RANGES, within } = laboratory.setting;

let state = { ...START };
let found = null; // of the state: what laboratory.measure returns
let charts = {};
let near = [];
let groups = [];
let waiting = 0;
let resting = 0;

// A hash such as #stored is a place on the page and no setting.
const named = (hash) => hash.includes("=");

// Var(W) of a hidden layer that is as wide as its input.
function hiddenVariance() {
  const { initializer, width, sd } = state;
  return laboratory.INITIALIZERS[initializer].variance(width, width, sd);
}

// Drawing

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
  if (state.activation === "tanh") return [-1, 1];
  if (state.activation === "sigmoid") return [0, 1];
  return widest(ridges);
}

function activationNote(each, layer, zeros, percent) {
  if (state.activation === "relu" || zeros === 1) return `${percent(zeros)} zero`;
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
  const gain = state.width * hiddenVariance();
  const network = { ...state, gain };
  const nearest = laboratory.nearest(groups, network);
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
  const words = `after ${laboratory.given(at)} epoch${at === 1 ? "" : "s"}: ${losses.join(", ")}`;
  element("moment-shown").textContent = words;
  element("moment").setAttribute("aria-valuetext", words);
}

// From state to picture

function showControls() {
  const { number } = laboratory;
  const variance = hiddenVariance();
  const sd = Math.sqrt(variance);
  for (const name of ["initializer", "activation", "width", "depth", "seed"]) {
    if (element(name) !== document.activeElement || element(name).type !== "number") {
      element(name).value = state[name];
    }
  }
  element("own").checked = Boolean(state.own);
  element("sd").value = Math.log10(Math.max(sd, RANGES.sd[0]));
  element("sd").setAttribute("aria-valuetext", number(sd, 3));
  element("sd-shown").textContent = number(sd, 3);
  element("depth-shown").textContent = `${state.depth} layers`;
  element("width-shown").textContent = `${state.width} units`;
  laboratory.setText(
    element("gain"),
    `σ_w² = ${number(state.width * variance, 3)} in the hidden layers`,
  );
  for (const button of document.querySelectorAll("[data-state]")) {
    const same = laboratory.write({ ...state, seed: START.seed, own: 0 });
    const pressed = laboratory.write(laboratory.parse(button.dataset.state)) === same;
    button.setAttribute("aria-pressed", pressed);
  }
}

function draw() {
  waiting = 0;
  const start = performance.now();
  found = laboratory.measure(state);
  const measured = performance.now();
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
  showControls();
  laboratory.took = { compute: measured - start, draw: performance.now() - measured };
}

// What can wait until the reader pauses: the address, the table, and what is said aloud.
function rest() {
  resting = 0;
  const hash = `#${laboratory.write(state)}`;
  if (hash !== location.hash) history.replaceState(null, "", hash);
  drawTable();
  element("status").textContent =
    `${element("signal-words").textContent} ${element("gradient-words").textContent}`;
}

// At most one computation a frame, however fast a slider moves.
function change(values) {
  state = { ...state, ...values };
  if (!waiting) waiting = requestAnimationFrame(draw);
  clearTimeout(resting);
  resting = setTimeout(rest, REST);
}

function listen() {
  element("initializer").addEventListener("input", ({ target }) => {
    // RandomNormal takes over from the standard deviation that is on show.
    const sd = within("sd", Math.sqrt(hiddenVariance()) || START.sd);
    change({ initializer: target.value, ...(target.value === "RandomNormal" && { sd }) });
  });
  element("sd").addEventListener("input", ({ target }) =>
    change({ initializer: "RandomNormal", sd: 10 ** Number(target.value) }),
  );
  element("activation").addEventListener("input", ({ target }) => change({ activation: target.value }));
  for (const name of ["width", "depth"]) {
    element(name).addEventListener("input", ({ target }) => change({ [name]: Number(target.value) }));
  }
  element("seed").addEventListener("input", ({ target }) => {
    const seed = Number.parseInt(target.value, 10);
    if (Number.isFinite(seed)) change({ seed: within("seed", seed) });
  });
  // While it is typed the field is left as it is; when it is done it shows the seed that is drawn.
  element("seed").addEventListener("change", ({ target }) => {
    target.value = state.seed;
  });
  element("again").addEventListener("click", () => change({ seed: (state.seed % RANGES.seed[1]) + 1 }));
  element("own").addEventListener("input", ({ target }) => change({ own: Number(target.checked) }));
  element("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-state]")) {
    button.addEventListener("click", () => change(laboratory.parse(button.dataset.state)));
  }
  addEventListener("hashchange", () => {
    if (named(location.hash)) change(laboratory.parse(location.hash));
  });
}

function listenToReaders() {
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

function unpack() {
  const data = JSON.parse(element("laboratory-data").textContent);
  const bytes = Uint8Array.from(atob(data.batch.pixels), (character) => character.charCodeAt(0));
  laboratory.batch = { ...data.batch, pixels: Float64Array.from(bytes, (byte) => byte / 255) };
  groups = data.groups;
}

if (element("laboratory-data")) {
  unpack();
  if (named(location.hash)) state = laboratory.parse(location.hash);
  listen();
  listenToReaders();
  element("bench").hidden = false;
  draw();
  drawTable();
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return; // a phone's address bar comes and goes
    width = innerWidth;
    drawCurves();
    change({});
  });
}
