"""A server of one's own on this machine, and a headless Chromium to look at it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["browser", "free_port", "serving"]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60  # seconds for a server to answer


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(command: Sequence[str], url: str, *, cwd: Path, env: Mapping[str, str], log: Path) -> Iterator[None]:
    """Run a server, which answers at `url` before the body begins, and end it after the body; it writes to `log`."""
    with log.open("w") as stream:
        server = subprocess.Popen(command, cwd=cwd, env=env, stdout=stream, stderr=stream)
        try:
            _wait(url, server, log)
            yield
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(PATIENCE * 5):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@contextmanager
def browser(**settings: Any) -> Iterator[Any]:
    """Yield a page of a headless Chromium, with Playwright's `settings`; a test is skipped where there is none."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        try:
            yield chromium.new_page(**{"viewport": {"width": 1100, "height": 900}, **settings})
        finally:
            chromium.close()
