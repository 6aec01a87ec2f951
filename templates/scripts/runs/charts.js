// The history of a run as charts and as a table.

const { runs } = globalThis;

const { RAISED, data, make } = runs;

const inLoss = (value) => value.toFixed(data.decimals.loss);
const inPercent = (value) => `${(100 * value).toFixed(data.decimals.percent)} %`;

// A number as the page writes it: with a power of ten below a ten-thousandth and from a million on.
function magnitude(value) {
  const size = Math.abs(value);
  if (!size || (size >= 1e-4 && size < 1e6)) return String(value).replace("-", "\u2212");
  const [lead, power] = value.toExponential().replace("+", "").split("e");
  const raised = power.replace("-", "⁻").replace(/\d/g, (digit) => RAISED[digit]);
  return `${lead.replace("-", "\u2212")}\u00a0×\u00a010${raised}`;
}

function panels(row, history) {
  const { grid } = data.tables[row.section.name];
  const box = make("div", { class: "panels" });
  if (!history.length) return box;
  const colour = row.group.head.querySelector("path").getAttribute("stroke");
  if (history.length === 2) {
    const [signals, gradients] = history;
    const layers = signals.map((_, i) => i + 1);
    box.append(
      panel("Mean square of the activations by hidden layer", layers, signals, colour, magnitude),
      panel("Standard deviation of the gradient by hidden layer", layers, gradients, colour, magnitude),
      table(["Layer", "Mean square", "Gradient"], [layers, signals, gradients], magnitude),
    );
    return box;
  }
  const [loss, accuracy, valLoss, valAccuracy, curve] = history.map((values) =>
    values.map((value) => (value === null ? null : value / data.steps)),
  );
  const epochs = loss.map((_, i) => i + 1);
  box.append(
    curve
      ? panel("Training loss, nats, within the epochs", grid.slice(0, curve.length), curve, colour, inLoss)
      : panel("Training loss, nats, by epoch", epochs, loss, colour, inLoss),
    panel("Validation accuracy by epoch", epochs, valAccuracy, colour, inPercent, false),
    table(
      ["Epoch", "Training loss", "Training accuracy", "Validation loss", "Validation accuracy"],
      [epochs, loss, accuracy, valLoss, valAccuracy],
      inLoss,
      inPercent,
    ),
  );
  return box;
}

// A line with the value of its first, lowest, highest and last point beside the axis.
function panel(title, places, values, colour, written, logarithmic = true) {
  const [width, height, left] = [300, 110, 62];
  const points = places.map((x, i) => [x, values[i]]).filter(([, y]) => y !== null);
  const figure = make("figure", {}, make("figcaption", {}, title));
  if (!points.length) {
    figure.append("No finite value.");
    return figure;
  }
  const known = points.map(([, y]) => y).filter((y) => !logarithmic || y > 0);
  const high = known.length ? Math.max(...known) : 1;
  const low = known.length ? Math.max(Math.min(...known), logarithmic ? high * 1e-12 : -Infinity) : 1;
  const level = (y) => (logarithmic ? Math.log(Math.max(y, low)) : y);
  const [bottom, top] = [level(low), level(high)];
  const [first, last] = [places[0], places.at(-1)];
  const across = (x) =>
    last > first ? left + ((x - first) / (last - first)) * (width - left - 6) : (left + width) / 2;
  const down = (y) => (top > bottom ? 8 + ((top - level(y)) / (top - bottom)) * (height - 30) : height / 2);
  const text = (x, y, anchor, words) => make("text", { x, y, "text-anchor": anchor }, words);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  svg.setAttribute(
    "aria-label",
    `${title}: ${written(points[0][1])} first, ${written(points.at(-1)[1])} last, ` +
      `lowest ${written(low)}, highest ${written(high)}`,
  );
  svg.append(make("path", { class: "axis", d: `M${left - 6} 4V${height - 18}H${width}` }));
  for (const y of new Set([high, low])) svg.append(text(left - 10, down(y) + 4, "end", written(y)));
  for (const x of new Set([first, last])) {
    svg.append(text(across(x), height - 4, "middle", String(Number(x.toFixed(2)))));
  }
  const line = points.map(([x, y], i) => `${i ? "L" : "M"}${across(x).toFixed(1)} ${down(y).toFixed(1)}`);
  svg.append(make("path", { d: line.join("") + (line.length > 1 ? "" : "h0"), stroke: colour }));
  for (const [x, y] of points.length > 12 ? [] : points) {
    const at = { cx: across(x), cy: down(y), r: 2.5, fill: colour };
    svg.append(make("circle", at, make("title", {}, written(y))));
  }
  figure.append(svg);
  return figure;
}

function table(headers, columns, ...writers) {
  const head = make("tr", {}, ...headers.map((header) => make("th", { scope: "col" }, header)));
  const written = (value, column) => {
    if (value === null) return "–";
    if (!column) return String(value);
    return writers[(column - 1) % writers.length](value);
  };
  const body = columns[0].map((_, i) =>
    make("tr", {}, ...columns.map((values, column) => make("td", {}, written(values[i], column)))),
  );
  const whole = make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
  return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "History" }, whole);
}

runs.panels = panels;
