// Runs before the page is drawn: the reader's choice of theme, so that nothing flashes.
// Without a choice the style sheet follows the system.

const root = document.documentElement;

// What follows what: from the system's choice first the other one, so that each reader sees the
// first click do something; then the same, and the system again.
function choices() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return ["system", ...(dark ? ["light", "dark"] : ["dark", "light"])];
}

function stored() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // a browser may refuse storage to a page from disk
  }
}

function apply(choice) {
  if (choice === "light" || choice === "dark") root.dataset.theme = choice;
  else delete root.dataset.theme;
}

apply(stored());

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button.theme");
  if (!button) return;
  let choice = choices().includes(stored()) ? stored() : "system";
  const show = () => {
    button.querySelector("span").textContent = choice;
    button.setAttribute("aria-label", `Theme: ${choice}`);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const order = choices();
    choice = order[(order.indexOf(choice) + 1) % order.length];
    apply(choice);
    try {
      localStorage.setItem("theme", choice);
    } catch {
      // the choice then lasts as long as the page
    }
    show();
  });
  show();
});
