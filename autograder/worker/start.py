"""A zygote's first lines, run as a script: `python -I start.py FD TIER ROOT DATASETS PACKAGE... PARENT`.

Every module that is imported here, every library mapped, makes each fork dearer. So what only the judge's half needs
is not: the packages are entered by the back door, past an `__init__` that shows that half as well.
"""

import os
import sys
import types

here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
for name in ("autograder", "autograder.worker", "autograder.student"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [os.path.join(os.path.dirname(here), *name.split("."))]

# What Python's library does after each fork is for threads, of which there are none, and for random numbers, which
# every worker seeds: not heard of, it costs no worker 50 pages.
os.register_at_fork = lambda **_: None

from autograder.worker import zygote  # noqa: E402

descriptor, tier, course_root, datasets, *packages, parent = sys.argv[1:]
del sys.argv[1:], sys.orig_argv[1:]  # no student's business
zygote.main(int(descriptor), tier, packages, course_root, datasets, int(parent))
