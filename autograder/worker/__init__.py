"""Workers: untrusted code runs on the far side of this room."""
