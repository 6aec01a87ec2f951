// The trained runs that come nearest to a network, and how they differ from it.

const laboratory = (globalThis.laboratory ??= {});

// Depth and gain count in full, width less, and biases that are not zero hardly at all: a picture of
// fifty layers is not that of twenty because the twenty have no biases either.
const WIDTH_COUNTS = 0.3;
const BIASES_COUNT = 0.1;
const OTHER_NAME = 1e-9; // of two that are equally near, the one of the same initializer

// A network beyond these factors is another one, and nothing is shown of it.
const { depth: MOST_DEPTH, gain: MOST_GAIN } = laboratory.rules.near;
const DECIMALS = laboratory.rules.decimals.percent; // of an accuracy
const MOST_SHOWN = 4; // curves: as many as there are colours

const place = ({ experiment, variant, activation, hidden, gain }) =>
  JSON.stringify([experiment, variant, activation, hidden, gain]);

function distance(group, { depth, width, gain, initializer }) {
  const log = (a, b) => Math.log(a / b) ** 2;
  const scale = gain === 0 && group.gain === 0 ? 0 : log(group.gain, gain);
  const widths = group.hidden.reduce((sum, units) => sum + log(units, width), 0) / group.hidden.length;
  const size = log(group.hidden.length, depth) + WIDTH_COUNTS ** 2 * widths;
  const name = group.initializer === initializer ? 0 : OTHER_NAME;
  return scale + size + (group.bias > 0 ? BIASES_COUNT : 0) + name;
}

const within = (a, b, factor) => Math.max(a / b, b / a) <= factor * (1 + 1e-9);

function isNear(group, { activation, depth, gain }) {
  const scale = gain === 0 || group.gain === 0 ? group.gain === gain : within(group.gain, gain, MOST_GAIN);
  return group.activation === activation && scale && within(group.hidden.length, depth, MOST_DEPTH);
}

// All groups at the place nearest to a network, one for every optimizer or learning rate; none where
// no run is near: another activation, another depth or gain, or only one of the two is all zeros.
laboratory.nearest = (groups, network) => {
  const alike = groups.filter((group) => isNear(group, network));
  if (!alike.length) return [];
  const best = alike.reduce((a, b) => (distance(b, network) < distance(a, network) ? b : a));
  return alike.filter((group) => place(group) === place(best));
};

laboratory.shownGroups = (groups) => groups.slice(0, MOST_SHOWN);

// What tells the groups at one place apart: the optimizer, and its rate where optimizers repeat.
laboratory.groupName = (group, groups) => {
  const alike = groups.filter(({ optimizer }) => optimizer === group.optimizer);
  return alike.length > 1 ? `${group.optimizer} at ${laboratory.given(group.rate)}` : group.optimizer;
};

const layersOf = (hidden) =>
  hidden.every((units) => units === hidden[0])
    ? `${hidden.length} ${laboratory.plural(hidden.length, "layer")} of ${hidden[0]}`
    : `${hidden.length} layers of ${hidden.join(", ")}`;

// What the network on the bench has that the measured one has not.
function differences(group, network) {
  const { given } = laboratory;
  const found = [];
  if (group.hidden.length !== network.depth) found.push(`depth ${network.depth}`);
  if (group.hidden.some((units) => units !== network.width)) found.push(`width ${network.width}`);
  if (Math.abs(group.gain - network.gain) > 0.01 * network.gain) {
    found.push(`σ_w²\u00a0=\u00a0${given(network.gain)}`);
  }
  if (group.bias > 0) found.push("biases of zero");
  return found;
}

const listed = (parts) => [parts.slice(0, -1).join(", "), ...parts.slice(-1)].filter(Boolean).join(" and ");

laboratory.nearestWords = (groups, network) => {
  const { given, ACTIVATIONS } = laboratory;
  const activation = ACTIVATIONS[network.activation].name;
  if (!groups.length) {
    const scale = network.gain === 0 ? "weights of zero" : `σ_w² within a factor of ${MOST_GAIN} of yours`;
    return (
      `No measured network is near: no trained run of this report has ${activation} units, a depth ` +
      `within a factor of ${MOST_DEPTH} of yours, and ${scale}.`
    );
  }
  const [group] = groups;
  const data = group.data === "mnist" ? "" : ` of ${group.data}, with ${group.classes} classes`;
  const more = groups.length - MOST_SHOWN;
  const rest = more > 0 ? ` ${more} more of its trainings ${more === 1 ? "is" : "are"} not shown.` : "";
  const rows = group.share === 1 ? "all rows" : `${given(100 * group.share)}\u00a0% of the rows`;
  const epochs = `${group.epochs} ${laboratory.plural(group.epochs, "epoch")}`;
  const bias = group.bias > 0 ? `, biases of variance ${given(group.bias)}` : "";
  const other = differences(group, network);
  const yours = other.length
    ? `Yours has ${listed(other)}.`
    : "Depth, width and σ_w² are those of your network.";
  return (
    `Measured: ${group.variant} with σ_w²\u00a0=\u00a0${given(group.gain)}, ${layersOf(group.hidden)} ` +
    `${activation} units${bias}, ${epochs} over ${rows}${data}. ${yours}${rest}`
  );
};

// One line a group: how it was trained and where it ended.
laboratory.groupWords = (group) => {
  const { given } = laboratory;
  const seeds = `${group.seeds} ${laboratory.plural(group.seeds, "seed")}`;
  const lost = group.diverged ? `, ${group.diverged} of them diverged` : "";
  const end =
    group.accuracy === null
      ? `diverged with every one of ${seeds}`
      : `mean test accuracy ${(100 * group.accuracy).toFixed(DECIMALS)}\u00a0% (${seeds}${lost})`;
  return `${group.optimizer}, learning rate ${given(group.rate)}: ${end}`;
};
