// What the search reads: a library and the entries of all pages, loaded when it is first used, and
// the runs when a run is first looked for. A page from disk may run scripts from beside it, but read
// no file. The files of the search share this one object.

const finder = (globalThis.finder ??= {});
const coming = new Map();

function arrival(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${address} is missing`));
    script.src = address;
    document.head.append(script);
  });
}

// A script is asked for twice. What failed both times is forgotten, so that the next letter typed
// tries again: a connection may be back.
function load(address) {
  if (!coming.has(address)) {
    const pause = new Promise((done) => setTimeout(done, 300));
    const arrived = arrival(address).catch(() => pause.then(() => arrival(address)));
    arrived.catch(() => coming.delete(address));
    coming.set(address, arrived);
  }
  return coming.get(address);
}

Object.assign(finder, { load });
