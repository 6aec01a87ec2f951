// The page of the laboratory: controls, what they change, and the address that remembers them.

const laboratory = (globalThis.laboratory ??= {});

const REST = 350; // ms without a change, after which it is written down and spoken

const element = (id) => document.getElementById(id);

const { START, RANGES, FREE, within } = laboratory.setting;
const { show, drawTable, drawCurves } = laboratory.view;

let state = { ...START };
let waiting = 0;
let resting = 0;

// A hash such as #stored is a place on the page and no setting.
const named = (hash) => hash.includes("=");

function showControls() {
  const { number } = laboratory;
  const variance = laboratory.hiddenVariance(state);
  const sd = Math.sqrt(variance);
  for (const name of ["initializer", "activation", "width", "depth", "seed"]) {
    if (element(name) !== document.activeElement || element(name).type !== "number") {
      element(name).value = state[name];
    }
  }
  element("own").checked = Boolean(state.own);
  element("sd").value = Math.log10(Math.max(sd, RANGES.sd[0]));
  element("sd").setAttribute("aria-valuetext", number(sd, 3));
  element("sd-shown").textContent = number(sd, 3);
  element("depth-shown").textContent = `${state.depth} layers`;
  element("width-shown").textContent = `${state.width} units`;
  laboratory.setText(
    element("gain"),
    `σ_w² = ${number(state.width * variance, 3)} in the hidden layers`,
  );
  for (const button of document.querySelectorAll("[data-state]")) {
    const same = laboratory.write({ ...state, seed: START.seed, own: 0 });
    const pressed = laboratory.write(laboratory.parse(button.dataset.state)) === same;
    button.setAttribute("aria-pressed", pressed);
  }
}

function draw() {
  waiting = 0;
  const start = performance.now();
  const found = laboratory.measure(state);
  const measured = performance.now();
  show(state, found);
  showControls();
  laboratory.took = { compute: measured - start, draw: performance.now() - measured };
}

// What can wait until the reader pauses: the address, the table, and what is said aloud.
function rest() {
  resting = 0;
  const hash = `#${laboratory.write(state)}`;
  if (hash !== location.hash) history.replaceState(null, "", hash);
  drawTable();
  element("status").textContent =
    `${element("signal-words").textContent} ${element("gradient-words").textContent}`;
}

// At most one computation a frame, however fast a slider moves.
function change(values) {
  state = { ...state, ...values };
  if (!waiting) waiting = requestAnimationFrame(draw);
  clearTimeout(resting);
  resting = setTimeout(rest, REST);
}

function listen() {
  element("initializer").addEventListener("input", ({ target }) => {
    // The one with a deviation of its own takes over that which is on show.
    const sd = within("sd", Math.sqrt(laboratory.hiddenVariance(state)) || START.sd);
    change({ initializer: target.value, ...(target.value === FREE && { sd }) });
  });
  element("sd").addEventListener("input", ({ target }) =>
    change({ initializer: FREE, sd: 10 ** Number(target.value) }),
  );
  element("activation").addEventListener("input", ({ target }) => change({ activation: target.value }));
  for (const name of ["width", "depth"]) {
    element(name).addEventListener("input", ({ target }) => change({ [name]: Number(target.value) }));
  }
  element("seed").addEventListener("input", ({ target }) => {
    const seed = Number.parseInt(target.value, 10);
    if (Number.isFinite(seed)) change({ seed: within("seed", seed) });
  });
  // While it is typed the field is left as it is; when it is done it shows the seed that is drawn.
  element("seed").addEventListener("change", ({ target }) => {
    target.value = state.seed;
  });
  element("again").addEventListener("click", () => change({ seed: (state.seed % RANGES.seed[1]) + 1 }));
  element("own").addEventListener("input", ({ target }) => change({ own: Number(target.checked) }));
  element("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-state]")) {
    button.addEventListener("click", () => change(laboratory.parse(button.dataset.state)));
  }
  addEventListener("hashchange", () => {
    if (named(location.hash)) change(laboratory.parse(location.hash));
  });
}

if (named(location.hash)) state = laboratory.parse(location.hash);
listen();
laboratory.view.listen();
element("bench").hidden = false;
draw();
drawTable();
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return; // a phone's address bar comes and goes
  width = innerWidth;
  drawCurves();
  change({});
});
