// From a setting to its pictures. While a slider moves they are made of few images, within the frame;
// when it rests they are made of all, in slices. What is measured is kept until its network changes.

const laboratory = (globalThis.laboratory ??= {});

const { few: FEW } = laboratory.rules; // images while a slider moves
const PAUSE = 160; // ms without a movement, after which all images are taken
const NAMES = ["A", "B"];

const element = (id) => document.getElementById(id);
const { inSlices, finished } = laboratory;

let setting = null;
let chosen = 0;
let kept = []; // what each network was measured as: key, found
let frame = 0;
let pause = 0;
let busy = false; // what is on show is not yet that of all images
let calm = true; // no slider moves
let end = () => {};

const keyOf = (network) => JSON.stringify([network, setting.seed]);

// Measures each network that was not measured so before, on so many images at most.
function* measured(images = Infinity) {
  const { networks, seed } = setting;
  const found = [];
  for (const [index, network] of networks.entries()) {
    const key = keyOf(network);
    const known = kept.find((each) => each.key === key && each.images >= images);
    found[index] = known ?? { key, images, found: yield* laboratory.measuring({ ...network, seed, images }) };
  }
  return found;
}

function draw(found, moving = false) {
  const start = performance.now();
  kept = found;
  const shown = setting.networks.map((each, index) => {
    return { name: NAMES[index], setting: each, found: kept[index].found };
  });
  laboratory.pictures.show(shown, setting.own, moving);
  laboratory.took = { ...laboratory.took, draw: performance.now() - start };
}

// All images; then, if the reader rests, what nobody waits for.
function refine() {
  pause = 0;
  end = inSlices(measured(), (found) => {
    busy = false;
    draw(found);
    if (calm) settle();
  });
}

// The kernels that the slider of the standard deviation will scale: it must not wait for them.
function prepare() {
  const { features, classes } = laboratory.batch;
  const { draw: shape } = laboratory.INITIALIZERS[laboratory.setting.FREE];
  const shapes = laboratory.shapes({ ...setting.networks[chosen], features, classes });
  end = inSlices(laboratory.drawing(setting.seed, shapes, shape), () => {});
}

function settle() {
  laboratory.recorded.show(setting, chosen);
  laboratory.advice(setting.networks[chosen]);
  laboratory.reading.drawTable(chosen, setting.seed);
  prepare();
  element("status").textContent = [...document.querySelectorAll(".words p:not([hidden])")]
    .map((each) => each.textContent)
    .join(" ");
}

// Shows a setting; at most one computation a frame, however fast a slider moves.
function show(wanted, which, moving) {
  [setting, chosen] = [wanted, which];
  end();
  clearTimeout(pause);
  cancelAnimationFrame(frame);
  [busy, calm] = [true, !moving];
  if (!moving) return refine();
  frame = requestAnimationFrame(() => {
    const start = performance.now();
    const found = finished(measured(FEW));
    laboratory.took = { compute: performance.now() - start };
    draw(found, true);
    pause = setTimeout(refine, PAUSE);
  });
}

// The slider that moved has come to rest.
function rest() {
  calm = true;
  if (!busy) settle();
}

function listen() {
  laboratory.pictures.listen();
  laboratory.reading.listen();
  laboratory.recorded.listen();
  element("by-layer").addEventListener("toggle", () => laboratory.reading.drawTable(chosen, setting.seed));
  addEventListener("laboratory-resize", () => kept.length && draw(kept));
}

laboratory.bench = { show, rest, listen };
