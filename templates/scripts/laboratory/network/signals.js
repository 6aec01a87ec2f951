// A dense network at initialization: a batch forward and back, and what analysis/training/probes.py
// measures. Signals are held in double precision, which no setting of the controls leaves.

const laboratory = (globalThis.laboratory ??= {});

const { flat: FLAT } = laboratory.rules; // a slope below this passes hardly any gradient on
const WORK = 15e6; // products of one pass forward: bigger networks see fewer images
const FEWEST = 8;

// out (rows, fanOut) = scale · signal (rows, fanIn) · kernel, whose entries lie unit by unit. Four
// images and two units at a time, so that every number that is fetched is used more than once.
function product(kernel, fanIn, fanOut, signal, rows, scale, out) {
  for (let n = 0; n < rows; n += 4) {
    const h0 = n * fanIn;
    const h1 = h0 + fanIn;
    const h2 = h1 + fanIn;
    const h3 = h2 + fanIn;
    for (let j = 0; j < fanOut; j += 2) {
      const first = j * fanIn;
      const second = first + fanIn;
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let i = 0; i < fanIn; i++) {
        const a = kernel[first + i];
        const b = kernel[second + i];
        const s0 = signal[h0 + i];
        const s1 = signal[h1 + i];
        const s2 = signal[h2 + i];
        const s3 = signal[h3 + i];
        a0 += a * s0;
        a1 += a * s1;
        a2 += a * s2;
        a3 += a * s3;
        b0 += b * s0;
        b1 += b * s1;
        b2 += b * s2;
        b3 += b * s3;
      }
      const at = n * fanOut + j;
      out[at] = scale * a0;
      out[at + 1] = scale * b0;
      out[at + fanOut] = scale * a1;
      out[at + fanOut + 1] = scale * b1;
      out[at + 2 * fanOut] = scale * a2;
      out[at + 2 * fanOut + 1] = scale * b2;
      out[at + 3 * fanOut] = scale * a3;
      out[at + 3 * fanOut + 1] = scale * b3;
    }
  }
}

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

// One batch through the network and back. Every layer: sums, activations, slopes and gradients, each
// (rows, units); the last layer is linear.
laboratory.propagate = ({ pixels, labels, rows, shapes, variances, activation, kernels }) => {
  const { value, slope } = laboratory.ACTIVATIONS[activation];
  const layers = [];
  let signal = pixels;
  shapes.forEach(([fanIn, fanOut], index) => {
    const last = index === shapes.length - 1;
    const sums = new Float64Array(rows * fanOut);
    const sd = Math.sqrt(variances[index]);
    product(kernels[index].byUnit, fanIn, fanOut, signal, rows, sd, sums);
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
  });
  const top = layers.at(-1);
  top.gradients = lossGradient(top.sums, labels, rows, top.units);
  for (let index = shapes.length - 2; index >= 0; index--) {
    const [fanIn, fanOut] = shapes[index + 1];
    const { slopes } = layers[index];
    const gradients = new Float64Array(slopes.length);
    const sd = Math.sqrt(variances[index + 1]);
    const above = layers[index + 1].gradients;
    product(kernels[index + 1].byInput, fanOut, fanIn, above, rows, sd, gradients);
    for (let at = 0; at < slopes.length; at++) gradients[at] *= slopes[at];
    layers[index].gradients = gradients;
  }
  return layers;
};

function meanSquare(values) {
  let total = 0;
  for (let at = 0; at < values.length; at++) total += values[at] * values[at];
  return total / values.length;
}

// Share of the units that are zero for every image.
function deadShare({ activations, units }) {
  const alive = new Uint8Array(units);
  for (let at = 0; at < activations.length; at++) if (activations[at] !== 0) alive[at % units] = 1;
  return 1 - alive.reduce((a, b) => a + b, 0) / units;
}

// Share of the sums' mean square that differs between images: the rest is the same for all of them.
function differingShare({ sums, units }, total) {
  const means = new Float64Array(units);
  const rows = sums.length / units;
  for (let at = 0; at < sums.length; at++) means[at % units] += sums[at] / rows;
  let differing = 0;
  for (let at = 0; at < sums.length; at++) differing += (sums[at] - means[at % units]) ** 2;
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
laboratory.measure = (setting) => {
  const { pixels, labels, features, classes } = laboratory.batch;
  const { width, depth, sd, seed, activation } = setting;
  const initializer = laboratory.INITIALIZERS[setting.initializer];
  const shapes = laboratory.shapes({ width, depth, features, classes });
  const variances = shapes.map(([fanIn, fanOut]) => initializer.variance(fanIn, fanOut, sd));
  const rows = setting.images ?? laboratory.imagesFor(shapes, labels.length);
  const kernels = laboratory.kernels(seed, shapes, initializer.draw);
  const signals = laboratory.propagate({
    pixels, labels, rows, shapes, variances, activation, kernels,
  });
  const layers = signals.map(laboratory.statistics);
  const input = meanSquare(pixels.subarray(0, rows * features));
  const sums = laboratory.forward(shapes, variances, input, activation);
  const output = layers.at(-1).gradient_mean_square;
  const gradients = laboratory.backward(shapes, variances, sums, activation, output);
  return { shapes, variances, rows, signals, layers, theory: { sums, gradients } };
};
