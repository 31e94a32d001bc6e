"""The pages that flashc writes, in Debian's Chromium, spoken to through its driver over plain HTTP."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flashc.cli.main import run

pytestmark = pytest.mark.systems

ROOT = Path(__file__).resolve().parents[3]
LIMIT_S = 60
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
HOSTILE = "<script>document.title=1</script><img src=//x/y>" + "W" * 80
LOOK = r"""
const light = colour => { const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3)
    .map(x => (x /= 255) <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4)
  return .2126 * r + .7152 * g + .0722 * b }
const behind = e => { for (; e; e = e.parentElement) { const colour = getComputedStyle(e).backgroundColor
    if (!/, 0\)$/.test(colour)) return colour }
  return 'rgb(255, 255, 255)' }
let contrast = 21
for (const e of document.querySelectorAll('body *')) {
  if (e.closest('svg') || ![...e.childNodes].some(c => c.nodeType === 3 && c.data.trim())) continue
  const [a, b] = [light(getComputedStyle(e).color), light(behind(e))]
  contrast = Math.min(contrast, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)) }
const page = document.documentElement
return {title: document.title, headings: document.querySelectorAll('h1, h2').length, contrast,
  overflow: page.scrollWidth - page.clientWidth, foreign: document.querySelectorAll('script, img').length,
  requests: performance.getEntriesByType('resource').map(r => r.name), text: document.body.textContent}
"""
"""What the page is like; contrast as WCAG counts it."""

Call = Callable[..., Any]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Call]:
    """A function that sends a command to a session of its own."""
    driver = shutil.which("chromedriver")
    assert driver is not None, "test-systems needs Chromium (Debian: chromium chromium-driver)"
    process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = next(found[1] for line in process.stdout if (found := re.search(r"success.* on port (\d+)", line)))

    def send(path: str, body: object = None, method: str = "POST") -> Any:
        data = None if body is None else json.dumps(body).encode()
        address = f"http://127.0.0.1:{port}/session{path}"
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:
            return json.load(answer)["value"]

    options = {"args": [*OPTIONS.split(), f"--user-data-dir={tmp_path / 'profile'}"]}
    able_to = {"goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": options}
    session = send("", {"capabilities": {"alwaysMatch": able_to}})["sessionId"]
    try:
        yield lambda path, body: send(f"/{session}{path}", body)
        send(f"/{session}", method="DELETE")
    finally:
        process.terminate()
        process.wait(LIMIT_S)


def _look(browser: Call, page: Path, width: int, scheme: str) -> dict[str, Any]:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    for command, params in (("setDeviceMetricsOverride", size), ("setEmulatedMedia", media)):
        browser("/goog/cdp/execute", {"cmd": f"Emulation.{command}", "params": params})
    browser("/url", {"url": page.as_uri()})
    found: dict[str, Any] = browser("/execute/sync", {"script": LOOK, "args": []})
    assert browser("/se/log", {"type": "browser"}) == []
    return found


def test_report_and_runbook(browser: Call, tmp_path: Path) -> None:
    """Narrow and wide, light and dark; what the spec says is shown as text."""
    spec, world = tmp_path / "night.flash", tmp_path / "world"
    example = ROOT / "examples" / "nightly_brms.flash"
    report, runbook = tmp_path / "report.html", tmp_path / "runbook.html"
    assert run(["rehearse", str(example), "--keep", str(world)]) == 0
    assert run(["report", "--world", str(world), "--html", str(report)]) == 0
    hostile = f'run "CALL APPLIB/QUIET PARM(\'{HOSTILE}\')" undo "CALL APPLIB/UNQUIET"'
    spec.write_text(example.read_text("utf-8").replace("hold job QUSRSSH/CPY", hostile), "utf-8")
    assert run(["explain", str(spec), "--html", "-o", str(runbook)]) == 0
    for page, title in ((report, "DAILY "), (runbook, "Runbook of night.flash")):
        for width in (360, 1400):
            for scheme in ("light", "dark"):
                found = _look(browser, page, width, scheme)
                assert found["title"].startswith(title)
                assert found["headings"] >= 2
                assert (found["overflow"], found["foreign"], found["requests"]) == (0, 0, [])
                assert found["contrast"] >= 4.5
    assert "<script>document.title=1</script>" in found["text"]
