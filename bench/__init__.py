"""Benchmarks: `python -m bench` prints every figure that the README claims."""
