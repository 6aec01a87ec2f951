// Training on the page: the networks that are shown, on the same batches, as the nearest runs were
// trained, drawn as it happens.

const laboratory = (globalThis.laboratory ??= {});

const STEPS = 240; // an epoch of the report's deep networks
const WINDOW = 12; // steps that a point of a curve is the mean of
const MOST_WEIGHTS = 1.2e6; // of a network, or of two together: a step takes its time
const BETWEEN = 120; // ms between two drawings of a curve
const SLICE = 24; // ms; the page answers in between

const element = (id) => document.getElementById(id);

let setting = null;
let recipes = [];
let end = null;
let trainedAs = ""; // the setting whose curve is on show

// What the reader may choose to train by: as each of the nearest runs, or as the report's base runs.
function offer(near) {
  const able = near.filter(laboratory.canLearn);
  const base = { ...laboratory.recipe, name: `${laboratory.recipe.optimizer} of the base runs` };
  recipes = able.map((group) => ({ ...group, name: laboratory.groupName(group, near), group }));
  if (!recipes.length && laboratory.canLearn(base)) recipes = [base];
  const select = element("recipe");
  const before = select.value;
  const words = ({ name, parameters, batch }) =>
    `${name}, learning rate ${laboratory.given(parameters.learning_rate)}, batches of ${batch}`;
  select.replaceChildren(...recipes.map((recipe, index) => new Option(words(recipe), String(index))));
  if (Number(before) < recipes.length) select.value = before || "0";
  allow();
}

// Of all networks together, none of which is larger than `most` says.
function weights(most = {}) {
  const { features, classes } = laboratory.batch;
  const counts = setting.networks.map((each) => {
    const { depth = each.depth, width = each.width } = most;
    const own = { ...each, depth: Math.min(depth, each.depth), width: Math.min(width, each.width) };
    const shapes = laboratory.shapes({ ...own, features, classes });
    return shapes.reduce((sum, [fanIn, fanOut]) => sum + fanIn * fanOut, 0);
  });
  return counts.reduce((a, b) => a + b, 0);
}

// The largest value of a slider with which all can be trained; 0 where none is small enough.
function largest(name) {
  const { min, max, step } = element(name);
  for (let value = Number(max); value >= Number(min); value -= Number(step))
    if (weights({ [name]: value }) <= MOST_WEIGHTS) return value;
  return 0;
}

function advice() {
  const [depth, width] = [largest("depth"), largest("width")];
  const ways = [depth && `at this width up to ${depth} layers`, width && `at this depth up to a width of ${width}`];
  const able = ways.filter(Boolean).join(", ");
  return able ? `What can be trained: ${able}.` : "Choose fewer and narrower layers.";
}

function allow() {
  if (!setting || end) return;
  const count = weights();
  const small = count <= MOST_WEIGHTS;
  element("train").disabled = !small || !recipes.length;
  if (!small) {
    const millions = (value) => `${(value / 1e6).toFixed(1)} million`;
    const most = `${millions(count)} weights, where ${millions(MOST_WEIGHTS)} are the most`;
    say(`Too large to be trained here: ${most}. ${advice()}`);
  } else if (!trainedAs) say("");
}

const say = (words) => laboratory.setText(element("train-words"), words);

// A setting that is no longer that of the curve takes it away.
function show(shown) {
  setting = shown;
  if (trainedAs && trainedAs !== laboratory.write({ ...setting, own: 0 })) {
    stop();
    trainedAs = "";
    laboratory.recorded.beside(null);
  }
  allow();
}

function learnerOf(network, { optimizer, parameters }) {
  const { width, depth, sd, activation } = network;
  const { features, classes } = laboratory.batch;
  const initializer = laboratory.INITIALIZERS[network.initializer];
  const shapes = laboratory.shapes({ width, depth, features, classes });
  const kernels = laboratory.kernels(setting.seed, shapes, initializer.draw).map(({ byInput }, index) => {
    const scale = Math.sqrt(initializer.variance(...shapes[index], sd));
    return byInput.map((weight) => scale * weight);
  });
  return laboratory.learner({ shapes, kernels, activation, optimizer, parameters });
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

function* steps(trained, images, recipe) {
  const learners = setting.networks.map((each) => learnerOf(each, recipe));
  const batches = laboratory.batches(images, recipe.batch, setting.seed);
  for (let step = 1; step <= STEPS; step++) {
    const { value: batch } = batches.next();
    for (const [index, learner] of learners.entries()) {
      const { losses, means } = trained.networks[index];
      if (losses.length && !Number.isFinite(losses.at(-1))) continue; // it has diverged
      losses.push(yield* laboratory.learning(learner, batch));
      if (step % WINDOW === 0) means.push([step, mean(losses.slice(-WINDOW))]);
    }
    trained.done = step;
    draw(trained);
  }
}

let drawn = 0;
function draw(trained, always = false) {
  if (!always && performance.now() - drawn < BETWEEN) return;
  drawn = performance.now();
  laboratory.recorded.beside(trained);
  element("progress").value = trained.done;
}

// The mean over the stretch that a recorded point is the mean of, here and there: of the last point
// within so many steps.
function compared({ losses }, { group }, most) {
  if (!group) return null;
  const span = Math.round(group.span * group.steps);
  const points = group.curve.map(([at, loss]) => [Math.round(at * group.steps), loss]);
  const last = points.findLast(([at]) => at <= Math.min(most, losses.length) && at >= span);
  if (!last) return null;
  const [to, there] = last;
  return { from: to - span + 1, to, here: mean(losses.slice(to - span, to)), there };
}

const LEVEL = 0.05; // nats: what two means of a few batches may differ by and be called level

function held({ from, to, here, there }) {
  const { number } = laboratory;
  const gap = here - there;
  const kind = Math.abs(gap) <= LEVEL ? "level" : gap > 0 ? "more here" : "less here";
  const losses = `${number(here, 3)} here and ${number(there, 3)} in the recorded runs`;
  return `over steps ${from} to ${to} the mean loss was ${losses}, ${kind}`;
}

// How a network fared; the one that the controls set is held to the recorded runs, once where every
// image was still new to it, as to them, and once at the end.
function outcome(network, recipe, isChosen, firstPass) {
  const { number } = laboratory;
  const whose = setting.networks.length > 1 ? `Network ${network.name}` : "This network";
  const { losses } = network;
  if (!Number.isFinite(losses.at(-1))) return `${whose} diverged at step ${losses.length}.`;
  const last = losses.slice(-WINDOW);
  const end = `${whose} ended with a loss of ${number(mean(last), 3)}, the mean over its last ${last.length} steps`;
  if (!isChosen || !recipe.group) return `${end}.`;
  const found = compared(network, recipe, Infinity);
  if (!found) return `${end}; the recorded runs have no point so early.`;
  const early = compared(network, recipe, firstPass);
  const again = found.to > firstPass ? ", when images were seen again here" : "";
  const both = early && early.to < found.to ? [early, found] : [found];
  const words = both.map(held).join("; ");
  return `${whose}: ${words}${again}. Level is within ${LEVEL} nats.`;
}

const label = () => `Train ${STEPS} steps here`;

function finish(trained, recipe, whole) {
  end = null;
  draw(trained, true);
  element("train").textContent = label();
  element("progress").hidden = true;
  const chosen = laboratory.recorded.chosen();
  const pass = Math.floor(trained.images / recipe.batch);
  const ends = trained.networks.map((each, index) => outcome(each, recipe, index === chosen, pass)).join(" ");
  say(`${whole ? "" : `Stopped after ${trained.done} steps. `}${ends}`);
}

async function start() {
  const recipe = recipes[Number(element("recipe").value)] ?? recipes[0];
  trainedAs = laboratory.write({ ...setting, own: 0 });
  const token = trainedAs;
  say("The images are loading.");
  element("train").textContent = "Stop";
  let ended = false;
  end = () => (ended = true);
  let images;
  try {
    images = await laboratory.images();
  } catch {
    end = null;
    trainedAs = "";
    element("train").textContent = label();
    return say("The images could not be loaded.");
  }
  if (ended || token !== trainedAs) return;
  const names = setting.networks.length > 1 ? ["A", "B"] : ["here"];
  const trained = {
    planned: STEPS,
    done: 0,
    images: images.labels.length,
    networks: names.map((name, index) => ({ name, index, losses: [], means: [] })),
  };
  const many = trained.images.toLocaleString("en");
  const pass = Math.floor(trained.images / recipe.batch);
  say(`Training on the first ${many} of the training images, which come again after ${pass} steps.`);
  Object.assign(element("progress"), { hidden: false, max: STEPS, value: 0 });
  const cancel = laboratory.inSlices(steps(trained, images, recipe), () => finish(trained, recipe, true), SLICE);
  end = () => {
    cancel();
    finish(trained, recipe, false);
  };
}

function stop() {
  const before = end;
  end = null;
  element("train").textContent = label();
  before?.();
}

function listen() {
  element("train").textContent = label();
  element("train").addEventListener("click", () => (end ? stop() : start()));
}

laboratory.training = { offer, show, listen, STEPS };
