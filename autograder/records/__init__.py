"""Room: see docs/architecture."""
