// Work in slices, so that the page answers in between: a generator that yields wherever it can wait.

const laboratory = (globalThis.laboratory ??= {});

const SLICE = 5; // ms, so that a pause is short even where a processor is some four times slower

// The result of work that is wanted now.
laboratory.finished = (work) => {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
};

// Do work when nothing else is to be done, and hand over its result; the function that is returned
// ends it before.
laboratory.inSlices = (work, done, slice = SLICE) => {
  const { port1, port2 } = new MessageChannel();
  const next = () => port2.postMessage(null);
  let ended = false;
  port1.onmessage = () => {
    if (ended) return;
    const until = performance.now() + slice;
    let step;
    do step = work.next();
    while (!step.done && performance.now() < until);
    if (!step.done) return next(); // behind what else is waiting
    port1.close();
    done(step.value);
  };
  next();
  return () => {
    ended = true;
    port1.close();
  };
};
