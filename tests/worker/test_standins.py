"""Plots, bars, magics and `check` do nothing and break nothing; what is forbidden raises where it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def test_plots_of_a_notebook_are_inert(connect: Callable[..., Any], tier: str) -> None:
    source = """
    import matplotlib
    import matplotlib.pyplot as plt
    from matplotlib import cm, animation
    from mpl_toolkits.mplot3d import Axes3D
    import seaborn as sns
    matplotlib.use("Agg")
    sns.set_theme()
    fig, ax = plt.subplots()
    ax.plot([1, 2], label="a"); ax.set(xlabel="x"); ax.legend()
    fig, (a, b) = plt.subplots(1, 2, figsize=(3, 4))
    a.imshow([[1]])
    fig, axes = plt.subplots(2, 3)
    for axis in axes.flatten():
        axis.grid(True)
    axes[1, 2].set_title("t")
    with plt.style.context("ggplot"):
        plt.plot([1], [2], "o-")[0].set_color("r")
    plt.rcParams["font.size"] = 3
    plt.show(); plt.savefig("x.png"); plt.close("all")
    done = True
    """
    tried = connect(source.replace("    from mpl_toolkits.mplot3d import Axes3D\n", ""), tier=tier)
    assert tried.student.done is True
    assert tried.connection.problems == ()


def test_what_plots_give_can_be_unpacked_calculated_with_and_derived_from(connect: Callable[..., Any]) -> None:
    source = """
    import matplotlib, numpy as np
    import matplotlib.pyplot as plt
    from matplotlib.animation import FuncAnimation
    fig, ax = plt.subplots()
    line, = ax.plot([1, 2])
    line, = plt.plot([1, 2])
    n, bins, patches = plt.hist([1, 2], bins=3)
    size = fig.dpi * 2 + 1 - abs(-fig.get_size_inches()[0]) / 3
    scaled = np.arange(3) * fig.dpi
    version = matplotlib.__version__.split(".")
    title = f"{ax.get_ylim()[1]:.2f}"
    if ax.get_xlim()[0] < 3: pass
    class Animation(FuncAnimation):
        def __init__(self, fig):
            super().__init__(fig, lambda i: i, frames=3)
    Animation(fig).save("a.gif")
    array = np.array([ax, ax])
    done = True
    """
    tried = connect(source)
    assert tried.connection.problems == () and tried.student.done is True


def test_colab_and_ipython_are_inert(connect: Callable[..., Any]) -> None:
    source = """
    from google.colab import drive, files
    import google.colab
    drive.mount("/content/drive"); files.upload()
    from IPython import get_ipython
    from IPython.display import display, Image, clear_output
    get_ipython().run_line_magic("matplotlib", "inline")
    display(Image("a.png")); clear_output(wait=True)
    done = True
    """
    tried = connect(source)
    assert tried.connection.problems == () and tried.student.done is True


def test_progress_bars_give_what_they_wrap(connect: Callable[..., Any]) -> None:
    source = """
    import tqdm
    from tqdm.notebook import tqdm as bar, trange
    from tqdm.auto import tqdm as auto
    def f(n):
        out = list(bar(range(n))) + list(trange(n)) + [i for i in auto([7], desc="x")] + list(tqdm.tqdm((8,)))
        steps = bar(range(n), leave=False)
        for _ in steps:
            steps.set_description("loss"); steps.set_postfix(loss=1)
        with bar(total=n) as manual:
            manual.update(1)
            manual.n += 1
        bar.write("a line"); steps.close()
        return out + [len(steps)]
    """
    assert connect(source).student.f(2) == [0, 1, 0, 1, 7, 8, 2]


def test_magics_do_nothing_but_time_runs(connect: Callable[..., Any]) -> None:
    cells = [
        (1, "get_ipython().run_line_magic('matplotlib', 'inline')"),
        (2, "get_ipython().system('rm -rf /')\nfiles = get_ipython().getoutput('ls')"),
        (3, "get_ipython().run_cell_magic('time', '', 'def f():\\n    return 5\\n')"),
        (4, "get_ipython().run_line_magic('time', 'a = f()')"),
        (5, "get_ipython().run_line_magic('timeit', '-n 10 f()')"),
        (6, "get_ipython().run_cell_magic('bash', '', 'exit 1')"),
        (7, "get_ipython().run_cell_magic('timeit', '-n 3', 'raise ValueError')"),
        (8, "display(a); get_ipython().set_next_input('x')"),
    ]
    tried = connect(cells)
    assert tried.student.f() == 5
    assert (tried.student.a, tried.student.files) == (5, [])
    assert tried.connection.problems == ()


def test_check_cells_do_nothing(connect: Callable[..., Any]) -> None:
    tried = connect("import autograder\nfrom autograder import check\ncheck('ridge'); autograder.check()\nok = 1\n")
    assert tried.student.ok == 1
    assert tried.connection.problems == ()


def test_nothing_else_of_ours_can_be_imported(connect: Callable[..., Any], tier: str) -> None:
    source = """
    import sys
    def f():
        found = [name for name in sys.modules if name.partition(".")[0] in ("autograder", "pytest", "_pytest")]
        for name in ("autograder.worker", "autograder.judge", "solutions", "tests", "_pytest"):
            try:
                __import__(name)
                found.append(name)
            except ImportError:
                pass
        return found
    """
    found = connect(source, tier=tier).student.f()
    assert [name for name in found if name not in ("autograder", "_pytest")] == []


def test_forbidden_import_harms_nothing_until_it_is_used(connect: Callable[..., Any]) -> None:
    source = """
    import sklearn
    from sklearn.linear_model import LinearRegression
    import scipy.linalg as la
    import statistics
    def unused():
        return 1
    def fit():
        return LinearRegression().fit(1, 2)
    def solve():
        return la.solve([[1]], [1])
    def mean():
        return statistics.mean([1, 3])
    def late():
        import sklearn.svm
        return sklearn.svm.SVC()
    """
    tried = connect(source, forbidden=("sklearn", "scipy.linalg"))
    assert tried.student.unused() == 1
    assert tried.connection.problems == ()
    assert tried.student.mean() == 2
    for name, what in (("fit", "sklearn.linear_model.LinearRegression"), ("solve", "scipy.linalg.solve")):
        with pytest.raises(ImportError, match=f"{what} is not allowed in this assignment"):
            getattr(tried.student, name)()
    with pytest.raises(ImportError, match=r"sklearn\.svm\.SVC"):
        tried.student.late()


def test_class_made_from_a_forbidden_one_says_so_and_harms_nothing_else(connect: Callable[..., Any]) -> None:
    source = """
    from sklearn.base import BaseEstimator
    class Model(BaseEstimator):
        pass
    def f():
        return 1
    """
    tried = connect(source, forbidden=("sklearn",))
    assert tried.student.f() == 1
    [problem] = tried.connection.problems
    assert (
        problem.error.type_name == "ImportError" and "sklearn.base.BaseEstimator is not allowed" in problem.error.text
    )
