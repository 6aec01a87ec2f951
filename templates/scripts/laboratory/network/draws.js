// Random kernels of unit variance, drawn once and kept: a new standard deviation only rescales them.
// Every unit of every layer has a stream of numbers of its own, so that no layer repeats another's,
// and a wider or deeper network keeps the weights that the narrower one had.

const laboratory = (globalThis.laboratory ??= {});

const { sd: truncatedSd, below } = laboratory.rules.truncated; // of a unit normal cut at ±2

// A small counter-based generator (sfc32), mixed well before its first number is used.
function stream(seed, layer, unit) {
  let a = seed | 0;
  let b = Math.imul(layer + 1, 0x9e3779b1);
  let c = Math.imul(unit + 1, 0x85ebca6b);
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296 + 1 / 8589934592; // never 0, never 1
  };
  for (let turn = 0; turn < 16; turn++) next();
  return next;
}

// The quantile of the standard normal distribution: Wichura 1988, algorithm AS 241, to 1e-7.
function quantile(p) {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1)
    );
  }
  let r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  let z;
  if (r <= 5) {
    r -= 1.6;
    z =
      (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) /
      ((0.12021132975 * r + 0.7370016425) * r + 1);
  } else {
    r -= 5;
    z =
      (((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115) /
      ((0.012258202635 * r + 0.24197894225) * r + 1);
  }
  return q < 0 ? -z : z;
}

// From a number between 0 and 1 to a draw of variance one, by the names that Keras gives.
const DISTRIBUTIONS = {
  untruncated_normal: quantile,
  truncated_normal: (u) => quantile(below + u * (1 - 2 * below)) / truncatedSd,
  uniform: (u) => Math.sqrt(3) * (2 * u - 1),
};

const UNITS = 8; // drawn before others may have their turn

// A kernel unit by unit, (fan_out, fan_in): what each unit reads.
function* draw(seed, layer, [fanIn, fanOut], distribution) {
  const shape = DISTRIBUTIONS[distribution];
  const byUnit = new Float32Array(fanIn * fanOut);
  for (let unit = 0; unit < fanOut; unit++) {
    const next = stream(seed, layer, unit);
    for (let at = unit * fanIn; at < (unit + 1) * fanIn; at++) byUnit[at] = shape(next());
    if (unit % UNITS === UNITS - 1) yield;
  }
  return new Kernel(byUnit, fanIn, fanOut);
}

class Kernel {
  #byInput = null;

  constructor(byUnit, fanIn, fanOut) {
    Object.assign(this, { byUnit, fanIn, fanOut });
  }

  // The same input by input, (fan_in, fan_out): what an input feeds. Turned over at its first use.
  get byInput() {
    const { byUnit, fanOut, fanIn } = this;
    this.#byInput ??= laboratory.transposed(byUnit, fanOut, fanIn, new Float32Array(byUnit.length));
    return this.#byInput;
  }
}

// Kernels of the draws that were asked for last: those of two networks side by side, and what the
// slider of the standard deviation will scale.
const MOST_KEPT = 3;
const kept = new Map();

function recent(key) {
  const kernels = kept.get(key) ?? new Map();
  kept.delete(key);
  kept.set(key, kernels);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return kernels;
}

// The kernels of a seed; the output layer is layer 0, so that depth changes no other draw.
laboratory.drawing = function* (seed, shapes, distribution) {
  const known = recent(`${seed} ${shapes[0]} ${distribution}`);
  const drawn = [];
  for (const [index, shape] of shapes.entries()) {
    const layer = index === shapes.length - 1 ? 0 : index + 1;
    if (!known.has(layer)) known.set(layer, yield* draw(seed, layer, shape, distribution));
    drawn.push(known.get(layer));
  }
  return drawn;
};

laboratory.kernels = (...asked) => laboratory.finished(laboratory.drawing(...asked));
laboratory.stream = stream;
laboratory.DISTRIBUTIONS = DISTRIBUTIONS;
