"""What a renderable looks like on a terminal of a given width."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType

__all__ = ["on_screen"]


def on_screen(renderable: RenderableType, width: int = 80, colour: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=colour, color_system="standard" if colour else None)
    console.print(renderable)
    return file.getvalue()
