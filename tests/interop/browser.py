"""Debian's Chromium without a window, spoken to over two pipes in the DevTools protocol: nothing to install, no port."""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from contextlib import contextmanager

PROGRAM = shutil.which("chromium")

# Root in a container has no sandbox of Chromium's own and a small /dev/shm; what the browser asks for by itself is off.
FLAGS = [
    *["--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--remote-debugging-pipe"],
    *["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    *["--disable-extensions", "--metrics-recording-only", "--force-color-profile=srgb", "--hide-scrollbars"],
]
PATIENCE_SECONDS = 60


class Browser:
    """One page of a browser. `events` is what it told by itself, in order."""

    def __init__(self, send, receive):
        self._send, self._receive = send, receive
        self._waiting, self._session, self._last = b"", None, 0
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Network", "Log", "Runtime"]:
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        """What the browser answers to a command."""
        self._last += 1
        command = {"id": self._last, "method": method, "params": params}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._send, json.dumps(command).encode() + b"\0")
        while (message := self._message()).get("id") != command["id"]:
            self.events.append(message)
        assert "error" not in message, (method, message["error"])
        return message["result"]

    def wait_for(self, event):
        """Waits until the browser tells of this event."""
        seen = 0
        while True:
            for message in self.events[seen:]:
                if message.get("method") == event:
                    return
            seen = len(self.events)
            self.events.append(self._message())

    def told(self, event):
        """What the browser told under this name."""
        return [message["params"] for message in self.events if message.get("method") == event]

    def open(self, path, width=1400, height=1000, media=None, script=True):
        """Loads a file in a window of this size; `media` is e.g. `{"prefers-color-scheme": "dark"}` or the type."""
        features = [{"name": name, "value": value} for name, value in (media or {}).items() if name != "type"]
        self.call("Emulation.setEmulatedMedia", media=(media or {}).get("type", ""), features=features)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.events.clear()
        self.call("Page.navigate", url=path.absolute().as_uri())
        self.wait_for("Page.loadEventFired")

    def ask(self, expression):
        """The value of an expression of JavaScript in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key, code):
        """Presses and lets go a key."""
        text = {"text": "\r"} if key == "Enter" else {}
        named = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", **named, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    def picture(self, whole=True):
        """The page as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"])

    def pdf(self):
        """The page as it is printed."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])

    def _message(self):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._receive], [], [], max(0, deadline - time.monotonic()))
            assert ready, "the browser says nothing"
            said = os.read(self._receive, 1 << 20)
            assert said, "the browser has ended"
            self._waiting += said
        message, _, self._waiting = self._waiting.partition(b"\0")
        return json.loads(message)


@contextmanager
def started(profile):
    """A browser with a profile directory that nobody keeps, ended in the end."""
    assert PROGRAM, "Chromium is missing: .ci/install installs it"
    (their_in, our_out), (our_in, their_out) = os.pipe(), os.pipe()
    command = [PROGRAM, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    # The protocol wants its pipes as the descriptors 3 and 4, whatever numbers they have here.
    shell = ["bash", "-c", f'exec 3<&{their_in} 4>&{their_out}; exec "$@"', "bash", *command]
    silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(shell, pass_fds=[their_in, their_out], **silent)
    os.close(their_in), os.close(their_out)
    try:
        yield Browser(our_out, our_in)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        os.close(our_out), os.close(our_in)
