// A setting of the laboratory: one network or two, what they may be, and how an address names them.
// Both have the seed and the scale of the pictures in common; the names of the second begin with b-.

const laboratory = (globalThis.laboratory ??= {});

const { start, ranges: RANGES, free: FREE } = laboratory.rules;

const OF_EACH = ["initializer", "sd", "activation", "width", "depth"];
const OF_BOTH = ["seed", "own"];
const SECOND = "b-";
const LONGEST = 20; // letters of a wrong value that are repeated
const TITLES = { sd: "standard deviation", own: "own scale" };
const KNOWN = { initializer: laboratory.INITIALIZERS, activation: laboratory.ACTIVATIONS };

const chosen = (names, from) => Object.fromEntries(names.map((name) => [name, from[name]]));
const title = (name) => TITLES[name] ?? name;
const START = { networks: [chosen(OF_EACH, start)], ...chosen(OF_BOTH, start) };

const within = (name, value) => Math.min(RANGES[name][1], Math.max(RANGES[name][0], value));

// The nearest number that the controls can set.
function nearest(name, value) {
  if (name === "sd") return within(name, value);
  const whole = Math.round(within(name, value));
  return name === "width" ? whole - (whole % RANGES.width[2]) : whole;
}

// What a text says of one name; where it cannot be set, what stands instead, and a word on that.
function understood(name, text, otherwise, wrong) {
  const told = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  if (KNOWN[name]) {
    if (Object.hasOwn(KNOWN[name], text)) return text;
    wrong.push(`“${told}” is no ${title(name)}: ${otherwise} is shown`);
    return otherwise;
  }
  const value = text.trim() ? Number(text) : NaN;
  if (!Number.isFinite(value)) {
    wrong.push(`“${told}” is no ${title(name)}: ${laboratory.given(otherwise)} is shown`);
    return otherwise;
  }
  const set = nearest(name, value);
  if (set !== value) wrong.push(`${title(name)} ${told} became ${set}`);
  return set;
}

function network(given, prefix, base, wrong) {
  const read = { ...base };
  for (const name of OF_EACH) {
    const text = given.get(prefix + name);
    if (text !== null) read[name] = understood(name, text, base[name], wrong);
  }
  if (given.has(`${prefix}sd`) && read.initializer !== FREE) {
    wrong.push(`a standard deviation is set for ${FREE} alone`);
    read.sd = base.sd;
  }
  return read;
}

// The setting that a text names, and in words what of it cannot be. What it does not name is as in
// `base`; a second network is there if the text names anything of it, or if the base has one.
laboratory.read = (text, base = START) => {
  const given = new URLSearchParams(text.replace(/^#/, ""));
  const wrong = [];
  const networks = [network(given, "", base.networks[0], wrong)];
  const other = base.networks[1];
  if (OF_EACH.some((name) => given.has(SECOND + name))) {
    networks.push(network(given, SECOND, other ?? START.networks[0], wrong));
  } else if (other) {
    networks.push(other);
  }
  const setting = { networks };
  for (const name of OF_BOTH) {
    const value = given.get(name);
    setting[name] = value === null ? base[name] : understood(name, value, base[name], wrong);
  }
  const names = [...OF_EACH, ...OF_EACH.map((name) => SECOND + name), ...OF_BOTH];
  for (const name of new Set(given.keys())) {
    if (!names.includes(name)) wrong.push(`“${name.slice(0, LONGEST)}” is no setting`);
  }
  return { setting, wrong };
};

function named(prefix, { initializer, sd, activation, width, depth }) {
  const parts = [
    ["initializer", initializer],
    ...(initializer === FREE ? [["sd", String(Number(sd.toPrecision(4)))]] : []),
    ["activation", activation],
    ["width", width],
    ["depth", depth],
  ];
  return parts.map(([name, value]) => [prefix + name, value]);
}

laboratory.write = ({ networks, seed, own }) =>
  new URLSearchParams([
    ...networks.flatMap((each, index) => named(index ? SECOND : "", each)),
    ["seed", seed],
    ...(own ? [["own", own]] : []),
  ]).toString();

// Whether a network and what it shares are all that a text names.
laboratory.agrees = (text, one, { seed, own }) => {
  const asked = { networks: [one], seed, own };
  return laboratory.write(laboratory.read(text, asked).setting) === laboratory.write(asked);
};

laboratory.setting = { START, RANGES, FREE, within };
