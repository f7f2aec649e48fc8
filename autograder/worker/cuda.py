"""CUDA devices: which there are, where their driver lies, and waking them up."""

from __future__ import annotations

import ctypes
import glob
import os
from pathlib import Path

__all__ = ["CONTROL_NODE", "device_nodes", "driver_folders", "environment", "wake"]

CONTROL_NODE = Path("/dev/nvidiactl")
_NODES = ("/dev/nvidiactl", "/dev/nvidia[0-9]*", "/dev/nvidia-uvm*", "/dev/nvidia-modeset", "/dev/nvidia-caps/*")
_DRIVER = "libcuda.so.1"


def device_nodes() -> list[Path]:
    """Return the device nodes of CUDA on this machine, sorted; none where there is no driver."""
    return sorted({Path(path) for pattern in _NODES for path in glob.glob(pattern)})


def driver_folders() -> list[Path]:
    """Return the folders of the driver's libraries that lie outside of the system's own, where packages are not."""
    loaded = _folder_of_driver()
    system = tuple(os.path.realpath(path) + "/" for path in ("/lib", "/lib64", "/usr/lib", "/usr/lib64"))
    return [] if loaded is None or f"{loaded}/".startswith(system) else [loaded]


def _folder_of_driver() -> Path | None:
    """Return the folder that the loader finds the driver in, with its cache, which a worker does not see."""
    try:
        ctypes.CDLL(_DRIVER)
    except OSError:
        return None
    lines = Path("/proc/self/maps").read_text().splitlines()
    return next((Path(line.split()[-1]).parent for line in lines if "/libcuda.so" in line), None)


def environment() -> dict[str, str]:
    """Return what a zygote of the gpu tier has to be told besides: it must find the driver, and write no cache."""
    folder = _folder_of_driver()
    found = {} if folder is None else {"LD_LIBRARY_PATH": str(folder)}
    return found | {"CUDA_CACHE_DISABLE": "1", "CUDA_MODULE_LOADING": "LAZY"}


def wake() -> None:
    """Make the first device ready for use in this process, if torch sees one: its threads start and its files open."""
    import torch

    if torch.cuda.is_available():
        ones = torch.ones(2, 2, device="cuda")
        (ones @ ones).sum().item()
