// Single runs, by the beginning of their identity, or by their seed with words of their experiment or
// variant. They come from the index of the page of runs, which may be large: it is loaded when a query
// could mean a run.

const { finder } = globalThis;
const IDENTITY = /^(?=.*\d)[0-9a-f]{4,64}$/;
const MOST = 12;

function meant(query) {
  const words = finder.bare(query).split(/[\s,:=]+/).filter((word) => word && word !== "seed" && word !== "run");
  const identity = words.filter((word) => IDENTITY.test(word));
  const seeds = words.filter((word) => /^\d+$/.test(word) && word.length < 10);
  const names = words.filter((word) => !identity.includes(word) && !seeds.includes(word));
  return { identity, seeds, names };
}

function fits(row, { identity, seeds, names }) {
  // A number of four digits and more may be either.
  const own = [...identity, ...seeds].every((word) => {
    if (seeds.includes(word) && row.seed === word) return true;
    return identity.includes(word) && (row.short.startsWith(word) || word.startsWith(row.short));
  });
  return own && names.every((word) => row.names.includes(word));
}

function* rows() {
  const at = ({ texts, at: places }, place) => (places ? texts[places[place]] : texts[place]);
  for (const [experiment, { groups, columns, anchors }] of Object.entries(globalThis.runs.index.tables)) {
    const [title, variants] = finder.runs[experiment];
    let place = 0;
    for (const [number, count] of groups.entries()) {
      const names = finder.bare(`${experiment} ${title} ${variants[number]}`);
      for (const end = place + count; place < end; place += 1) {
        const short = at(columns[0], place);
        const anchor = anchors[place] ?? `run-${short}`;
        yield { experiment, title, variant: variants[number], names, short, seed: at(columns[1], place), anchor };
      }
    }
  }
}

async function foundRuns(query) {
  const asked = meant(query);
  const seeded = asked.seeds.length && (asked.names.length || /\bseed\b/i.test(query));
  if (!asked.identity.length && !seeded) return [];
  if (!globalThis.runs?.index) await finder.load("runs/index.js");
  const hits = [];
  for (const row of rows()) {
    if (!fits(row, asked)) continue;
    const address = new URLSearchParams({ experiment: row.experiment, variant: row.variant });
    hits.push({
      kind: "run",
      address: `runs.html?${address}#${row.anchor}`,
      title: `${row.title}: ${row.variant}, seed ${row.seed}`,
      where: "Runs",
      text: row.short,
      terms: [...asked.identity, ...asked.seeds, ...asked.names],
    });
    if (hits.length === MOST) break;
  }
  return hits;
}

Object.assign(finder, { foundRuns });
