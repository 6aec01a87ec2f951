// What the pictures show, in words.

const laboratory = (globalThis.laboratory ??= {});

const FAR = 1000; // a mean square that has changed by this factor has died or exploded
const NEAR = 2; // within this factor it is kept

const { percent, isSlight } = laboratory;

// The factor of one layer between two of them, as a geometric mean.
const factor = (first, last, steps) => (last / first) ** (1 / steps);

// How the mean squares fare in the order in which a signal passes: what it does, the factor a layer,
// and the first step at which it has left the bounds.
function course(values, theory) {
  const ratios = values.map((value) => value / values[0]);
  const steps = values.length - 1;
  const end = ratios.at(-1);
  const kind =
    end * FAR < 1 ? "dies" : end * NEAR < 1 ? "fades" : end > FAR ? "explodes" : end > NEAR ? "grows" : "kept";
  const left = ratios.findIndex((ratio) => (kind === "dies" ? ratio * FAR < 1 : ratio > FAR));
  const rate = factor(values[0], values.at(-1), steps);
  const expected = factor(theory[0], theory.at(-1), steps);
  return { kind, end, left, rate, expected };
}
laboratory.course = course;

function rateWords({ rate, expected }) {
  const { number } = laboratory;
  return `each layer multiplies its mean square by ${number(rate, 3)} (theory: ${number(expected, 3)})`;
}

const VERBS = { dies: "dies", fades: "fades", explodes: "explodes", grows: "grows", kept: "is kept" };
laboratory.VERBS = VERBS;

function signalCourse(layers, theory) {
  const { number } = laboratory;
  const depth = layers.length - 1;
  const values = layers.slice(0, -1).map((layer) => layer.sum_mean_square);
  if (values[0] === 0) return "The sums are exactly zero, in every layer.";
  const found = course(values, theory.sums.slice(0, -1));
  const opening = `The signal ${VERBS[found.kind]}: ${rateWords(found)}`;
  const end = `layer ${depth} has ${number(found.end)} times that of layer 1`;
  if (found.kind === "dies") {
    return `${opening}; from layer ${found.left + 1} on less than a thousandth is left, and ${end}.`;
  }
  if (found.kind === "explodes") {
    return `${opening}; from layer ${found.left + 1} on it is more than a thousandfold, and ${end}.`;
  }
  return `${opening}; ${end}.`;
}

// What the mean square does not tell: units that are dead or flat, and images that look alike.
function signalRemarks(layers, activation) {
  const hidden = layers.slice(0, -1);
  const last = hidden.at(-1);
  const remarks = [];
  const flat = hidden.reduce((sum, layer) => sum + layer.flat_share, 0) / hidden.length;
  const { bounds, rectified } = laboratory.ACTIVATIONS[activation];
  if (bounds && flat >= 0.05) remarks.push(`${percent(flat)} of all slopes are flat: units saturate.`);
  if (rectified && last.dead_share >= 0.1) {
    remarks.push(`In the last hidden layer ${percent(last.dead_share)} of the units are dead.`);
  }
  if (last.sum_mean_square > 0 && last.differing_share < 0.1) {
    const share = percent(last.differing_share);
    const only = isSlight(last.differing_share) ? "" : "only ";
    remarks.push(`Of the sums’ mean square in the last hidden layer ${only}${share} differs between images.`);
  }
  return remarks.join(" ");
}

function gradientCourse(layers, theory) {
  const { number } = laboratory;
  const depth = layers.length - 1;
  const values = layers.slice(0, -1).map((layer) => layer.gradient_mean_square).reverse();
  if (values[0] === 0) return "No gradient reaches a hidden layer: it is exactly zero in all of them.";
  const found = course(values, theory.gradients.slice(0, -1).reverse());
  const opening = `The gradient, on its way back, ${VERBS[found.kind]}: ${rateWords(found)}`;
  const end = `layer 1 receives ${number(found.end)} times what layer ${depth} does`;
  if (found.kind === "dies") {
    return `${opening}; from layer ${depth - found.left} down less than a thousandth is left, and ${end}.`;
  }
  if (found.kind === "explodes") {
    return `${opening}; from layer ${depth - found.left} down it is more than a thousandfold, and ${end}.`;
  }
  return `${opening}; ${end}.`;
}

laboratory.words = ({ layers, theory }, activation) => ({
  signal: `${signalCourse(layers, theory)} ${signalRemarks(layers, activation)}`.trim(),
  gradient: gradientCourse(layers, theory),
});

laboratory.layerWords = ({ layers, theory }, layer) => {
  const { number } = laboratory;
  const found = layers[layer - 1];
  const name = layer === layers.length ? "Logits" : `Layer ${layer}`;
  const shares =
    layer === layers.length
      ? ""
      : ` · dead ${percent(found.dead_share)}, flat ${percent(found.flat_share)}`;
  return (
    `${name}: z² ${number(found.sum_mean_square)} (theory ${number(theory.sums[layer - 1])}) · ` +
    `gradient² ${number(found.gradient_mean_square)} (theory ${number(theory.gradients[layer - 1])})` +
    shares
  );
};

// In a word or two what the signal or the gradient does.
laboratory.fate = ({ layers, theory }, kind) => {
  const ahead = kind === "signal";
  const hidden = layers.slice(0, -1).map((layer) => (ahead ? layer.sum_mean_square : layer.gradient_mean_square));
  const expected = (ahead ? theory.sums : theory.gradients).slice(0, -1);
  const [values, rule] = ahead ? [hidden, expected] : [hidden.reverse(), expected.reverse()];
  return values[0] === 0 ? "is zero" : VERBS[course(values, rule).kind];
};

// What the report's guide recommends for the activation of a network, in its own words.
laboratory.advice = ({ activation }) => {
  for (const each of document.querySelectorAll("[data-advice]")) each.hidden = each.dataset.advice !== activation;
};
