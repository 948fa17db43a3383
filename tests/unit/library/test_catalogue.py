import contextlib
import sqlite3
import threading

import pytest

from timbrespace.errors import InputError
from timbrespace.library.catalogue import CATALOGUE, Catalogue
from timbrespace.library.describing import Descriptors
from timbrespace.library.rows import COLUMNS


@pytest.fixture
def catalogue(tmp_path):
    catalogue = Catalogue(tmp_path)
    yield catalogue
    catalogue.close()


def columns_of(catalogue, table):
    return {row[1] for row in catalogue.execute(f"PRAGMA table_info({table})")}


def test_what_fails_in_a_transaction_leaves_nothing(catalogue):
    with contextlib.suppress(ZeroDivisionError), catalogue.transaction():
        catalogue.set_meta("key", "value")
        raise ZeroDivisionError
    assert catalogue.meta("key") is None
    with catalogue.transaction():
        catalogue.set_meta("key", "value")
    assert catalogue.meta("key") == "value"


def test_each_thread_has_its_connection_and_readers_see_what_is_written(catalogue, tmp_path):
    reader = Catalogue(tmp_path, writable=False)
    seen = []
    with catalogue.transaction():
        catalogue.set_meta("key", "value")
        thread = threading.Thread(target=lambda: seen.append(reader.meta("key")))
        thread.start()
        thread.join()
    seen.append(reader.meta("key"))
    reader.close()
    assert seen == [None, "value"]


def test_a_snapshot_is_of_one_moment(catalogue, tmp_path):
    reader = Catalogue(tmp_path, writable=False)
    with reader.snapshot():
        assert reader.meta("key") is None
        with catalogue.transaction():
            catalogue.set_meta("key", "value")
        assert reader.meta("key") is None
    assert reader.meta("key") == "value"
    reader.close()


def test_a_reader_changes_nothing_and_makes_nothing(catalogue, tmp_path):
    with pytest.raises(InputError, match="no library here; make one with"):
        Catalogue(tmp_path / "nowhere", writable=False)
    assert not (tmp_path / "nowhere").exists()
    reader = Catalogue(tmp_path, writable=False)
    with pytest.raises(InputError, match="open for reading only"), reader.transaction():
        pass
    with pytest.raises(InputError, match="readonly database"):
        reader.set_meta("key", "value")
    reader.close()


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / CATALOGUE).write_bytes(b"no database at all" * 100)
    with pytest.raises(InputError, match=r"catalogue.sqlite: file is not a database"):
        Catalogue(tmp_path)


def test_a_database_of_another_program_is_refused_untouched(tmp_path):
    with sqlite3.connect(tmp_path / CATALOGUE) as other:
        other.execute("CREATE TABLE songs(name)")
    other.close()
    for writable in (True, False):
        with pytest.raises(InputError, match="a database of another program"):
            Catalogue(tmp_path, writable=writable)


def test_a_newer_catalogue_is_refused(catalogue, tmp_path):
    catalogue.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError, match="a newer timbrespace made the catalogue"):
        Catalogue(tmp_path)


def test_pages_hold_nothing_between_them(catalogue):
    with catalogue.transaction():
        catalogue.execute_many("INSERT INTO tags VALUES (?, 'x')", [])
        catalogue.execute_many(
            "INSERT INTO files(path, size, mtime_ns, status, added_at) VALUES (?, 1, 1, 'ok', '')",
            [(f"/{number}",) for number in range(1300)],
        )
    seen = []
    for page in catalogue.pages("path", "files", "path <> ?", ["/7"]):
        seen += [path for _, path in page]
        with catalogue.transaction():
            catalogue.execute("DELETE FROM files WHERE id = ?", [page[0][0]])
    assert sorted(seen) == sorted(f"/{number}" for number in range(1300) if number != 7)


def test_every_descriptor_and_every_row_has_its_column(catalogue):
    assert set(Descriptors.__annotations__) <= columns_of(catalogue, "sounds")
    assert set(COLUMNS) - {"tags"} == columns_of(catalogue, "heard")
