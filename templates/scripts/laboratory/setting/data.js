// What the page brings along: images, and the rules that the report itself computes with. Each file
// of the laboratory keeps its names to itself and shares this one object.

const laboratory = (globalThis.laboratory ??= {});

const { batch, rules, training } = JSON.parse(document.getElementById("laboratory-data").textContent);

// Bytes that are written as base64.
laboratory.bytes = (text) => {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return bytes;
};

const BYTE = 255;

// Pixels from 0 to 1, as a network gets them.
laboratory.pixels = (bytes) => {
  const pixels = new Float64Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) pixels[at] = bytes[at] / BYTE;
  return pixels;
};

laboratory.batch = { ...batch, pixels: laboratory.pixels(laboratory.bytes(batch.pixels)) };
laboratory.rules = rules;
laboratory.recipe = training; // how the report trains its base network

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
