"""A browser to test pages in: Chromium, headless, spoken to over its debugging port with the standard library alone.

A page is opened, keys and clicks are given to it as a user gives them, and what it does is written down: what it asks
the network for, what its console says, what it throws.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell", "chrome")
_SECONDS = 30

# What the keys are for the protocol.
_KEYS = {
    "Tab": 9,
    "Enter": 13,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "Home": 36,
    "End": 35,
}


def find_browser() -> str | None:
    """Return the path of a Chromium, or None where there is none."""
    return next((path for path in map(shutil.which, _NAMES) if path), None)


@contextmanager
def browser() -> Iterator[Tab]:
    """Start the browser and give its one tab."""
    path = find_browser()
    assert path is not None
    # Pages may not be shared in memory where there is little, and a test runs as whoever it is.
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
    flags += ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *flags, f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with _Socket(_tab_address(Path(profile) / "DevToolsActivePort", process)) as connection:
                yield Tab(connection)
        finally:
            process.terminate()
            try:
                process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _tab_address(file: Path, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the browser ended at once"
        if file.is_file() and file.read_text().strip():
            port = file.read_text().split()[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [entry for entry in json.load(answer) if entry["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.05)
    raise AssertionError("the browser does not listen")


class Tab:
    """One tab: what is done to it, and what it did."""

    def __init__(self, connection: _Socket) -> None:
        self._connection, self._number = connection, 0
        self.requests: list[str] = []
        self.messages: list[str] = []
        self._is_loaded = False
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; what happens meanwhile is written down."""
        self._number += 1
        self._connection.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._connection.receive())
            if message.get("id") == self._number:
                assert "error" not in message, f"{method}: {message['error']}"
                result: dict[str, Any] = message["result"]
                return result
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.messages.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled":
            self.messages.append(" ".join(str(entry.get("value")) for entry in parameters["args"]))
        elif method == "Log.entryAdded":
            self.messages.append(parameters["entry"]["text"])
        elif method == "Page.loadEventFired":
            self._is_loaded = True

    def open(self, url: str) -> None:
        """Open an address and wait until it is there."""
        self.requests.clear()
        self.messages.clear()
        self._is_loaded = False
        if url.split("#")[0] == str(self("location.href")).split("#")[0]:
            self.send("Page.navigate", url="about:blank")
            self._wait_for_load()
            self.requests.clear()
            self._is_loaded = False
        self.send("Page.navigate", url=url)
        self._wait_for_load()

    def _wait_for_load(self) -> None:
        while not self._is_loaded:
            self._note(json.loads(self._connection.receive()))

    def __call__(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def text(self, selector: str) -> str:
        """Return the text of an element as it is shown, white space made plain."""
        shown = self(f"(document.querySelector({json.dumps(selector)}) || {{}}).innerText || ''")
        return " ".join(str(shown).split())

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        text = {"Enter": "\r"}.get(key)
        for _ in range(times):
            common = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
            self.send("Input.dispatchKeyEvent", type="keyDown", **common, **({"text": text} if text else {}))
            self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def move(self, selector: str) -> None:
        """Put the pointer on the middle of an element."""
        self.send("Input.dispatchMouseEvent", type="mouseMoved", **self._middle(selector))

    def click(self, selector: str) -> None:
        """Click on the middle of an element."""
        for kind in ("mousePressed", "mouseReleased"):
            at = self._middle(selector)
            self.send("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)

    def _middle(self, selector: str) -> dict[str, float]:
        place: dict[str, float] = self(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); "
            "e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect(); "
            "return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()"
        )
        return place

    def emulate(self, *, width: int = 1100, height: int = 900, media: str = "", **features: str) -> None:
        """Set the size of the window, the medium, and features such as ``prefers_color_scheme="dark"``."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        asked = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.send("Emulation.setEmulatedMedia", media=media, features=asked)

    def has_script(self, is_on: bool) -> None:
        """Turn JavaScript on or off for the pages that follow."""
        self.send("Emulation.setScriptExecutionDisabled", value=not is_on)

    def screenshot(self, path: str | Path) -> None:
        """Write the whole page as a PNG."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        Path(path).write_bytes(base64.b64decode(shot["data"]))

    def pdf(self, path: str | Path) -> None:
        """Print the page."""
        Path(path).write_bytes(base64.b64decode(self.send("Page.printToPDF", printBackground=False)["data"]))


class _Socket:
    """A WebSocket as far as the protocol needs it (RFC 6455): text from here masked, text from there in pieces."""

    def __init__(self, address: str) -> None:
        host, _, path = address.removeprefix("ws://").partition("/")
        name, _, port = host.partition(":")
        self._socket = socket.create_connection((name, int(port)), timeout=_SECONDS)
        self._file = self._socket.makefile("rb")
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        lines = [f"GET /{path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        assert b"101" in self._file.readline()
        while self._file.readline().strip():
            pass

    def __enter__(self) -> _Socket:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def send(self, text: str) -> None:
        content, mask = text.encode(), os.urandom(4)
        size = len(content)
        head = bytes([0x81, 0x80 | size]) if size < 126 else bytes([0x81, 0xFE]) + struct.pack(">H", size)
        if size > 0xFFFF:
            head = bytes([0x81, 0xFF]) + struct.pack(">Q", size)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(content))
        self._socket.sendall(head + mask + masked)

    def receive(self) -> str:
        content = b""
        while True:
            first, second = self._file.read(2)
            size = second & 0x7F
            if size > 125:
                size = struct.unpack(*((">H", self._file.read(2)) if size == 126 else (">Q", self._file.read(8))))[0]
            piece = self._file.read(size)
            if first & 0x0F in (0, 1):  # text, or its continuation
                content += piece
                if first & 0x80:
                    return content.decode()
