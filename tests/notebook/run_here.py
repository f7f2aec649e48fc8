"""Run files in this very process as a notebook does, and write down what the checks say: a program for the tests.

    python -m tests.notebook.run_here OUTPUT ASSIGNMENT_FOLDER FILE...

Each file runs in a child, so that what it does to its process it does to nobody else.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

from autograder.course import load_handout
from autograder.intake import parse_submission, read_submissions
from autograder.notebook import examine
from autograder.notebook.kernel import KernelConversation
from tests.notebook.test_same_verdicts import told


class Shell(InteractiveShell):
    """As in a kernel, where plots go into the notebook."""

    def enable_gui(self, gui: str | None = None) -> None:
        pass


def verdicts(folder: Path, file: Path) -> list[list[object]]:
    assignment = load_handout(folder, folder.name)
    [submission] = read_submissions([file], assignment)
    program = parse_submission(submission, assignment)
    shell = Shell.instance(history_length=0)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for cell in program.modules[0].cells:
            shell.run_cell(cell.source)  # one that raises does not stop the next
        result = examine(assignment, KernelConversation(shell.user_ns, assignment.limits), program)
    return told(result)


def main(output: str, folder: str, *files: str) -> None:
    for file in files:
        if (child := os.fork()) == 0:
            try:
                line = json.dumps([Path(file).stem, verdicts(Path(folder), Path(file))])
            except BaseException as error:
                line = json.dumps([Path(file).stem, repr(error)])
            with open(output, "a") as kept:  # a shell line of a notebook writes to descriptor 1
                kept.write(line + "\n")
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
