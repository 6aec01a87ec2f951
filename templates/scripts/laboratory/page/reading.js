// The numbers that are read off the pictures, layer by layer, and the table of all of them.

const laboratory = (globalThis.laboratory ??= {});

const element = (id) => document.getElementById(id);

let shown = [];
let charts = {};

const layer = () => Number(element("layer").value);

const nameOf = (at, { found }) => (at === found.layers.length ? "logits" : `layer ${at}`);

function read() {
  const at = layer();
  charts.signal?.mark(at);
  charts.gradient?.mark(at);
  const there = shown.filter(({ found }) => at <= found.layers.length);
  const lines = there.flatMap(({ name, found }, index) => {
    const words = `${shown.length > 1 ? `${name}, ` : ""}${laboratory.layerWords(found, at)}`;
    return index ? [document.createElement("br"), words] : [words];
  });
  element("layer-shown").replaceChildren(...lines);
  element("layer").setAttribute("aria-valuetext", there.map((each) => nameOf(at, each)).join(", "));
}

function rowsOf({ found }) {
  const { number, percent } = laboratory;
  return found.layers.map((each, index) => {
    const last = index === found.layers.length - 1;
    const cells = [
      number(each.sum_mean_square),
      number(found.theory.sums[index]),
      number(each.mean_square),
      number(each.gradient_mean_square),
      number(found.theory.gradients[index]),
      last ? "–" : percent(each.dead_share),
      last ? "–" : percent(each.flat_share),
      percent(each.differing_share),
    ];
    const name = last ? "logits" : index + 1;
    return `<tr><th scope="row">${name}</th>${cells.map((cell) => `<td class="right">${cell}</td>`).join("")}</tr>`;
  });
}

// The table of the network that the controls set, made when it is open and the network is measured.
function drawTable(chosen, seed) {
  const network = shown[chosen];
  if (!network || !element("by-layer").open) return;
  element("table").innerHTML = rowsOf(network).join("");
  const { initializer, depth, width, activation } = network.setting;
  const units = laboratory.ACTIVATIONS[activation].name;
  const name = shown.length > 1 ? `network ${network.name}: ` : "";
  const layers = `${depth} layers of ${width} ${units} units`;
  element("table-setting").textContent = `${name}${initializer}, ${layers}, seed ${seed}`;
}

function show(networks, drawn) {
  [shown, charts] = [networks, drawn];
  element("layer").max = Math.max(...shown.map(({ found }) => found.layers.length));
  read();
}

// What the reader points at in a chart, or reads by a slider.
function listen() {
  const choose = (at) => {
    if (at === layer()) return;
    element("layer").value = at;
    read();
  };
  element("layer").addEventListener("input", () => {
    read();
    laboratory.pictures.paintRidges();
  });
  for (const kind of ["signal", "gradient"]) {
    element(`line-${kind}`).addEventListener("pointermove", (event) => {
      choose(charts[kind].layerAt(event.offsetX));
    });
  }
}

laboratory.reading = { layer, show, drawTable, listen };
