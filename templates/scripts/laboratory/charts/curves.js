// Training loss: recorded curves, a line a group, and what is trained on the page beside them.

const laboratory = (globalThis.laboratory ??= {});

const { round, frame, text, line, ticks, plain, names, put } = laboratory.axes;

const MARGIN = { left: 46, right: 32, top: 10, bottom: 40 };
const HIGHEST = 4; // times the loss of guessing: a curve that goes beyond leaves the picture

// The scale of a drawing: epochs, or steps where something is trained on the page, up to its last.
function scaleOf(groups, trained, guess) {
  if (!trained) {
    const all = groups.flatMap((group) => group.curve);
    return { end: Math.max(1, ...all.map(([at]) => at)), losses: all.map(([, loss]) => loss), unit: () => 1 };
  }
  const unit = (group) => group.steps;
  const end = trained.planned;
  const recorded = groups.flatMap((group) => group.curve.filter(([at]) => at * unit(group) <= end));
  const own = trained.networks.flatMap(({ means }) => means);
  const losses = [...recorded, ...own].map(([, loss]) => Math.min(loss, HIGHEST * guess));
  return { end, losses: losses.filter(Number.isFinite), unit };
}

// The dashed rule is the loss of guessing among so many classes; it is left out where there is nothing
// to compare with it. `trained` has the steps that are planned and, for each network, its losses step
// by step and means: pairs of a step and the mean up to it.
laboratory.curves = (svg, groups, { classes, trained } = {}) => {
  const box = frame(svg, MARGIN);
  const guess = Math.log(classes ?? laboratory.batch.classes);
  const { end, losses, unit } = scaleOf(groups, trained, guess);
  const most = Math.max(guess * 1.15, ...losses) * 1.02;
  const across = (at) => box.left + (at / end) * (box.right - box.left);
  const up = (loss) => Math.max(box.top, box.bottom - (loss / most) * (box.bottom - box.top));
  const place = ([at, loss]) => `${round(across(at))} ${round(up(loss))}`;
  const ground = ticks(0, most, 5).map(
    (loss) =>
      line(box.left, up(loss), box.right, up(loss), "grid") +
      text(box.left - 6, up(loss) + 4, plain(loss), "tick end"),
  );
  for (const at of ticks(0, end, 5)) {
    ground.push(text(across(at), box.bottom + 16, Number(at.toPrecision(3)), "tick middle"));
  }
  const parts = [];
  if (classes || trained) {
    parts.push(line(box.left, up(guess), box.right, up(guess), "guess"));
    parts.push(text(box.left + 4, up(guess) - 5, "guessing", "tick"));
  }
  groups.forEach((group, index) => {
    const shown = group.curve.map(([at, loss]) => [at * unit(group), loss]).filter(([at]) => at <= end);
    if (!shown.length) return;
    const path = shown.map(place);
    parts.push(`<path d="M${path.join("L")}" class="curve c${index}"/>`);
    parts.push(`<path d="${path.map((at) => `M${at}h0`).join("")}" class="marks c${index}"/>`);
  });
  const ends = [];
  for (const { index, losses: each, means, name } of trained?.networks ?? []) {
    const steps = each.map((loss, at) => [at + 1, loss]).filter(([, loss]) => Number.isFinite(loss));
    if (steps.length > 1) parts.push(`<path d="M${steps.map(place).join("L")}" class="raw n${index}"/>`);
    const held = means.filter(([, loss]) => Number.isFinite(loss));
    if (!held.length) continue;
    parts.push(`<path d="M${held.map(place).join("L")}" class="here n${index}"/>`);
    const [at, loss] = held.at(-1);
    ends.push({ index, name, x: across(at) + 5, y: up(loss) + 4 });
  }
  parts.push(names(ends, box.bottom));
  const empty = !trained && !groups.some(({ curve }) => curve.length);
  if (empty) parts.push(text(box.middle, (box.top + box.bottom) / 2, "no curve", "axis middle"));
  const unitWords = trained ? "Steps of training" : "Epochs of training";
  ground.push(text(box.middle, box.height - 6, unitWords, "axis middle"));
  put(svg, ground.join(""), '<path class="cursor"/>', parts.join(""));
  return {
    progressAt: (x) => ((x - box.left) / (box.right - box.left)) * end,
    mark: (at) => laboratory.axes.mark(svg, across(at), box),
  };
};
