"""Photographs the page of a report for the README: `screenshot.py REPORT.html PICTURE.png`. Invented people only."""

import base64
import sys
import tempfile
from pathlib import Path

import browser

# Wide enough for the page, high enough for what is read first.
FRAME = {"x": 0, "y": 0, "width": 1180, "height": 1560, "scale": 1}


def photograph(page, picture):
    with tempfile.TemporaryDirectory() as profile, browser.started(profile) as chromium:
        chromium.open(page, width=FRAME["width"], height=1000, media={"prefers-color-scheme": "light"})
        assert "SANDBOX" in chromium.ask("document.title"), "the README shows nobody who exists"
        shot = chromium.call("Page.captureScreenshot", captureBeyondViewport=True, clip=FRAME)
        picture.write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    photograph(Path(sys.argv[1]), Path(sys.argv[2]))
