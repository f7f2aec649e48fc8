"""The data that assignments end on: what README says of them is so."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
FILES = sorted(path for path in DATASETS.iterdir() if path.name != "README.md")


def values(path: Path) -> np.ndarray:
    return np.load(path) if path.suffix == ".npy" else np.loadtxt(path, delimiter=",", skiprows=1)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_dataset_is_the_one_described(path: Path) -> None:
    readme = (DATASETS / "README.md").read_text(encoding="utf-8")
    assert f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" in readme
    stated = re.search(rf"^\| `{re.escape(path.name)}` \| ([\d ×]+) \|", readme, flags=re.MULTILINE)
    assert stated is not None, "README's table has no row for it"
    data = values(path)
    assert data.shape == tuple(int(n) for n in stated[1].split("×")) and np.isfinite(data).all()
    assert re.search(
        rf"^## {re.escape(path.name)}\n\n(- .*\n(  .*\n)*)*- \*\*Licence\.\*\*", readme, flags=re.MULTILINE
    )


@pytest.mark.parametrize(("name", "loader"), [("digits", "load_digits"), ("breast_cancer", "load_breast_cancer"),
                                              ("wine", "load_wine")])  # fmt: skip
def test_dataset_equals_scikit_learn_s(name: str, loader: str) -> None:
    theirs = getattr(pytest.importorskip("sklearn.datasets"), loader)()
    assert np.array_equal(values(DATASETS / f"{name}.csv"), np.column_stack([theirs.data, theirs.target]))


def test_anes96_equals_statsmodels_s() -> None:
    statsmodels = Path(pytest.importorskip("statsmodels").__file__).parent
    theirs = np.loadtxt(statsmodels / "datasets/anes96/anes96.csv", skiprows=1)
    assert np.array_equal(values(DATASETS / "anes96.csv"), theirs)
