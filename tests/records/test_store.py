"""The store keeps what it was given, through kills, full disks and damaged files."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import Engine

from autograder.errors import UsageError
from autograder.records import Store
from autograder.records.schema import SCHEMA_VERSION, sqlite_file
from autograder.records.store import store_place
from tests.report.samples import check, eventful, result


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "results.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store(url) as opened:
        yield opened


def test_store_returns_what_it_was_given(store: Store, url: str) -> None:
    store.save(eventful())
    with Store(url) as again:
        assert again.latest("least_squares") == [eventful()]


def test_store_makes_its_folder(store: Store, file: Path) -> None:
    assert file.exists()


def test_store_latest_is_the_newest_of_each_student_in_order(store: Store) -> None:
    one = result(check())
    for student, key in [("b", "1"), ("a", "1"), ("b", "2"), ("c", "1"), ("a", "2")]:
        store.save(replace(one, student=student, key=key))
    store.save(replace(one, assignment="other", student="b", key="3"))
    assert [(r.student, r.key) for r in store.latest("least_squares")] == [("a", "2"), ("b", "2"), ("c", "1")]
    assert store.latest("none") == []
    assert (store.count("least_squares"), store.count("other"), store.count("none")) == (3, 1, 0)


def test_store_find_is_the_newest_with_that_key(store: Store) -> None:
    one = result(check())
    for key, seconds in [("1", 1.0), ("2", 2.0), ("1", 3.0)]:
        store.save(replace(one, key=key, seconds=seconds))
    found = store.find("least_squares", "student-07", "1")
    assert found is not None and found.seconds == 3.0
    assert store.find("least_squares", "student-07", "9") is None
    assert store.find("least_squares", "student-08", "1") is None
    assert store.find("other", "student-07", "1") is None
    assert "1" in store.keys("least_squares") and "9" not in store.keys("least_squares")
    assert store.keys("other") == frozenset()


def test_store_keeps_history(store: Store, file: Path) -> None:
    for seconds in (1.0, 2.0):
        store.save(replace(result(check()), seconds=seconds))
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT student, tier, status, points, max_points FROM autograder_results").fetchall()
    connection.close()
    assert rows == [("student-07", "sealed", "passed", 20.0, 20.0)] * 2


def test_store_promotes_a_reused_result_to_the_newest(store: Store) -> None:
    first, second = (replace(result(check()), key=key) for key in ("1", "2"))
    for saved in (first, second):
        store.save(saved)
    store.promote(first)
    assert store.latest("least_squares") == [first]


def test_store_promote_adds_nothing_where_it_is_the_newest(store: Store, file: Path) -> None:
    store.save(result(check()))
    store.promote(result(check()))
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM autograder_results").fetchone() == (1,)
    connection.close()


def test_store_takes_a_student_whose_name_is_not_unicode(store: Store) -> None:
    odd = replace(result(check(output="\ud800\x00")), student="caf\udce9")
    store.save(odd)
    assert store.latest("least_squares") == [odd]
    assert store.find("least_squares", "caf\udce9", odd.key) == odd


def test_store_is_durable_and_lets_readers_in(store: Store) -> None:
    with store._engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2  # FULL


def test_store_can_be_read_while_it_is_written(store: Store, url: str) -> None:
    store.save(result(check()))
    with Store(url) as reader, store._engine.begin() as writing:
        writing.execute(text("DELETE FROM autograder_results"))
        assert len(reader.latest("least_squares")) == 1


def test_store_that_two_open_at_once_is_made_once(url: str) -> None:
    with Store(url) as one, Store(url) as two:
        one.save(result(check()))
        two.save(replace(result(check()), student="student-08"))
        assert len(one.latest("least_squares")) == 2


KILLED = """
    import sys
    from dataclasses import replace
    from autograder.records import Store
    from tests.report.samples import eventful

    with Store(sys.argv[1]) as store:
        for number in range(100_000):
            store.save(replace(eventful(), student=f"student-{number:05}"))
            print(number, flush=True)
"""


@pytest.mark.parametrize("wait", [0.0, 0.011, 0.023])
def test_store_loses_nothing_when_its_process_is_killed(url: str, wait: float) -> None:
    root = str(Path(__file__).parents[2])
    script = [sys.executable, "-c", textwrap.dedent(KILLED), url]
    with subprocess.Popen(script, stdout=subprocess.PIPE, cwd=root, env={**os.environ, "PYTHONPATH": root}) as child:
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(5)]
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
    complete = [line for line in said if line.endswith(b"\n")]
    with Store(url) as store:
        kept = store.latest("least_squares")
        store.save(result(check()))
    # One more may have been kept than its writer lived to say.
    assert len(complete) <= len(kept) <= len(complete) + 1
    assert all(each == replace(eventful(), student=each.student) for each in kept)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no database grow beyond 40 pages: SQLite then says what it says of a full disk."""

    def limit(connection: sqlite3.Connection, record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA max_page_count = 40")

    event.listen(Engine, "connect", limit)
    yield
    event.remove(Engine, "connect", limit)


@pytest.mark.usefixtures("small_disk")
def test_store_on_a_full_disk_says_so_and_keeps_what_it_has(url: str, file: Path) -> None:
    saved = 0
    with Store(url) as store:
        with pytest.raises(UsageError, match="the disk is full; free some space") as caught:
            for saved in range(100):
                store.save(replace(eventful(), student=f"student-{saved:02}"))
        assert str(file) in str(caught.value) and "\n" not in str(caught.value)
        assert 0 < saved < 99
        assert len(store.latest("least_squares")) == saved


def test_store_of_a_newer_schema_is_refused(url: str, file: Path) -> None:
    Store(url).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE autograder_schema SET version = ?", (SCHEMA_VERSION + 1,))
    connection.close()
    with pytest.raises(UsageError, match=f"results.db was written by a newer autograder .schema {SCHEMA_VERSION + 1}"):
        Store(url)


def _rewrite(file: Path, document: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE autograder_results SET document = ?", (document,))
    connection.close()


def test_store_with_a_newer_document_is_refused(store: Store, file: Path) -> None:
    store.save(result(check()))
    _rewrite(file, '{"format_version": 99}')
    with pytest.raises(UsageError, match=r"results\.db: format_version 99 is newer than 1; upgrade autograder"):
        store.latest("least_squares")


def test_store_with_a_damaged_document_is_refused(store: Store, file: Path) -> None:
    store.save(result(check()))
    _rewrite(file, "{")
    with pytest.raises(UsageError, match=r"results.db holds a damaged result \(not JSON.*restore it from a backup"):
        store.latest("least_squares")


def test_store_that_is_no_database_is_refused(url: str, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"these are somebody's notes, of more than a hundred bytes" * 4)
    with pytest.raises(UsageError, match=r"results\.db: it is not a results file, or damaged; move it away"):
        Store(url)
    assert file.read_bytes().startswith(b"these are")


def test_store_that_is_cut_short_is_refused(url: str, file: Path) -> None:
    with Store(url) as store:
        for number in range(20):
            store.save(replace(eventful(), student=str(number)))
    os.truncate(file, 8192)
    with pytest.raises(UsageError, match=r"results\.db: it is damaged; restore it from a backup"), Store(url) as store:
        store.latest("least_squares")


def test_store_that_is_locked_says_so(url: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.records.schema.LOCK_SECONDS", 0.05)
    with Store(url) as store:
        other = sqlite3.connect(file)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UsageError, match=r"results\.db: another process holds it; wait"):
            store.save(result(check()))
        other.close()


def test_store_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it cannot be opened; check that it is a file"):
        Store(f"sqlite:///{tmp_path}")


def test_store_whose_folder_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"cannot make its folder \(.*set `store` in course.toml"):
        Store(f"sqlite:///{tmp_path}/file/below/results.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_store_that_cannot_be_written_is_refused(url: str, file: Path) -> None:
    Store(url).close()
    file.chmod(0o400)
    with pytest.raises(UsageError, match="check the permissions"), Store(url) as store:
        store.save(result(check()))


def test_store_at_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match=r"'results\.db' is not a database URL; write sqlite:///"):
        Store("results.db")


def test_store_whose_driver_is_missing_is_refused() -> None:
    with pytest.raises(UsageError, match="install that database's driver"):
        Store("nosuchdatabase://user:secret@host/grades")


def test_store_whose_server_is_gone_names_it_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    class Gone:
        def connect(self) -> None:
            raise OperationalError("", {}, Exception("could not connect to server"))

        def dispose(self) -> None: ...

    monkeypatch.setattr("autograder.records.schema.connect", lambda url: Gone())
    with pytest.raises(UsageError, match=r"postgresql://user:\*\*\*@host/grades: check that the database is there"):
        Store("postgresql://user:secret@host/grades")


def test_store_place_is_the_file_or_the_address(tmp_path: Path) -> None:
    assert store_place(f"sqlite:///{tmp_path}/r.db") == f"{tmp_path}/r.db"
    assert store_place("postgresql://u:secret@host/grades") == "postgresql://u:***@host/grades"
    assert sqlite_file("sqlite://") is None


def test_store_makes_the_same_tables_in_any_database() -> None:
    """What it sends is compiled for PostgreSQL without complaint; SQLite's own words stay in the engine's set-up."""
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateTable

    from autograder.records.schema import metadata

    ddl = "".join(str(CreateTable(table).compile(dialect=postgresql.dialect())) for table in metadata.sorted_tables)
    assert "AUTOINCREMENT" not in ddl and "id SERIAL" in ddl
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    assert set(inspect(engine).get_table_names()) == {"autograder_results", "autograder_schema"}
    engine.dispose()
