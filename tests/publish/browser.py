"""A Jupyter server with nbgrader's formgrader."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser import browser, free_port, serving
from tests.publish.world import World, environment

__all__ = ["browser", "formgrader"]


@contextmanager
def formgrader(world: World) -> Iterator[str]:
    """Yield the address of a server in nbgrader's course folder, without a password, on this machine alone."""
    port = free_port()
    settings = {
        "ip": "127.0.0.1",
        "port": port,
        "open_browser": False,
        "allow_root": True,
        "root_dir": world.folder,
        "jpserver_extensions": "nbgrader.server_extensions.formgrader=True",
    }
    options = [f"--ServerApp.{key}={value}" for key, value in settings.items()]
    command = [sys.executable, "-m", "jupyter_server", *options, "--IdentityProvider.token="]
    url, log = f"http://127.0.0.1:{port}", world.folder.parent / "server.log"
    with serving(command, f"{url}/api", cwd=world.folder, env=environment(world.folder), log=log):
        yield url
