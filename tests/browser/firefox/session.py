"""A Firefox of the system, driven through WebDriver BiDi, the standard it speaks by itself.

Playwright drives a Firefox of its own making, which is downloaded; of others it asks for commands
that the long-supported release does not know.
"""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.browser.opening import WAIT_MS

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
EVENTS = ("log.entryAdded", "network.fetchError", "network.responseCompleted")
PREFERENCES = {
    "app.update.disabledForTesting": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "layout.css.prefers-color-scheme.content-override": 1,  # light
}
"""So that it asks the network for nothing, and every machine shows the same theme."""
Message = dict[str, Any]


@dataclass
class Firefox:
    """A window of Firefox, and what its pages did wrong.

    A test that provokes an error on purpose looks for it in `problems` and clears the list.
    """

    connection: ClientConnection
    context: str = ""
    problems: list[str] = field(default_factory=list)
    _asked: int = 0

    def command(self, method: str, **parameters: object) -> Message:
        """Return what Firefox answers to a command; raise RuntimeError where it refuses."""
        self._asked += 1
        message = {"id": self._asked, "method": method, "params": parameters}
        self.connection.send(json.dumps(message))
        while (answer := self._next()).get("id") != self._asked:
            self._note(answer)
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        result: Message = answer["result"]
        return result

    def start(self) -> None:
        """Begin: listen to what pages say and ask for, and open a window for them."""
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=EVENTS)
        self.context = self.command("browsingContext.create", type="tab")["context"]

    def open(self, address: str, *, width: int = 1280, height: int = 900) -> None:
        """Load a page in a window of a size."""
        size = {"width": width, "height": height}
        self.command("browsingContext.setViewport", context=self.context, viewport=size)
        self.command("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page, waited for if it is a promise."""
        answer = self.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self.context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait(self, condition: str) -> None:
        """Wait until an expression is true; raise RuntimeError where it never is."""
        met = self.evaluate(
            f"""new Promise((done) => {{
              const ends = Date.now() + {WAIT_MS};
              const look = () => (({condition}) ? done(true)
                : Date.now() > ends ? done(false) : setTimeout(look, 50));
              look();
            }})"""
        )
        if not met:
            raise RuntimeError(f"in vain: {condition}")

    def click(self, selector: str) -> None:
        """Click the first element that a selector finds, with a pointer, where it stands."""
        steps: list[Message] = [self._over(selector)]
        steps += [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._act({"type": "pointer", "id": "mouse", "actions": steps})

    def hover(self, selector: str) -> None:
        """Move the pointer over the first element that a selector finds."""
        self._act({"type": "pointer", "id": "mouse", "actions": [self._over(selector)]})

    def type(self, *keys: str) -> None:
        """Press keys one after the other: letters, or those of the standard, such as TAB below."""
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": steps})

    def collect(self) -> None:
        """Take in what was said since the last command."""
        self.evaluate("new Promise((done) => setTimeout(done, 50))")

    def _over(self, selector: str) -> Message:
        found = f"document.querySelector({json.dumps(selector)})"
        self.evaluate(f"{found}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        answer = self.command(
            "browsingContext.locateNodes",
            context=self.context,
            locator={"type": "css", "value": selector},
            maxNodeCount=1,
        )
        origin = {"type": "element", "element": {"sharedId": answer["nodes"][0]["sharedId"]}}
        return {"type": "pointerMove", "x": 0, "y": 0, "origin": origin}

    def _act(self, source: Message) -> None:
        self.command("input.performActions", context=self.context, actions=[source])

    def _next(self) -> Message:
        message: Message = json.loads(self.connection.recv(timeout=2 * WAIT_MS / 1000))
        return message

    def _note(self, event: Message) -> None:
        about = event.get("params", {})
        match event.get("method"):
            case "log.entryAdded" if about["level"] in {"error", "warn"}:
                self.problems.append(f"{about['type']} {about['level']}: {about['text']}")
            case "network.fetchError" if about["errorText"] != "NS_BINDING_ABORTED":
                self.problems.append(f"{about['request']['url'][:200]} {about['errorText']}")
            case "network.responseCompleted" if about["response"]["status"] >= 400:
                url, status = about["response"]["url"], about["response"]["status"]
                self.problems.append(f"{url[:200]} answered {status}")


TAB, ENTER, ESCAPE = "\ue004", "\ue007", "\ue00c"
"""Keys as WebDriver calls them."""


@contextmanager
def running(program: str, profile: Path) -> Iterator[Firefox]:
    """A Firefox without a window on the screen, with a fresh profile in that folder."""
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--remote-debugging-port", "0"]
    said = profile / "said.txt"
    with (
        said.open("wb") as out,
        subprocess.Popen([*command, "--profile", str(profile)], stdout=out, stderr=out) as process,
    ):
        try:
            address = f"{_address(process, said)}/session"
            with connect(address, max_size=None, proxy=None) as connection:
                firefox = Firefox(connection)
                firefox.start()
                yield firefox
        finally:
            process.terminate()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """Where Firefox listens, as it says once it does."""
    ends = time.monotonic() + WAIT_MS / 1000
    while process.poll() is None and time.monotonic() < ends:
        if found := LISTENING.search(said.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"Firefox does not listen: {said.read_text(errors='replace')[-500:]}")
