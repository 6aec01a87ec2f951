// The trained runs that come nearest to a network, and how they differ from it.

const laboratory = (globalThis.laboratory ??= {});

// Depth and gain count in full, width less, biases that are not zero as much as a factor of e.
const WIDTH_COUNTS = 0.3;
const OTHER_NAME = 1e-9; // of two that are equally near, the one of the same initializer

const place = ({ experiment, variant, activation, hidden, gain }) =>
  JSON.stringify([experiment, variant, activation, hidden, gain]);

function distance(group, { depth, width, gain, initializer }) {
  const log = (a, b) => Math.log(a / b) ** 2;
  const scale = gain === 0 && group.gain === 0 ? 0 : log(group.gain, gain);
  const size = log(group.hidden.length, depth) + WIDTH_COUNTS ** 2 * log(group.hidden[0], width);
  const name = group.initializer === initializer ? 0 : OTHER_NAME;
  return scale + size + (group.bias > 0 ? 1 : 0) + name;
}

// All groups at the place nearest to a network, one for every optimizer; none where no run has its
// activation, or where only one of the two starts from zeros.
laboratory.nearest = (groups, network) => {
  const alike = groups.filter(
    (group) =>
      group.activation === network.activation && (group.gain === 0) === (network.gain === 0),
  );
  if (!alike.length) return [];
  const best = alike.reduce((a, b) => (distance(b, network) < distance(a, network) ? b : a));
  return alike.filter((group) => place(group) === place(best));
};

const layersOf = (hidden) =>
  hidden.every((units) => units === hidden[0])
    ? `${hidden.length} layers of ${hidden[0]}`
    : `${hidden.length} layers of ${hidden.join(", ")}`;

// What the network on the bench has that the measured one has not.
function differences(group, network) {
  const { given } = laboratory;
  const found = [];
  if (group.hidden.length !== network.depth) found.push(`depth ${network.depth}`);
  if (group.hidden.some((units) => units !== network.width)) found.push(`width ${network.width}`);
  if (Math.abs(group.gain - network.gain) > 0.01 * network.gain) {
    found.push(`σ_w²\u00a0${given(network.gain)}`);
  }
  if (group.bias > 0) found.push("biases of zero");
  return found;
}

const listed = (parts) => [parts.slice(0, -1).join(", "), ...parts.slice(-1)].filter(Boolean).join(" and ");

laboratory.nearestWords = (groups, network) => {
  const { given, ACTIVATIONS } = laboratory;
  const activation = ACTIVATIONS[network.activation].name;
  if (!groups.length) {
    const start = network.gain === 0 ? " that starts from zeros" : " that starts from random weights";
    return `No trained run of this report has ${activation} units and a network${start}.`;
  }
  const [group] = groups;
  const rows = group.share === 1 ? "all rows" : `${given(100 * group.share)}\u00a0% of the rows`;
  const epochs = `${group.epochs} epoch${group.epochs === 1 ? "" : "s"}`;
  const bias = group.bias > 0 ? `, biases of variance ${given(group.bias)}` : "";
  const other = differences(group, network);
  const yours = other.length
    ? `Yours has ${listed(other)}.`
    : "Depth, width and σ_w² are those of your network.";
  return (
    `Measured: ${group.variant} with σ_w²\u00a0${given(group.gain)}, ${layersOf(group.hidden)} ` +
    `${activation} units${bias}, ${epochs} over ${rows}. ${yours}`
  );
};

// One line a group: how it was trained and where it ended.
laboratory.groupWords = (group) => {
  const { given } = laboratory;
  const seeds = `${group.seeds} seed${group.seeds === 1 ? "" : "s"}`;
  const lost = group.diverged ? `, ${group.diverged} of them diverged` : "";
  const end =
    group.accuracy === null
      ? `diverged with every one of ${seeds}`
      : `mean test accuracy ${(100 * group.accuracy).toFixed(1)}\u00a0% (${seeds}${lost})`;
  return `${group.optimizer}, learning rate ${given(group.rate)}: ${end}`;
};
