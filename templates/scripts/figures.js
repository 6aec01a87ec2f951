// Figures that answer: a pointer or the arrow keys read values, a legend isolates a variant on all
// figures of the page, switches change what the notebook's figures show.

const SVG = "http://www.w3.org/2000/svg";
const HTML = "http://www.w3.org/1999/xhtml";
const REACH = 60; // CSS pixels within which a pointer reads a mark
const phone = matchMedia("(max-width: 40rem)");
const plates = [];
let isolated = "";

function element(name, attributes = {}, text = "", space = HTML) {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function parsed(source, place) {
  const data = source.querySelector(place);
  return data ? JSON.parse(data.textContent) : [];
}

// The range of a mean is from the lowest to the highest of its seeds; others say what they are.
const ranged = (what, range) => (range && what.startsWith("mean of") ? `seeds from ${range}` : range);

// One tip for all figures. It is fixed to the window, so that it moves nothing else. What it says
// is said again in the figure's live region, so that it is hidden from screen readers.
const tip = element("div", { class: "tip", "aria-hidden": "true", hidden: "" });

class Plate {
  constructor(figure) {
    this.figure = figure;
    this.plot = figure.querySelector(".plot");
    this.narrow = { svg: this.plot.querySelector("svg.narrow") };
    this.views = new Map([["", { svg: this.plot.querySelector("svg.wide"), source: figure }]]); // by name
    this.view = "";
    this.name = figure.querySelector("figcaption .label").textContent.replace(/\.$/, "");
    this.place = null; // [series, point] of the reading shown
    this.addReader();
    this.addButtons();
    this.addSwitches();
  }

  // The reader lies over the drawing. It has the role of an application, as it needs the arrow keys
  // that a screen reader keeps for itself elsewhere; the drawing, an image with its text, is its
  // sibling and not its child, so that it can still be read like any other image.
  addReader() {
    this.reader = element("div", {
      class: "reader",
      role: "application",
      tabindex: "0",
      "aria-label": `Values of ${this.name}: left and right arrows read a series, up and down change it`,
    });
    this.spoken = element("p", { class: "spoken", "aria-live": "polite" });
    this.plot.append(this.reader, this.spoken);
    this.reader.addEventListener("pointermove", (event) => this.point(event));
    this.reader.addEventListener("pointerdown", (event) => this.point(event));
    this.reader.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") this.hide(); // a finger leaves when it is lifted
    });
    this.reader.addEventListener("keydown", (event) => this.key(event));
    this.reader.addEventListener("blur", () => this.hide());
  }

  // The drawing that the page has room for: the figure has one for a wide and one for a narrow page.
  get svg() {
    return phone.matches ? this.narrow.svg : this.views.get(this.view).svg;
  }

  // Parsed when first asked for.
  get series() {
    if (phone.matches) return (this.narrow.series ??= this.narrowed());
    const view = this.views.get(this.view);
    return (view.series ??= parsed(view.source, "script.marks"));
  }

  // What the narrow drawing says as the wide one does is told by its number there.
  narrowed() {
    const wide = parsed(this.figure, "script.marks");
    return parsed(this.figure, "script.narrow-marks").map((each) =>
      each.of === undefined ? each : { ...wide[each.of], at: each.at },
    );
  }

  // While a variant is isolated here, only its series are read.
  read(index) {
    return !isolated || !this.has(isolated) || this.series[index].v === isolated;
  }

  has(variant) {
    return this.svg.querySelector(`[data-variant="${variant}"]`) !== null;
  }

  // From user units of the drawing to pixels of the window.
  where([s, p]) {
    const { at } = this.series[s];
    return new DOMPoint(at[2 * p], at[2 * p + 1]).matrixTransform(this.svg.getScreenCTM());
  }

  point(event) {
    let best = null;
    let least = REACH;
    this.series.forEach((series, s) => {
      if (!this.read(s)) return;
      for (let p = 0; p < series.a.length; p += 1) {
        const { x, y } = this.where([s, p]);
        const far = Math.hypot(x - event.clientX, y - event.clientY);
        if (far < least) [best, least] = [[s, p], far];
      }
    });
    if (best) this.show(best);
    else this.hide();
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = this.step(event.key);
    if (!next) return;
    event.preventDefault();
    this.show(next);
    this.ring.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.showTip();
  }

  // Where a key leads from the place shown, which begins at the first mark.
  step(key) {
    const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
    if (!keys.includes(key)) return null;
    const known = [...this.series.keys()].filter((s) => this.read(s));
    if (!known.length) return null;
    if (!this.place || !known.includes(this.place[0])) {
      return [known[0], key === "End" ? this.series[known[0]].a.length - 1 : 0];
    }
    const [s, p] = this.place;
    const last = this.series[s].a.length - 1;
    if (key === "Home") return [s, 0];
    if (key === "End") return [s, last];
    if (key === "ArrowLeft") return [s, Math.max(0, p - 1)];
    if (key === "ArrowRight") return [s, Math.min(last, p + 1)];
    const turn = known.indexOf(s) + (key === "ArrowUp" ? -1 : 1);
    const other = known[(turn + known.length) % known.length];
    return [other, this.nearest(other)];
  }

  // The point of another series that is nearest to the one shown.
  nearest(other) {
    const here = this.where(this.place);
    const far = this.series[other].a.map((_, p) => {
      const there = this.where([other, p]);
      return Math.hypot(there.x - here.x, there.y - here.y);
    });
    return far.indexOf(Math.min(...far));
  }

  show(place) {
    // The tip may be another figure's: the one that has a ring is the one that it belongs to.
    const same = this.ring && !tip.hidden && String(this.place) === String(place);
    if (same) return;
    for (const other of plates) if (other !== this) other.hide();
    this.place = place;
    const [s, p] = place;
    const { n, p: panel, w, a, b, r, at } = this.series[s];
    const value = `${a[p]}: ${b[p]}`;
    const range = ranged(w, r?.[p] ?? "");
    const beside = [w, range].filter(Boolean).join(", ");
    this.drawRing(at[2 * p], at[2 * p + 1]);
    tip.replaceChildren(
      element("strong", {}, n),
      element("span", { class: "panel" }, panel),
      element("span", { class: "value" }, value),
      element("span", {}, beside),
    );
    this.showTip();
    this.say(`${n}, ${panel}. ${value}${beside ? `; ${beside}` : ""}`);
  }

  drawRing(x, y) {
    this.ring?.remove();
    this.ring = element("g", { class: "ring" }, "", SVG);
    for (const part of ["hem", "ink"]) {
      this.ring.append(element("circle", { class: part, cx: x, cy: y, r: 5 }, "", SVG));
    }
    this.svg.append(this.ring);
  }

  // Beside the mark, above it where there is room: it neither covers the mark nor leaves the window.
  showTip() {
    tip.hidden = false;
    const { x, y } = this.where(this.place);
    const { width, height } = tip.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - 8;
    const floor = document.documentElement.clientHeight - height - 8;
    const left = x + 18 > room ? x - 18 - width : x + 18;
    const top = y - 16 - height < 8 ? y + 18 : y - 16 - height;
    tip.style.left = `${Math.max(8, Math.min(left, room))}px`;
    tip.style.top = `${Math.max(8, Math.min(top, floor))}px`;
  }

  hide() {
    if (!this.ring) return;
    this.ring.remove();
    this.ring = null;
    tip.hidden = true;
  }

  say(text) {
    this.spoken.textContent = text;
  }

  addButtons() {
    for (const item of this.figure.querySelectorAll(".legend > [data-legend]")) {
      const button = element("button", {
        type: "button",
        "aria-pressed": "false",
        title: "Shows this variant alone on the page",
      });
      button.append(...item.firstElementChild.childNodes);
      item.firstElementChild.replaceWith(button);
      button.addEventListener("click", () => {
        const variant = item.dataset.legend;
        isolate(isolated === variant ? "" : variant);
        const count = plates.filter((plate) => isolated && plate.has(isolated)).length;
        const figures = count === 1 ? "this figure" : `${count} figures`;
        this.say(isolated ? `${button.textContent} alone in ${figures}` : "All variants");
      });
    }
  }

  // Fades what is not of the isolated variant, where the figure has that variant.
  fade() {
    const fading = isolated && this.has(isolated);
    for (const each of this.figure.querySelectorAll("[data-variant], [data-legend]")) {
      const own = each.dataset.variant ?? each.dataset.legend;
      each.classList.toggle("faded", Boolean(fading) && own !== isolated);
      const button = each.querySelector(":scope > button");
      button?.setAttribute("aria-pressed", String(own === isolated));
    }
    this.hide();
  }

  addSwitches() {
    for (const input of this.figure.querySelectorAll("input[data-view]")) {
      input.addEventListener("change", () => this.change(input.dataset.view));
    }
    for (const input of this.figure.querySelectorAll("input[data-spread]")) {
      input.addEventListener("change", () => {
        this.figure.dataset.spread = input.dataset.spread;
        const drawn = input.dataset.spread === "seeds" ? "seeds" : "band";
        this.say(this.figure.querySelector(`.drawn[data-spread="${drawn}"]`).textContent);
      });
    }
  }

  // Puts a view in the place of the drawing for a wide page; all have one size.
  change(name) {
    this.hide();
    this.place = null;
    if (!this.views.has(name)) {
      const source = this.figure.querySelector(`template[data-view="${name}"]`).content;
      this.views.set(name, { svg: source.querySelector("svg").cloneNode(true), source });
    }
    const before = this.views.get(this.view).svg;
    this.view = name;
    before.replaceWith(this.views.get(name).svg);
    this.fade();
  }
}

function isolate(variant) {
  isolated = variant;
  for (const plate of plates) plate.fade();
}

for (const figure of document.querySelectorAll("figure.figure")) plates.push(new Plate(figure));
if (plates.length) {
  document.body.append(tip);
  phone.addEventListener("change", () => {
    for (const plate of plates) Object.assign(plate, { place: null }).hide();
  });
  // What all figures of the page do is told once, above its first.
  const isolating = document.querySelector(".legend button") ? " Select a name in a legend to see it alone on the page." : "";
  const how = matchMedia("(hover: none)").matches ? "Tap a mark" : "Point at a mark, or use the arrow keys,";
  plates[0].figure.prepend(element("p", { class: "hint" }, `${how} to read its value.${isolating}`));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!tip.hidden) for (const plate of plates) plate.hide();
    else if (isolated) {
      isolate("");
      const focused = plates.find((plate) => plate.figure.contains(document.activeElement));
      (focused ?? plates[0]).say("All variants");
    }
  });
  // A finger that touches elsewhere, and a page that moves below the tip.
  document.addEventListener("pointerdown", (event) => {
    for (const plate of plates) if (!plate.reader.contains(event.target)) plate.hide();
  });
  document.addEventListener("scroll", () => {
    for (const plate of plates) if (plate.ring && !tip.hidden) plate.showTip();
  }, { passive: true });
}
