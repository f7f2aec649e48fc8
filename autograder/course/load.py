"""From `course.toml` and `assignment.toml` to frozen data, or one line that says what is wrong."""

from __future__ import annotations

import dataclasses
import keyword
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from autograder.course.digest import digest_files
from autograder.course.manifest import FORMAT_VERSION, Assignment, Course, Limits, Part, Rules
from autograder.course.table import Table, nearest
from autograder.errors import UsageError

__all__ = ["find_course", "load_assignment", "load_course", "load_handout"]

COURSE_KEYS = ("format_version", "title", "store")
ASSIGNMENT_KEYS = ("format_version", "title", "concepts", "files", "preload", "datasets", "limits", "parts")
PART_KEYS = ("id", "title", "points", "functions", "rules")
RULE_KEYS = ("forbid_imports", "forbid_calls", "action")
PRELOADABLE = ("numpy", "scipy", "torch")  # what a zygote knows how to warm up without threads
FULL_POINTS = 100


def find_course(start: Path | None = None, *, explicit: Path | None = None) -> Course:
    """Return the course that `start` lies in.

    Parameters
    ----------
    start : Path, optional
        File or folder from which to look upward for a `course.toml`; the current folder by default.
    explicit : Path, optional
        The course's folder (or its `course.toml`) as somebody named it: nothing is searched then.

    Raises
    ------
    UsageError
        If there is no `course.toml`, or it is not valid.
    """
    if explicit is not None:
        folder = explicit.parent if explicit.name == "course.toml" else explicit
        if not (folder / "course.toml").is_file():
            raise UsageError(f"{explicit}: no course.toml there; name the folder that holds it with --course DIR")
        return load_course(folder.resolve())
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "course.toml").is_file():
            return load_course(folder)
    raise UsageError(f"no course.toml in {here} or above it; go to the course's folder, or name it with --course DIR")


def load_course(root: Path) -> Course:
    """Return the course whose `course.toml` lies in `root`."""
    table = _open(root / "course.toml", COURSE_KEYS)
    store = table.text("store") if "store" in table else "sqlite:///.autograder/results.db"
    return Course(root=root, title=table.bilingual("title"), store=_anchored(store, root))


def _anchored(store: str, root: Path) -> str:
    """Return the URL with a relative SQLite path resolved against `root`, all others as they are."""
    scheme, mark, path = store.partition(":///")
    in_memory = path.startswith((":memory:", "file:"))
    if not mark or not path or in_memory or scheme.partition("+")[0] != "sqlite" or Path(path).is_absolute():
        return store
    return f"{scheme}:///{root / path}"


def load_assignment(course: Course, assignment_id: str) -> Assignment:
    """Return the validated manifest of an assignment.

    Raises
    ------
    UsageError
        If there is no such assignment (naming the nearest), or its manifest is not valid (naming file, key, remedy).
    """
    known = course.assignments()
    if assignment_id not in known:
        offered = nearest(assignment_id, known) or f"; there are: {', '.join(known) or 'none'}"
        raise UsageError(f"{course.root}: no assignment {assignment_id!r}{offered}")
    folder = course.folder(assignment_id)
    own = folder / "datasets"  # in what students get, datasets lie beside the notebook
    datasets = own if own.is_dir() else course.root / "datasets"
    return _read_assignment(folder, course.root / "solutions" / assignment_id, datasets, assignment_id)


def load_handout(folder: Path, assignment_id: str) -> Assignment:
    """Return the validated manifest of what students got, wherever they put it. There is no solution to it.

    Raises
    ------
    UsageError
        If `folder` holds another assignment, or its manifest is not valid.
    """
    assignment = _read_assignment(folder, folder / "solutions", folder / "datasets", assignment_id)
    if assignment_id not in (folder.name, *assignment.files):
        name = assignment.files[0]
        raise UsageError(f"{folder}: holds {name!r}, not {assignment_id!r}; write check({name!r})")
    return assignment


def _read_assignment(folder: Path, solution: Path, dataset_folder: Path, assignment_id: str) -> Assignment:
    table = _open(folder / "assignment.toml", ASSIGNMENT_KEYS)
    files = _names(table, "files", _is_module, 'name modules without suffix, such as files = ["normal_equation"]')
    names = table.texts("datasets", default=())
    for name in names:
        if Path(name).name != name or not (dataset_folder / name).is_file():
            table.refuse("datasets", f"no file {name!r} in {dataset_folder}; put it there or correct the name")
    preload = table.texts("preload", default=())
    for name in preload:
        if name not in PRELOADABLE:
            table.refuse("preload", f"{name!r} cannot be preloaded; choose from {', '.join(PRELOADABLE)}")
    return Assignment(
        id=assignment_id,
        title=table.bilingual("title"),
        concepts=table.texts("concepts", default=()),
        files=files,
        parts=_parts(table),
        limits=_limits(table),
        preload=preload,
        datasets=names,
        folder=folder,
        solution=solution,
        dataset_folder=dataset_folder,
        digest=digest_files((folder, solution), [dataset_folder / name for name in names]),
    )


def _open(path: Path, keys: tuple[str, ...]) -> Table:
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8; save it with that encoding") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is not valid TOML: {error}; correct that line") from None
    # A newer format may have keys unknown here: its version is the fault to name, not they.
    Table(data, path, "", tuple(data)).version(FORMAT_VERSION)
    return Table(data, path, "", keys)


def _is_module(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def _names(table: Table, key: str, valid: Callable[[str], bool], remedy: str) -> tuple[str, ...]:
    names = table.texts(key)
    for name in names or ("",):
        if not valid(name):
            table.refuse(key, f"{name!r} is not a name; {remedy}")
    return names


def _limits(table: Table) -> Limits:
    fields = {field.name: isinstance(field.default, int) for field in dataclasses.fields(Limits)}
    limits = table.table("limits", tuple(fields))
    given: dict[str, Any] = {name: limits.number(name, whole=fields[name]) for name in fields if name in limits}
    return Limits(**given)


def _parts(table: Table) -> tuple[Part, ...]:
    parts: list[Part] = []
    for entry in table.tables("parts", PART_KEYS):
        part = _part(entry)
        if any(part.id == other.id for other in parts):
            entry.refuse("id", f"{part.id!r} is the id of two parts; rename one")
        parts.append(part)
    total = sum(part.points for part in parts)
    if abs(total - FULL_POINTS) > 1e-9:  # thirds of points are allowed
        table.refuse("parts", f"points add up to {total:g}; make them add up to {FULL_POINTS}")
    return tuple(parts)


def _part(entry: Table) -> Part:
    part_id = entry.text("id")
    if not _is_module(part_id):
        entry.refuse("id", f"{part_id!r} is not a name; use letters, digits and _")
    return Part(
        id=part_id,
        title=entry.bilingual("title"),
        points=entry.number("points"),
        functions=_names(entry, "functions", _is_module, "name the functions and classes that are graded"),
        rules=_rules(entry.table("rules", RULE_KEYS)),
    )


def _rules(entry: Table) -> Rules:
    action: Literal["flag", "zero"] = "flag"
    if "action" in entry:
        given = entry.text("action")
        if given not in ("flag", "zero"):
            entry.refuse("action", f'is {given!r}; write "flag" (tell the instructor) or "zero" (take the part)')
        action = "zero" if given == "zero" else "flag"
    found = [entry.texts(key, default=()) for key in RULE_KEYS[:2]]
    for key, names in zip(RULE_KEYS, found, strict=False):
        for name in names:
            if not all(piece.isidentifier() for piece in name.split(".")):
                entry.refuse(key, f"{name!r} is not a dotted name; write it as in numpy.linalg.lstsq")
    return Rules(forbid_imports=found[0], forbid_calls=found[1], action=action)
