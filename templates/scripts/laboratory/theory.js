// What theory says of a wide network: the recursions of analysis/theory.py, written a second time.
// Each file of the laboratory keeps its names to itself and shares this one object.

const laboratory = (globalThis.laboratory ??= {});

const REACH = 9; // standard deviations over which the normal density is integrated
const NODES = 96; // on either side of zero, where some activations have a kink
const LEAK = 0.2; // slope of Keras's leaky_relu below zero
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

const logistic = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : 1 - 1 / (1 + Math.exp(z)));

// Every activation with its slope, by its Keras name.
laboratory.ACTIVATIONS = {
  relu: { name: "ReLU", value: (z) => (z > 0 ? z : 0), slope: (z) => (z > 0 ? 1 : 0) },
  leaky_relu: {
    name: "leaky ReLU",
    value: (z) => (z > 0 ? z : LEAK * z),
    slope: (z) => (z > 0 ? 1 : LEAK),
  },
  tanh: { name: "tanh", value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2 },
  sigmoid: { name: "sigmoid", value: logistic, slope: (z) => logistic(z) * logistic(-z) },
  selu: {
    name: "SELU",
    value: (z) => SELU_SCALE * (z > 0 ? z : SELU_ALPHA * Math.expm1(z)),
    slope: (z) => SELU_SCALE * (z > 0 ? 1 : SELU_ALPHA * Math.exp(z)),
  },
  linear: { name: "linear", value: (z) => z, slope: () => 1 },
};

// Every initializer: from which distribution it draws, and the variance of one weight.
laboratory.INITIALIZERS = {
  Zeros: { draw: "normal", variance: () => 0 },
  RandomNormal: { draw: "normal", variance: (fanIn, fanOut, sd) => sd * sd },
  LecunNormal: { draw: "truncated", variance: (fanIn) => 1 / fanIn },
  GlorotNormal: { draw: "truncated", variance: (fanIn, fanOut) => 2 / (fanIn + fanOut) },
  GlorotUniform: { draw: "uniform", variance: (fanIn, fanOut) => 2 / (fanIn + fanOut) },
  HeNormal: { draw: "truncated", variance: (fanIn) => 2 / fanIn },
  Standard: { draw: "uniform", variance: (fanIn) => 1 / (3 * fanIn) },
};

// Points and weights of the average over a standard normal variable: Gauss-Legendre quadrature on
// each half of the axis, the roots of the Legendre polynomial found by Newton's method.
function normalNodes() {
  const nodes = [];
  for (let k = 1; k <= NODES; k++) {
    let x = Math.cos((Math.PI * (k - 0.25)) / (NODES + 0.5));
    let slope = 1;
    for (let step = 0; step < 10; step++) {
      let before = 1;
      let value = x;
      for (let n = 2; n <= NODES; n++) {
        [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      }
      slope = (NODES * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    const z = (REACH / 2) * (x + 1);
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const weight = ((2 / ((1 - x * x) * slope * slope)) * density * REACH) / 2;
    nodes.push([z, weight], [-z, weight]);
  }
  return nodes;
}

const nodes = normalNodes();

// The mean of f(z)² for a normal z of this mean square and mean zero.
function meanSquare(f, q) {
  const sd = Math.sqrt(q);
  let total = 0;
  for (const [z, weight] of nodes) total += weight * f(sd * z) ** 2;
  return total;
}

// The fans of every kernel of a network of `depth` layers of `width`, the output layer last.
laboratory.shapes = ({ width, depth, features, classes }) => [
  [features, width],
  ...Array.from({ length: depth - 1 }, () => [width, width]),
  [width, classes],
];

// The mean squares of the sums z, layer by layer: q = fan_in · Var(W) · E[h²] of the layer below.
laboratory.forward = (shapes, variances, inputMeanSquare, activation) => {
  const phi = laboratory.ACTIVATIONS[activation].value;
  let h = inputMeanSquare;
  return shapes.map(([fanIn], index) => {
    const q = fanIn * variances[index] * h;
    h = index === shapes.length - 1 ? q : meanSquare(phi, q);
    return q;
  });
};

// The mean squares of the loss's gradient with respect to z, from the logits down:
// E[δ²] = E[φ'(z)²] · fan_out · Var(W) · E[δ²] of the layer above.
laboratory.backward = (shapes, variances, sums, activation, outputMeanSquare) => {
  const { slope } = laboratory.ACTIVATIONS[activation];
  const found = [outputMeanSquare];
  for (let layer = shapes.length - 2; layer >= 0; layer--) {
    const passed = meanSquare(slope, sums[layer]);
    found.unshift(passed * shapes[layer + 1][1] * variances[layer + 1] * found[0]);
  }
  return found;
};
