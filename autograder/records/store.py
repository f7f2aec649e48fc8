"""The store: results in a database, one transaction each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import UsageError
from autograder.records import schema
from autograder.records.codec import FormatError, NewerFormatError, dump_result, load_result
from autograder.records.result import Result

__all__ = ["Store", "store_place"]

TABLE = schema.results
INSERT = insert(TABLE)  # made once, with the values beside it: to compile it anew takes longer than to run it

# What a database driver says, and what helps. SQLite's words come first; any other text gets the last line.
REMEDIES = (
    ("disk is full", "the disk is full; free some space and run the same command again, nothing graded is lost"),
    ("disk i/o error", "the disk cannot be read or written; look at the disk, or set `store` in course.toml elsewhere"),
    ("locked", "another process holds it; wait for that one to end, then run the same command again"),
    ("not a database", "it is not a results file, or damaged; move it away, or set `store` in course.toml elsewhere"),
    ("malformed", "it is damaged; restore it from a backup, or move it away and grade again"),
    ("unable to open", "it cannot be opened; check that it is a file and its permissions"),
    ("readonly", "it cannot be written; check the permissions of the file and its folder"),
    ("read-only", "it cannot be written; check the permissions of the file and its folder"),
    ("permission denied", "it may not be used by this account; check its permissions"),
    ("", "check that the database is there and that `store` in course.toml is right"),
)


class Store:
    """Graded submissions of a course. All of a student's gradings are kept; the newest one counts.

    A context manager. Every method raises `UsageError`, naming the file and a remedy, where the database cannot be
    used (damaged, locked, full, or written by a newer autograder).

    Parameters
    ----------
    url : str
        SQLAlchemy URL, ``sqlite:////absolute/path/results.db`` for one. A SQLite file and its folder are made.
    """

    def __init__(self, url: str) -> None:
        self.place = store_place(url)
        self._engine = schema.connect(url)
        self._connection: Connection | None = None  # kept: to take it from a pool costs as much as a transaction
        try:
            with self._transaction() as connection:
                version = schema.prepare(connection)
            if version > schema.SCHEMA_VERSION:
                raise UsageError(f"store {self.place} was written by a newer autograder (schema {version}, this one "
                                 f"reads {schema.SCHEMA_VERSION}); upgrade autograder")  # fmt: skip
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
                 /) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    def save(self, result: Result) -> None:
        """Keep `result`, in a transaction of its own: once this returns, a killed process loses it no more."""
        row = {
            "assignment": result.assignment,
            "student": _storable(result.student),
            "key": result.key,
            "tier": result.tier,
            "status": result.status.value,
            "points": float(result.points),
            "max_points": float(result.max_points),
            "started": result.started,
            "document": dump_result(result),
        }
        with self._transaction() as connection:
            connection.execute(INSERT, row)

    def promote(self, result: Result) -> None:
        """Make a reused `result` its student's newest again.

        Without this, a student who goes back to an earlier version of a file would be shown the later one's grade.
        """
        query = select(TABLE.c.key).where(*_of(result.assignment, result.student)).order_by(TABLE.c.id.desc()).limit(1)
        with self._transaction() as connection:
            key = connection.scalar(query)
        if key != result.key:
            self.save(result)

    def latest(self, assignment: str) -> list[Result]:
        """Return the newest result of every student for `assignment`, sorted by student."""
        ids = select(func.max(TABLE.c.id)).where(TABLE.c.assignment == assignment).group_by(TABLE.c.student)
        return self._read(select(TABLE.c.document).where(TABLE.c.id.in_(ids)).order_by(TABLE.c.student))

    def count(self, assignment: str) -> int:
        """Return how many students have a result for `assignment`."""
        query = select(func.count(func.distinct(TABLE.c.student))).where(TABLE.c.assignment == assignment)
        with self._transaction() as connection:
            return connection.scalar(query) or 0

    def find(self, assignment: str, student: str, key: str) -> Result | None:
        """Return the newest result of `student` for exactly this work (`key`), or None."""
        query = select(TABLE.c.document).where(*_of(assignment, student), TABLE.c.key == key)
        found = self._read(query.order_by(TABLE.c.id.desc()).limit(1))
        return found[0] if found else None

    def keys(self, assignment: str) -> frozenset[str]:
        """Return the keys of all results for `assignment`: without one of them there is nothing to `find`."""
        query = select(TABLE.c.key).where(TABLE.c.assignment == assignment)
        with self._transaction() as connection:
            return frozenset(connection.scalars(query))

    def _read(self, query: Select[str]) -> list[Result]:
        with self._transaction() as connection:
            documents = connection.scalars(query).all()
        try:
            return [load_result(document) for document in documents]
        except NewerFormatError as error:
            raise UsageError(f"store {self.place}: {error}; upgrade autograder") from None
        except FormatError as error:
            raise UsageError(f"store {self.place} holds a damaged result ({error}); restore it from a backup, or move "
                             "it away and grade again") from None  # fmt: skip

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                yield self._connection
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            remedy = next(remedy for words, remedy in REMEDIES if words in said.lower())
            raise UsageError(f"store {self.place}: {remedy} ({said})") from error


def store_place(url: str) -> str:
    """Return where results are kept, for people: the file's path, or the URL without its password."""
    file = schema.sqlite_file(url)
    return str(file) if file else make_url(url).render_as_string(hide_password=True)


def _of(assignment: str, student: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return TABLE.c.assignment == assignment, TABLE.c.student == _storable(student)


def _storable(student: str) -> str:
    # A file name that is not UTF-8 arrives with lone surrogates, which no database takes.
    return student.encode("utf-8", "backslashreplace").decode()
