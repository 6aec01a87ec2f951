// A dense network at initialization: a batch forward and back, and what analysis/training/probes.py
// measures. Signals are held in double precision, which no setting of the controls leaves.

const laboratory = (globalThis.laboratory ??= {});

const { flat: FLAT } = laboratory.rules; // a slope below this passes hardly any gradient on
const WORK = 30e6; // products of one pass forward: bigger networks see fewer images
const FEWEST = 8;

// How many images a network is shown: all of them, or as many as it can take at once.
laboratory.imagesFor = (shapes, available) => {
  const weights = shapes.reduce((sum, [fanIn, fanOut]) => sum + fanIn * fanOut, 0);
  const fit = 4 * Math.floor(WORK / weights / 4);
  return Math.max(Math.min(FEWEST, available), Math.min(available, fit));
};

// p − y in every row: the gradient of each image's own cross-entropy with respect to its logits.
function lossGradient(logits, labels, rows, classes) {
  const delta = new Float64Array(rows * classes);
  for (let n = 0; n < rows; n++) {
    const row = logits.subarray(n * classes, (n + 1) * classes);
    const top = row.reduce((a, b) => Math.max(a, b));
    let total = 0;
    for (let k = 0; k < classes; k++) total += delta[n * classes + k] = Math.exp(row[k] - top);
    for (let k = 0; k < classes; k++) delta[n * classes + k] /= total;
    delta[n * classes + labels[n]] -= 1;
  }
  return delta;
}

// One batch forward through a network. Every layer: sums, activations and slopes, each (rows, units);
// the last layer is linear. `weigh(index)` are the weights of a layer by unit, `shift(index)` its biases.
laboratory.forth = function* ({ pixels, rows, shapes, scale, activation, weigh, shift }) {
  const { value, slope } = laboratory.ACTIVATIONS[activation];
  const layers = [];
  let signal = pixels;
  for (const [index, [fanIn, fanOut]] of shapes.entries()) {
    const last = index === shapes.length - 1;
    const sums = new Float64Array(rows * fanOut);
    yield* laboratory.product(weigh(index), fanIn, fanOut, signal, rows, scale(index), sums);
    const biases = shift?.(index);
    if (biases) for (let at = 0; at < sums.length; at++) sums[at] += biases[at % fanOut];
    const activations = last ? sums : new Float64Array(sums.length);
    const slopes = new Float64Array(sums.length).fill(1);
    if (!last) {
      for (let at = 0; at < sums.length; at++) {
        activations[at] = value(sums[at]);
        slopes[at] = slope(sums[at]);
      }
    }
    layers.push({ units: fanOut, sums, activations, slopes });
    signal = activations;
    yield;
  }
  return layers;
};

// And back: every layer gets the gradients (rows, units) of each row's own loss by its sums.
// `feed(index)` are the weights of a layer by input.
laboratory.back = function* ({ layers, labels, rows, shapes, scale, feed }) {
  const top = layers.at(-1);
  top.gradients = lossGradient(top.sums, labels, rows, top.units);
  for (let index = shapes.length - 2; index >= 0; index--) {
    const [fanIn, fanOut] = shapes[index + 1];
    const { slopes } = layers[index];
    const gradients = new Float64Array(slopes.length);
    const above = layers[index + 1].gradients;
    yield* laboratory.product(feed(index + 1), fanOut, fanIn, above, rows, scale(index + 1), gradients);
    for (let at = 0; at < slopes.length; at++) gradients[at] *= slopes[at];
    layers[index].gradients = gradients;
    yield;
  }
};

function meanSquare(values) {
  let total = 0;
  for (let at = 0; at < values.length; at++) total += values[at] * values[at];
  return total / values.length;
}

// Share of the units that are zero for every image.
function deadShare({ activations, units }) {
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    let at = unit;
    while (at < activations.length && activations[at] === 0) at += units;
    dead += at >= activations.length;
  }
  return dead / units;
}

// Share of the sums' mean square that differs between images: the rest is the same for all of them.
function differingShare({ sums, units }, total) {
  const rows = sums.length / units;
  let differing = 0;
  for (let unit = 0; unit < units; unit++) {
    let mean = 0;
    for (let at = unit; at < sums.length; at += units) mean += sums[at] / rows;
    for (let at = unit; at < sums.length; at += units) differing += (sums[at] - mean) ** 2;
  }
  return total > 0 ? differing / sums.length / total : 0;
}

// The statistics of a layer, under the names of the report's columns.
laboratory.statistics = (layer) => {
  let flat = 0;
  for (let at = 0; at < layer.slopes.length; at++) flat += Math.abs(layer.slopes[at]) < FLAT;
  const sumMeanSquare = meanSquare(layer.sums);
  return {
    sum_mean_square: sumMeanSquare,
    mean_square: meanSquare(layer.activations),
    gradient_mean_square: meanSquare(layer.gradients),
    dead_share: deadShare(layer),
    flat_share: flat / layer.slopes.length,
    differing_share: differingShare(layer, sumMeanSquare),
  };
};

// Everything about one setting: shapes, what was measured in every layer, and what theory says.
// `images` bounds the rows; `ahead` leaves out the way back.
laboratory.measuring = function* ({ images, ahead, ...setting }) {
  const { pixels, labels, features, classes } = laboratory.batch;
  const { width, depth, sd, seed, activation } = setting;
  const initializer = laboratory.INITIALIZERS[setting.initializer];
  const shapes = laboratory.shapes({ width, depth, features, classes });
  const variances = shapes.map(([fanIn, fanOut]) => initializer.variance(fanIn, fanOut, sd));
  const rows = Math.min(images ?? Infinity, laboratory.imagesFor(shapes, labels.length));
  const kernels = yield* laboratory.drawing(seed, shapes, initializer.draw);
  const scale = (index) => Math.sqrt(variances[index]);
  const weigh = (index) => kernels[index].byUnit;
  const signals = yield* laboratory.forth({ pixels, rows, shapes, scale, activation, weigh });
  const input = meanSquare(pixels.subarray(0, rows * features));
  const sums = laboratory.forward(shapes, variances, input, activation);
  const found = { shapes, variances, rows, signals, theory: { sums } };
  if (ahead) return { ...found, layers: signals.map((each) => ({ sum_mean_square: meanSquare(each.sums) })) };
  const feed = (index) => kernels[index].byInput;
  yield* laboratory.back({ layers: signals, labels, rows, shapes, scale, feed });
  found.layers = [];
  for (const each of signals) {
    found.layers.push(laboratory.statistics(each));
    yield;
  }
  const output = found.layers.at(-1).gradient_mean_square;
  found.theory.gradients = laboratory.backward(shapes, variances, sums, activation, output);
  return found;
};

laboratory.measure = (setting) => laboratory.finished(laboratory.measuring(setting));
