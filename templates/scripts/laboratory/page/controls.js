// The controls: what they show, and what they change.

const laboratory = (globalThis.laboratory ??= {});

const REST = 350; // ms without a movement, after which it is written down and spoken

const element = (id) => document.getElementById(id);

const { START, RANGES, FREE, within } = laboratory.setting;
const { address } = laboratory;

let setting = START;
let chosen = 0; // the network that the controls set
let resting = 0;

const network = () => setting.networks[chosen];

function showControls() {
  const { number } = laboratory;
  const one = network();
  const variance = laboratory.hiddenVariance(one);
  const sd = Math.sqrt(variance);
  for (const name of ["initializer", "activation", "width", "depth"]) element(name).value = one[name];
  if (element("seed") !== document.activeElement) element("seed").value = setting.seed;
  element("own").checked = Boolean(setting.own);
  element("sd").value = Math.log10(Math.max(sd, RANGES.sd[0]));
  element("sd").setAttribute("aria-valuetext", number(sd, 3));
  element("sd-shown").textContent = number(sd, 3);
  element("depth-shown").textContent = `${one.depth} layers`;
  element("width-shown").textContent = `${one.width} units`;
  laboratory.setText(element("gain"), `σ_w² = ${number(one.width * variance, 3)} in the hidden layers`);
  const both = setting.networks.length > 1;
  element("which").hidden = !both;
  element("second").textContent = both ? "Remove B" : "Compare with a second network";
  element(chosen ? "chosen-b" : "chosen-a").checked = true;
}

function showPresets() {
  for (const button of document.querySelectorAll("[data-state]")) {
    button.setAttribute("aria-pressed", laboratory.agrees(button.dataset.state, network(), setting));
  }
}

function say(wrong) {
  const words = `Not everything that was asked for can be shown: ${wrong.join("; ")}.`;
  element("corrected").textContent = wrong.length ? words : "";
}

function update({ moving = false } = {}) {
  laboratory.bench.show(setting, chosen, moving);
  showControls();
}

// Where a slider has come to, into the address.
function writeDown() {
  clearTimeout(resting);
  if (resting) address.move(setting);
  resting = 0;
}

// What can wait until a slider rests.
function rest() {
  writeDown();
  showPresets();
  laboratory.bench.rest();
}

// By a slider, that moves on.
function move(values) {
  put(values);
  say([]);
  update({ moving: true });
  clearTimeout(resting);
  resting = setTimeout(rest, REST);
}

// By a choice, that stands at once.
function choose(values) {
  writeDown();
  put(values);
  say([]);
  address.choose(setting);
  update();
  showPresets();
}

// Values of what both networks share, and of the one that the controls set.
function put({ seed = setting.seed, own = setting.own, networks, ...one }) {
  const each = networks ?? setting.networks.map((old, index) => (index === chosen ? { ...old, ...one } : old));
  setting = { networks: each, seed, own };
}

function take(found) {
  if (!found) return;
  clearTimeout(resting);
  resting = 0;
  setting = found.setting;
  chosen = Math.min(chosen, setting.networks.length - 1);
  showSeed();
  say(found.wrong);
  update();
  showPresets();
}

// A second network begins as the first with another scale, so that there is something to compare.
function addOrRemove() {
  const [first, second] = setting.networks;
  const other = first.initializer === "HeNormal" ? "GlorotNormal" : "HeNormal";
  chosen = second ? 0 : 1;
  choose({ networks: second ? [first] : [first, { ...first, initializer: other }] });
}

// The seed that is drawn, whatever was being typed.
function showSeed() {
  element("seed").value = setting.seed;
  element("seed").removeAttribute("aria-invalid");
}

// Only a seed that there is draws anything; until then the picture stays, and a line says so.
function typeSeed({ target }) {
  const seed = Number(target.value);
  const fits = target.value !== "" && Number.isInteger(seed) && within("seed", seed) === seed;
  target.setAttribute("aria-invalid", !fits);
  if (fits) {
    move({ seed });
  } else {
    const [low, high] = RANGES.seed;
    say([`a seed is a whole number from ${low} to ${high}, and ${setting.seed} is still drawn`]);
  }
}

function listen() {
  element("initializer").addEventListener("input", ({ target }) => {
    // The one with a deviation of its own takes over that which is on show.
    const sd = within("sd", Math.sqrt(laboratory.hiddenVariance(network())) || START.networks[0].sd);
    choose({ initializer: target.value, ...(target.value === FREE && { sd }) });
  });
  element("sd").addEventListener("input", ({ target }) => {
    move({ initializer: FREE, sd: 10 ** Number(target.value) });
  });
  element("activation").addEventListener("input", ({ target }) => choose({ activation: target.value }));
  for (const name of ["width", "depth"]) {
    element(name).addEventListener("input", ({ target }) => move({ [name]: Number(target.value) }));
  }
  element("seed").addEventListener("input", typeSeed);
  // When it is done the field shows the seed that is drawn.
  element("seed").addEventListener("change", () => {
    showSeed();
    say([]);
  });
  element("again").addEventListener("click", () => choose({ seed: (setting.seed % RANGES.seed[1]) + 1 }));
  element("own").addEventListener("input", ({ target }) => choose({ own: Number(target.checked) }));
  element("second").addEventListener("click", addOrRemove);
  element("which").addEventListener("input", ({ target }) => {
    chosen = Number(target.value);
    update();
    showPresets();
  });
  element("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-state]")) {
    button.addEventListener("click", () => {
      const asked = { networks: [network()], seed: setting.seed, own: setting.own };
      choose(laboratory.read(button.dataset.state, asked).setting.networks[0]);
    });
  }
  addEventListener("hashchange", () => take(address.open()));
}

listen();
laboratory.bench.listen();
element("bench").hidden = false;
take(address.open() ?? { setting: START, wrong: [] });
