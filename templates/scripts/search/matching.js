// Which entries a query finds, the best first: every word of it has to occur, as the beginning of a
// word, or, of five letters and more, nearly so.

const { finder } = globalThis;
const WEIGHTS = { term: 3, claim: 1.3, figure: 1.2, table: 1.2, text: 1, reference: 0.8, run: 0.7 };

// Accents do not count, nor does the case of letters.
const bare = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function indexed() {
  const index = new globalThis.MiniSearch({
    fields: ["title", "text"],
    processTerm: bare,
    searchOptions: {
      boost: { title: 3 },
      combineWith: "AND",
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      boostDocument: (id) => WEIGHTS[finder.entries[id][0]],
    },
  });
  index.addAll(finder.entries.map(([, , title, , text], id) => ({ id, title, text })));
  return index;
}

// Returns hits: kind, address, title, where, text, and the words of the entry that were found.
async function found(query) {
  await Promise.all([finder.load("search/minisearch.js"), finder.load("search/index.js")]);
  finder.index ??= indexed();
  return finder.index.search(query).map(({ id, terms }) => {
    const [kind, address, title, where, text] = finder.entries[id];
    return { kind, address, title, where, text, terms };
  });
}

Object.assign(finder, { found, bare });
