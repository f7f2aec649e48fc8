"""The tables, and the engine that they are reached through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError
from sqlalchemy.schema import CreateIndex, CreateTable

from autograder.errors import UsageError

__all__ = ["SCHEMA_VERSION", "connect", "prepare", "results", "sqlite_file"]

SCHEMA_VERSION = 1
LOCK_SECONDS = 10  # how long a writer waits for another one

metadata = MetaData()

schema = Table("autograder_schema", metadata, Column("version", Integer, primary_key=True))

results = Table(
    "autograder_results",
    metadata,
    Column("id", Integer, primary_key=True),  # grows, so the newest row has the largest
    Column("assignment", String(200), nullable=False),
    Column("student", String(500), nullable=False),
    Column("key", String(200), nullable=False),
    Column("tier", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("points", Float, nullable=False),
    Column("max_points", Float, nullable=False),
    Column("started", String(40), nullable=False),
    Column("document", Text, nullable=False),
    sqlite_autoincrement=True,
)
newest = Index("autograder_newest", results.c.assignment, results.c.student, results.c.id)


def sqlite_file(url: str) -> Path | None:
    """Return the file behind a SQLite `url`; None for any other database.

    Raises
    ------
    UsageError
        If `url` is not a SQLAlchemy URL.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


def connect(url: str) -> Engine:
    """Return an engine for `url`; the folder of a SQLite file is made."""
    parsed = _parse(url)
    if parsed.get_backend_name() != "sqlite":
        try:
            return create_engine(parsed)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise UsageError(f"store {parsed}: {error}; install that database's driver") from None
    if file := sqlite_file(url):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"store {file}: cannot make its folder ({error.strerror}); set `store` in course.toml to "
                             "a place that can be written") from None  # fmt: skip
    engine = create_engine(parsed, connect_args={"timeout": LOCK_SECONDS})
    event.listen(engine, "connect", _set_pragmas)
    return engine


def prepare(connection: Connection) -> int:
    """Make the tables where they are missing and return the version of the schema that is there."""
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
    connection.execute(CreateIndex(newest, if_not_exists=True))
    version = connection.scalar(select(func.max(schema.c.version)))
    if version is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(schema).values(version=SCHEMA_VERSION))
        except IntegrityError:  # another grader made the store at the same moment
            pass
        version = SCHEMA_VERSION
    return int(version)


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise UsageError(f"store {url!r} is not a database URL; write sqlite:///path/to/results.db") from None


def _set_pragmas(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    # Readers (`show`) do not wait for a running `grade`, and the other way round.
    cursor.execute("PRAGMA journal_mode=WAL")
    # A killed process loses nothing at NORMAL either; a power cut would lose the last commits. One fsync per
    # submission costs about a millisecond, and grades are worth it.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
