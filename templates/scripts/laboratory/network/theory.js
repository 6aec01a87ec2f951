// What theory says of a wide network: the recursions of analysis/statistics/theory.py, written a
// second time, over the same points and weights.

const laboratory = (globalThis.laboratory ??= {});

// Of the average over a standard normal variable; points below zero mirror those above it.
const nodes = laboratory.rules.nodes.flatMap(([z, weight]) => [[z, weight], [-z, weight]]);

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
