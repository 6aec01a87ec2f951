// Batches of the images that training sees, in an order of its own for each pass over them.

const laboratory = (globalThis.laboratory ??= {});

const IMAGES = "laboratory/images.js";

// The images, from a file beside the page that is loaded once: bytes (images, features), deflated.
laboratory.images = async () => {
  await finder.load(IMAGES);
  const { labels, pixels, features } = laboratory.deflated;
  const stream = new Blob([laboratory.bytes(pixels)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const whole = new Uint8Array(await new Response(stream).arrayBuffer());
  return { labels: Uint8Array.from(labels), pixels: whole, features };
};

// Rows in the order of one pass, shuffled by the seed.
function order(count, seed, pass) {
  const next = laboratory.stream(seed, pass, count);
  const rows = Uint32Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [rows[at], rows[other]] = [rows[other], rows[at]];
  }
  return rows;
}

// Batches without an end: whole ones, and a new order when the images have been seen.
laboratory.batches = function* ({ labels, pixels, features }, size, seed) {
  for (let pass = 1; ; pass++) {
    const rows = order(labels.length, seed, pass);
    for (let first = 0; first + size <= rows.length; first += size) {
      const bytes = new Uint8Array(size * features);
      const own = new Uint8Array(size);
      for (let n = 0; n < size; n++) {
        const row = rows[first + n];
        own[n] = labels[row];
        bytes.set(pixels.subarray(row * features, (row + 1) * features), n * features);
      }
      yield { labels: own, pixels: laboratory.pixels(bytes) };
    }
  }
};
