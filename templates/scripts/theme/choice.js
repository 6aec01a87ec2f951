// Runs before the page is drawn: the reader's choice of theme, so that nothing flashes.
// Without a choice the style sheet follows the system.

const root = document.documentElement;
const CHOICES = ["system", "light", "dark"];

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
  let choice = CHOICES.includes(stored()) ? stored() : "system";
  const show = () => {
    button.querySelector("span").textContent = choice;
    button.setAttribute("aria-label", `Theme: ${choice}`);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
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
