// The first page's small laboratory: one deep network, one slider, one curve. Where it stands beside
// the text it is open; on a phone the reader opens it, and nothing is computed before.

const laboratory = (globalThis.laboratory ??= {});

const { finished, inSlices, number } = laboratory;
const { hero } = laboratory.rules;

const THUMB = 16; // px: the middle of a slider's knob stays half of it away from either end
const LEVEL = 0.004; // of a decimal logarithm: so near to a mark is on it

const element = (id) => document.getElementById(id);

const live = element("hero-live");
const slider = element("hero-sd");
const marks = [...document.querySelectorAll(".hero [data-sd]")];
let sd = hero.sd;
let ready = false; // the kernels are drawn
let frame = 0;
let end = () => {};

const setting = () => ({ ...hero.network, sd });

// The mark that the slider stands on, if it does.
const marked = () => marks.find((each) => Math.abs(Math.log10(Number(each.dataset.sd) / sd)) < LEVEL);

function words(found) {
  const values = found.layers.slice(0, -1).map((layer) => layer.sum_mean_square);
  const { kind, rate, expected } = laboratory.course(values, found.theory.sums.slice(0, -1));
  const at = marked() ? `${marked().textContent}: the` : "The";
  const factors = `${number(rate, 3)} (theory: ${number(expected, 3)})`;
  return `${at} signal ${laboratory.VERBS[kind]}. Each layer multiplies its mean square by ${factors}.`;
}

function draw(found) {
  const values = found.layers.map((layer) => layer.sum_mean_square);
  laboratory.byLayer(element("line-hero"), [{ values, theory: found.theory.sums }], { small: true });
  element("hero-words").textContent = words(found);
}

function showControls() {
  slider.value = Math.log10(sd);
  slider.setAttribute("aria-valuetext", number(sd, 3));
  element("hero-shown").textContent = number(sd, 3);
  for (const each of marks) each.setAttribute("aria-pressed", each === marked());
  const { seed, ...network } = setting();
  element("hero-link").href = `laboratory.html#${laboratory.write({ networks: [network], seed, own: 0 })}`;
}

const measuring = () => laboratory.measuring({ ...setting(), ahead: true });

// The first picture comes in slices, since its kernels are to be drawn; all others within a frame.
function show() {
  showControls();
  cancelAnimationFrame(frame);
  if (ready) {
    frame = requestAnimationFrame(() => draw(finished(measuring())));
    return;
  }
  end();
  end = inSlices(measuring(), (found) => {
    ready = true;
    draw(found);
  });
}

function set(value) {
  sd = value;
  show();
}

function place() {
  const [low, high] = [slider.min, slider.max].map(Number);
  for (const each of marks) {
    const share = (Math.log10(Number(each.dataset.sd)) - low) / (high - low);
    each.style.left = `calc(${THUMB / 2}px + ${share} * (100% - ${THUMB}px))`;
    each.addEventListener("click", () => set(Number(each.dataset.sd)));
  }
}

place();
slider.addEventListener("input", () => set(10 ** Number(slider.value)));
addEventListener("laboratory-resize", () => ready && show());
live.addEventListener("toggle", () => live.open && show());
showControls();
live.hidden = false;
live.open = Boolean(getComputedStyle(live).getPropertyValue("--beside")); // as the style sheet places it
