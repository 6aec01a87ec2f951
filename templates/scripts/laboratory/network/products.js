// Products of matrices, which take nearly all of the time.

const laboratory = (globalThis.laboratory ??= {});

// Rows `first` to `last` of out (rows, fanOut) = scale · signal (rows, fanIn) · kernel, whose entries
// lie unit by unit. Four rows and two units at a time, so that every number that is fetched is used
// more than once.
function block(kernel, fanIn, fanOut, signal, [first, last], scale, out) {
  for (let n = first; n < last; n += 4) {
    const h0 = n * fanIn;
    const h1 = h0 + fanIn;
    const h2 = h1 + fanIn;
    const h3 = h2 + fanIn;
    for (let j = 0; j < fanOut; j += 2) {
      const one = j * fanIn;
      const other = one + fanIn;
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let i = 0; i < fanIn; i++) {
        const a = kernel[one + i];
        const b = kernel[other + i];
        const s0 = signal[h0 + i];
        const s1 = signal[h1 + i];
        const s2 = signal[h2 + i];
        const s3 = signal[h3 + i];
        a0 += a * s0;
        a1 += a * s1;
        a2 += a * s2;
        a3 += a * s3;
        b0 += b * s0;
        b1 += b * s1;
        b2 += b * s2;
        b3 += b * s3;
      }
      const at = n * fanOut + j;
      out[at] = scale * a0;
      out[at + 1] = scale * b0;
      out[at + fanOut] = scale * a1;
      out[at + fanOut + 1] = scale * b1;
      out[at + 2 * fanOut] = scale * a2;
      out[at + 2 * fanOut + 1] = scale * b2;
      out[at + 3 * fanOut] = scale * a3;
      out[at + 3 * fanOut + 1] = scale * b3;
    }
  }
}

const AT_ONCE = 5e5; // products before others may have their turn

// All of it, a block of rows after the other; rows are a multiple of four and units of two.
function* product(kernel, fanIn, fanOut, signal, rows, scale, out) {
  const step = 4 * Math.max(1, Math.floor(AT_ONCE / (fanIn * fanOut) / 4));
  for (let first = 0; first < rows; first += step) {
    block(kernel, fanIn, fanOut, signal, [first, Math.min(rows, first + step)], scale, out);
    yield;
  }
}

const SIDE = 32; // of a square that is turned over at once, so that it stays in the cache

// into (columns, rows) = the transpose of from (rows, columns).
function transposed(from, rows, columns, into) {
  for (let top = 0; top < rows; top += SIDE) {
    for (let left = 0; left < columns; left += SIDE) {
      for (let row = top; row < Math.min(rows, top + SIDE); row++) {
        for (let column = left; column < Math.min(columns, left + SIDE); column++) {
          into[column * rows + row] = from[row * columns + column];
        }
      }
    }
  }
  return into;
}

Object.assign(laboratory, { product, transposed });
