// The page as the address asks for it.

const { runs } = globalThis;

const { bar, behind, experiment, read, filter, measure, followed } = runs.filters;
const { reveal } = runs;

document.documentElement.classList.add("with-script");
bar.hidden = false;
read();
filter();
measure();

// What is written as an address, or as it is where it cannot be one.
function placed(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

function land() {
  const anchor = placed(location.hash.slice(1));
  reveal(anchor);
  const target = document.getElementById(anchor);
  // The runs of a claim or a number are read from what is said of it, one group alone from the
  // heading of its table.
  const alone = experiment.value && target?.tagName === "TBODY";
  let shown = alone ? target.closest("section").querySelector("h2") : target;
  if (followed()) {
    shown = behind;
    behind.focus({ preventScroll: true }); // who hears the page begins there, too
  }
  shown?.scrollIntoView({ behavior: "instant" });
}

land();
// Until the page is loaded the browser itself goes to the anchor, now and then.
window.addEventListener("load", () => requestAnimationFrame(() => setTimeout(land)));
window.addEventListener("hashchange", land);
