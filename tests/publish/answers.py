"""A class of answers to `pca`: right, wrong, hostile, and right ones in notebooks that were badly treated."""

from __future__ import annotations

import copy

from tests.publish.world import Json, find, grade_id, solved

SVD = """    centre = X.mean(axis=0)
    left, spread, rows = np.linalg.svd(X - centre, full_matrices=False)
    var = spread * spread / (X.shape[0] - 1)
    return PCAResult(components=rows[:k], explained_variance=var[:k], ratio=var[:k] / var.sum(), mean=centre)"""
NOT_CENTRED = SVD.replace("X - centre", "X")
RIGHT = {
    "pca_fit": SVD,
    "pca_svd": SVD,
    "transform": "    return np.dot(X - mean, components.T)",
    "inverse_transform": "    return mean + np.dot(Z, components)",
}
WRONG = {**RIGHT, "pca_fit": NOT_CENTRED, "pca_svd": NOT_CENTRED}
NOISY = {
    name: f"    import sys, warnings\n    warnings.warn('careful')\n    print('noise', file=sys.stderr)\n{body}"
    for name, body in RIGHT.items()
}
HOSTILE = {
    **RIGHT,
    # Prints and raises whatever it is given, and what is around it.
    "pca_fit": """    import sys, traceback
    print(X, k, [frame.f_code.co_filename for frame in sys._current_frames().values()])
    print("<script>document.title = 'taken over'</script>")
    raise ValueError(f"{X!r} {k!r} <script>document.title = 'taken over'</script>")""",
    "pca_svd": "    import os\n    os._exit(0)",
}
FULL_MARKS = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "60.0"}}


def the_class(released: Json) -> dict[str, Json]:
    """Return student -> notebook, made from the released one."""
    right, hostile = solved(released, RIGHT), solved(released, HOSTILE)
    made = {
        "right": copy.deepcopy(right),
        "wrong": solved(released, WRONG),
        "untouched": copy.deepcopy(released),
        "noisy": solved(released, NOISY),
        "hostile": hostile,
        "deleted": copy.deepcopy(right),
        "copied": copy.deepcopy(right),
    }
    forge(hostile)
    delete(made["deleted"])
    copy_and_reorder(made["copied"])
    return {f"student-{i:02d}-{name}": notebook for i, (name, notebook) in enumerate(made.items(), 1)}


def forge(notebook: Json) -> None:
    """Edit what is locked: a grade cell's code, points and output; and add a second one of the same name."""
    fit, svd, transform = (find(notebook, f"test_{part}") for part in ("fit", "svd", "transform"))
    fit["source"], fit["outputs"] = "60.0", [FULL_MARKS]
    fit["metadata"]["nbgrader"] |= {"points": 1000, "checksum": "0" * 32}
    svd["metadata"]["nbgrader"] |= {"grade": False, "locked": True}
    transform["metadata"]["nbgrader"] |= {"solution": True}
    notebook["cells"].append({**copy.deepcopy(fit), "id": "forged"})


def delete(notebook: Json) -> None:
    """Delete a grade cell together with the solution cells before it, and the last grade cell."""
    gone = {"test_fit", "test_svd", "inverse_transform", "test_transform"}
    text = "".join(find(notebook, "inverse_transform")["source"])
    notebook["cells"] = [cell for cell in notebook["cells"] if grade_id(cell) not in gone]
    fit = find(notebook, "pca_fit")
    fit["source"] = "".join(fit["source"]) + "\n\n\n" + text


def copy_and_reorder(notebook: Json) -> None:
    """Put every grade cell there twice, the whole notebook's grade cells first, and a solution cell twice."""
    cells = notebook["cells"]
    tests = [cell for cell in cells if (grade_id(cell) or "").startswith("test_")]
    doubles = [{**copy.deepcopy(cell), "id": f"double-{i}"} for i, cell in enumerate(tests)]
    twice = {**copy.deepcopy(find(notebook, "transform")), "id": "twice"}
    notebook["cells"] = [*doubles[::-1], *(cell for cell in cells if cell not in tests), *tests, twice]
