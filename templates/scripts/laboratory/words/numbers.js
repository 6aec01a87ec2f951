// Numbers as one writes them by hand.

const laboratory = (globalThis.laboratory ??= {});

const SPACE = "\u00a0"; // a number is not broken at the end of a line
const DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

laboratory.power = (exponent) =>
  `${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((d) => DIGITS[d]).join("")}`;

// A number to so many significant digits, as one writes it by hand: 0.0021, 2.1 × 10⁻⁹.
laboratory.number = (value, digits = 2) => {
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  const text =
    power < -3 || power > 3
      ? `${mantissa}${SPACE}×${SPACE}10${laboratory.power(power)}`
      : Number(value.toPrecision(digits)).toFixed(Math.max(0, digits - 1 - power));
  return text.replace("-", "−");
};

// A setting, as short as it was given.
laboratory.given = (value) => String(Number(value.toPrecision(3)));

laboratory.plural = (number, thing) => (number === 1 ? thing : `${thing}s`);

const SLIGHT = 0.001; // a share below this is not written out
laboratory.isSlight = (share) => share > 0 && share < SLIGHT;

function percent(share) {
  if (laboratory.isSlight(share)) return `less than 0.1${SPACE}%`;
  if (share < 1 && share > 1 - SLIGHT) return `more than 99.9${SPACE}%`;
  const digits = share === 0 || share >= 0.1 ? 0 : 1;
  return `${(100 * share).toFixed(digits)}${SPACE}%`;
}
laboratory.percent = percent;

// Text into an element; the gain σ_w² is set with its index below the line.
laboratory.setText = (target, words) => {
  const parts = words.split("σ_w²").flatMap((part, index) => {
    const below = document.createElement("sub");
    below.textContent = "w";
    return index ? ["σ", below, "²", part] : [part];
  });
  target.replaceChildren(...parts);
};
