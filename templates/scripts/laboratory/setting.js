// A setting of the laboratory: what it may be, and how an address names it.

const laboratory = (globalThis.laboratory ??= {});

const { start: START, ranges: RANGES, free: FREE } = laboratory.rules;

const within = (name, value) => Math.min(RANGES[name][1], Math.max(RANGES[name][0], value));

// The state that an address names; what it does not name, or names wrongly, is as at the start.
laboratory.parse = (text) => {
  const given = new URLSearchParams(text.replace(/^#/, ""));
  const read = { ...START };
  const known = { initializer: laboratory.INITIALIZERS, activation: laboratory.ACTIVATIONS };
  for (const [name, values] of Object.entries(known)) {
    if (Object.hasOwn(values, given.get(name))) read[name] = given.get(name);
  }
  for (const name of Object.keys(RANGES)) {
    const value = Number.parseFloat(given.get(name));
    if (Number.isFinite(value)) read[name] = within(name, name === "sd" ? value : Math.round(value));
  }
  read.width -= read.width % RANGES.width[2];
  return read;
};

laboratory.write = ({ initializer, sd, activation, width, depth, seed, own }) =>
  new URLSearchParams({
    initializer,
    ...(initializer === FREE && { sd: String(Number(sd.toPrecision(4))) }),
    activation,
    width,
    depth,
    seed,
    ...(own && { own }),
  }).toString();

laboratory.setting = { START, RANGES, FREE, within };
