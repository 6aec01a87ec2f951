// What scrolls sideways fades at its right edge as long as there is more to see.

const boxes = [...document.querySelectorAll(".scroll, pre")];

function mark(box) {
  box.classList.toggle("more", box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
}

const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));
for (const box of boxes) {
  box.addEventListener("scroll", () => mark(box), { passive: true });
  sizes.observe(box);
}
