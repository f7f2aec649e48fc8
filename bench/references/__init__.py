"""References against naive loops and the best libraries, side by side in one run: `make bench-references`."""

from bench.references.problem import Problem, load_solution

__all__ = ["Problem", "load_solution"]
