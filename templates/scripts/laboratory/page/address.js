// The address says what is shown. A choice is a step that Back takes back; so are all movements of
// sliders between two choices, as one.

const laboratory = (globalThis.laboratory ??= {});

// A hash such as #stored is a place on the page and no setting.
const isSetting = (hash) => hash.includes("=");

const said = (setting) => `#${laboratory.write(setting)}`;

function choose(setting) {
  if (said(setting) !== location.hash) history.pushState(null, "", said(setting));
}

function move(setting) {
  if (said(setting) === location.hash) return;
  const again = history.state?.moving && isSetting(location.hash);
  history[again ? "replaceState" : "pushState"]({ moving: true }, "", said(setting));
}

// What the address asks for, in whole or in what is possible of it; the address is corrected with it.
// Nothing where it names a place on the page.
function open() {
  if (!isSetting(location.hash)) {
    return location.hash.length > 1 ? null : { setting: laboratory.setting.START, wrong: [] };
  }
  const found = laboratory.read(location.hash);
  if (said(found.setting) !== location.hash) history.replaceState(history.state, "", said(found.setting));
  return found;
}

laboratory.address = { choose, move, open };
