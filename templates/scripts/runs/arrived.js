// Where the index did not arrive the page stays as it is without these scripts, and says so by itself.

return Boolean(globalThis.runs?.index);
