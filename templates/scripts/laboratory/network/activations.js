// Every activation with its slope, by its Keras name: those of the report's `rules`, and no other.
// `bounds` are those of its values, where it saturates at them; `rectified` ones are zero below zero.

const laboratory = (globalThis.laboratory ??= {});

const { leak, selu, activations } = laboratory.rules;

const logistic = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : 1 - 1 / (1 + Math.exp(z)));

const FUNCTIONS = {
  relu: { value: (z) => (z > 0 ? z : 0), slope: (z) => (z > 0 ? 1 : 0), rectified: true },
  leaky_relu: { value: (z) => (z > 0 ? z : leak * z), slope: (z) => (z > 0 ? 1 : leak) },
  tanh: { value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2, bounds: [-1, 1] },
  sigmoid: { value: logistic, slope: (z) => logistic(z) * logistic(-z), bounds: [0, 1] },
  selu: {
    value: (z) => selu.scale * (z > 0 ? z : selu.alpha * Math.expm1(z)),
    slope: (z) => selu.scale * (z > 0 ? 1 : selu.alpha * Math.exp(z)),
  },
  linear: { value: (z) => z, slope: () => 1 },
};

laboratory.ACTIVATIONS = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([key, functions]) => [key, { name: activations[key], ...functions }]),
);
