// What training made of the nearest measured network: its runs, loaded when the reader comes near, and
// their curves, with what is trained on the page beside them.

const laboratory = (globalThis.laboratory ??= {});

const RUNS = "laboratory/runs.js";
const AHEAD = "100% 0px"; // one window before it is in view

const element = (id) => document.getElementById(id);

let chosen = 0;
let asked = null; // the network whose neighbours are shown
let near = [];
let trained = null;
let chart = null;

function item(group, index) {
  const entry = document.createElement("li");
  entry.className = `c${index}`;
  const link = document.createElement("a");
  link.href = group.address;
  const which = document.createElement("span");
  which.className = "unseen";
  which.textContent = ` of ${group.variant} with ${laboratory.groupName(group, near)}`;
  link.append("its runs", which);
  entry.append(`${laboratory.groupWords(group)}; `, link);
  return entry;
}

function drawNearest() {
  if (!laboratory.groups || !asked) return;
  const nearest = laboratory.nearest(laboratory.groups, asked);
  laboratory.setText(element("nearest-words"), laboratory.nearestWords(nearest, asked));
  const shown = laboratory.shownGroups(nearest);
  near = shown;
  element("nearest-runs").replaceChildren(...near.map(item));
  laboratory.training.offer(near);
  drawCurves();
}

const unit = (group) => (trained ? group.steps : 1);

// Where any of the curves has a point: epochs, or steps where something is trained here.
function moments() {
  const recorded = near.flatMap((group) => group.curve.map(([at]) => at * unit(group)));
  const own = trained?.networks.flatMap(({ means }) => means.map(([at]) => at)) ?? [];
  const all = [...new Set([...recorded, ...own])].sort((a, b) => a - b);
  return trained ? all.filter((at) => at <= trained.planned) : all;
}

function drawCurves() {
  const svg = element("curves");
  laboratory.painter.paint(svg, () => {
    chart = laboratory.curves(svg, near, { classes: near[0]?.classes, trained });
    readCurve();
  });
  const slider = element("moment");
  const count = moments().length;
  slider.max = Math.max(2, count);
  slider.value = slider.max;
  slider.disabled = count < 2;
  readCurve();
}

function readCurve() {
  const all = moments();
  const at = all[Math.min(all.length, Number(element("moment").value)) - 1];
  if (at === undefined) {
    element("moment-shown").textContent = near.length ? "no curve was recorded" : "no curve to read";
    return;
  }
  chart?.mark(at);
  const { number, groupName } = laboratory;
  const told = (points, name) => {
    const point = points.find(([where]) => Math.abs(where - at) < 0.5 * (trained ? 1 : 1e-9));
    return point && Number.isFinite(point[1]) ? [`${name}: ${number(point[1], 3)}`] : [];
  };
  const losses = [
    ...(trained?.networks.flatMap(({ name, means }) => told(means, name)) ?? []),
    ...near.flatMap((group) => told(group.curve.map(([x, y]) => [x * unit(group), y]), groupName(group, near))),
  ];
  const when = `${laboratory.given(at)} ${laboratory.plural(at, trained ? "step" : "epoch")}`;
  const words = `after ${when}: ${losses.join(", ")}`;
  element("moment-shown").textContent = words;
  element("moment").setAttribute("aria-valuetext", words);
}

// Shows the neighbours of the network that the controls set.
function show({ networks, seed, own }, which) {
  chosen = which;
  const network = networks[chosen];
  asked = { ...network, gain: network.width * laboratory.hiddenVariance(network) };
  laboratory.training.show({ networks, seed, own });
  element("nearest-network").textContent = networks.length > 1 ? ` to network ${"AB"[chosen]}` : "";
  drawNearest();
}

// What is trained on the page, or that nothing is.
function beside(found) {
  trained = found;
  drawCurves();
}

function load() {
  finder.load(RUNS).then(drawNearest, () => {
    element("nearest-words").textContent = "The recorded runs could not be loaded.";
    laboratory.training.offer([]);
  });
}

function listen() {
  const observer = new IntersectionObserver(
    ([entry]) => {
      if (!entry.isIntersecting) return;
      observer.disconnect();
      load();
    },
    { rootMargin: AHEAD },
  );
  observer.observe(element("nearest"));
  element("moment").addEventListener("input", readCurve);
  element("curves").addEventListener("pointermove", (event) => {
    const all = moments();
    if (!chart || !all.length) return;
    const gap = (at) => Math.abs(at - chart.progressAt(event.offsetX));
    element("moment").value = all.reduce((best, at, k) => (gap(at) < gap(all[best]) ? k : best), 0) + 1;
    readCurve();
  });
  laboratory.training.listen();
}

laboratory.recorded = { show, beside, listen, chosen: () => chosen };
