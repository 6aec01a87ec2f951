// Training as Keras does it: the mean cross-entropy of a batch, and an optimizer's step against its
// gradient. Weights lie input by input, (fan_in, fan_out), as kernels do in Keras; all is in double
// precision.

const laboratory = (globalThis.laboratory ??= {});

// How each optimizer changes values by their gradients, by the names of Keras; `kept` are arrays of
// its own as long as the values, and `step` counts from one.
const OPTIMIZERS = {
  SGD: ({ learning_rate: rate, momentum = 0, nesterov = false }) => (values, gradients, [speed]) => {
    for (let at = 0; at < values.length; at++) {
      const push = rate * gradients[at];
      speed[at] = momentum * speed[at] - push;
      values[at] += nesterov ? momentum * speed[at] - push : speed[at];
    }
  },
  Adam: (parameters) => (values, gradients, [mean, square], step) => {
    const { learning_rate: rate, beta_1: first, beta_2: second, epsilon } = parameters;
    const pace = (rate * Math.sqrt(1 - second ** step)) / (1 - first ** step);
    for (let at = 0; at < values.length; at++) {
      const gradient = gradients[at];
      mean[at] += (gradient - mean[at]) * (1 - first);
      square[at] += (gradient * gradient - square[at]) * (1 - second);
      values[at] -= (pace * mean[at]) / (Math.sqrt(square[at]) + epsilon);
    }
  },
};

laboratory.canLearn = ({ optimizer, parameters }) => Object.hasOwn(OPTIMIZERS, optimizer) && !parameters.amsgrad;

const filled = (length) => new Float64Array(length);

// A network that can learn: its kernels by input, and its biases. `kernels` are flat arrays.
laboratory.learner = ({ shapes, kernels, activation, optimizer, parameters }) => {
  const layers = shapes.map(([fanIn, fanOut], index) => ({
    fanIn,
    fanOut,
    byInput: Float64Array.from(kernels[index]),
    byUnit: filled(fanIn * fanOut),
    biases: filled(fanOut),
    slopes: { kernel: filled(fanIn * fanOut), biases: filled(fanOut) },
    kept: {
      kernel: [filled(fanIn * fanOut), filled(fanIn * fanOut)],
      biases: [filled(fanOut), filled(fanOut)],
    },
  }));
  return { layers, shapes, activation, change: OPTIMIZERS[optimizer](parameters), steps: 0 };
};

// The mean of the losses of all rows in nats, from their logits.
function meanLoss(logits, labels, rows, classes) {
  let total = 0;
  for (let n = 0; n < rows; n++) {
    const row = logits.subarray(n * classes, (n + 1) * classes);
    const top = row.reduce((a, b) => Math.max(a, b));
    const sum = row.reduce((found, each) => found + Math.exp(each - top), 0);
    total += top + Math.log(sum) - row[labels[n]];
  }
  return total / rows;
}

// The gradients of the mean loss by the kernel and the biases of one layer, from what goes into it.
function* slopesOf({ fanIn, fanOut, slopes }, signal, gradients, rows) {
  const { product, transposed } = laboratory;
  const byInput = transposed(signal, rows, fanIn, filled(rows * fanIn));
  const byUnit = transposed(gradients, rows, fanOut, filled(rows * fanOut));
  yield* product(byUnit, rows, fanOut, byInput, fanIn, 1 / rows, slopes.kernel);
  for (let unit = 0; unit < fanOut; unit++) {
    let sum = 0;
    for (let n = 0; n < rows; n++) sum += byUnit[unit * rows + n];
    slopes.biases[unit] = sum / rows;
  }
}

// One batch forward and back: the mean loss of its rows; every layer has the slopes of it then.
laboratory.sloping = function* ({ layers, shapes, activation }, { pixels, labels }) {
  const rows = labels.length;
  for (const { byInput, byUnit, fanIn, fanOut } of layers) laboratory.transposed(byInput, fanIn, fanOut, byUnit);
  yield;
  const pass = {
    pixels, labels, rows, shapes, activation,
    scale: () => 1,
    weigh: (index) => layers[index].byUnit,
    feed: (index) => layers[index].byInput,
    shift: (index) => layers[index].biases,
  };
  const signals = yield* laboratory.forth(pass);
  const loss = meanLoss(signals.at(-1).sums, labels, rows, layers.at(-1).fanOut);
  yield* laboratory.back({ ...pass, layers: signals });
  for (const [index, layer] of layers.entries()) {
    yield* slopesOf(layer, index ? signals[index - 1].activations : pixels, signals[index].gradients, rows);
    yield;
  }
  return loss;
};

// A step on one batch: its loss before the step, as Keras reports it.
laboratory.learning = function* (learner, batch) {
  const loss = yield* laboratory.sloping(learner, batch);
  learner.steps += 1;
  for (const { byInput, biases, slopes, kept } of learner.layers) {
    learner.change(byInput, slopes.kernel, kept.kernel, learner.steps);
    learner.change(biases, slopes.biases, kept.biases, learner.steps);
    yield;
  }
  return loss;
};
