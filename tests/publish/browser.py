"""A Jupyter server with nbgrader's formgrader, and a headless browser to look at it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.publish.world import World, environment

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60  # seconds for a server to answer


@contextmanager
def formgrader(world: World) -> Iterator[str]:
    """Yield the address of a server in nbgrader's course folder, without a password, on this machine alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "ip": "127.0.0.1",
        "port": port,
        "open_browser": False,
        "allow_root": True,
        "root_dir": world.folder,
        "jpserver_extensions": "nbgrader.server_extensions.formgrader=True",
    }
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        *(f"--ServerApp.{key}={value}" for key, value in settings.items()),
    ]
    command.append("--IdentityProvider.token=")
    with (world.folder.parent / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=world.folder, env=environment(world.folder), stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, server, Path(log.name))
            yield url
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
            urllib.request.urlopen(f"{url}/api", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a page of a headless Chromium; the test is skipped where there is none."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        try:
            yield chromium.new_page(viewport={"width": 1100, "height": 900})
        finally:
            chromium.close()
