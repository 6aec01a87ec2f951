// What the page brings along: images, the rules that the report itself computes with, and groups of
// trained runs. Each file of the laboratory keeps its names to itself and shares this one object.

const laboratory = (globalThis.laboratory ??= {});

const { batch, rules, groups } = JSON.parse(document.getElementById("laboratory-data").textContent);
const bytes = Uint8Array.from(atob(batch.pixels), (character) => character.charCodeAt(0));

laboratory.batch = { ...batch, pixels: Float64Array.from(bytes, (byte) => byte / 255) };
laboratory.rules = rules;
laboratory.groups = groups;

const FANS = {
  fan_in: (fanIn) => fanIn,
  fan_out: (fanIn, fanOut) => fanOut,
  fan_avg: (fanIn, fanOut) => (fanIn + fanOut) / 2,
};

// The variance of one weight: by the fans of its layer, or as the reader sets it.
function variance({ scale, mode }) {
  if (scale === undefined) return (fanIn, fanOut, sd) => sd * sd;
  const fan = FANS[mode];
  return (fanIn, fanOut) => scale / fan(fanIn, fanOut);
}

// Every initializer: from which distribution it draws, and the variance of one weight.
laboratory.INITIALIZERS = Object.fromEntries(
  Object.entries(rules.initializers).map(([name, rule]) => [
    name,
    { draw: rule.distribution, variance: variance(rule) },
  ]),
);

// Var(W) of a hidden layer that is as wide as its input.
laboratory.hiddenVariance = ({ initializer, width, sd }) =>
  laboratory.INITIALIZERS[initializer].variance(width, width, sd);
