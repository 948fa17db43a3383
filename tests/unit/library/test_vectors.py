import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.library.vectors import VectorFile


def test_rows_come_back_and_what_lies_behind_the_last_is_written_over(tmp_path, rng):
    file = VectorFile(tmp_path, "0123456789abcdefffff", 4)
    rows = rng.standard_normal((5, 4)).astype(np.float32)
    file.write(0, rows[:2])
    file.write(2, np.full((9, 4), 7.0, np.float32))  # a run that was stopped before its rows
    file.write(2, rows[2:])
    assert (tmp_path / "vectors-0123456789abcdef.f16").is_file()
    np.testing.assert_array_equal(file.read(5), rows.astype(np.float16))
    assert file.read(0).shape == (0, 4)


def test_a_map_stays_right_while_others_write(tmp_path):
    file = VectorFile(tmp_path, "0" * 16, 2)
    file.write(0, np.ones((1, 2), np.float32))
    held = file.read(1)
    file.write(1, np.zeros((100, 2), np.float32))
    assert held.tolist() == [[1.0, 1.0]]
    with pytest.raises(ValueError, match="read-only"):
        held[0, 0] = 2


def test_a_file_that_is_cut_off_is_told(tmp_path):
    file = VectorFile(tmp_path, "0" * 16, 2)
    file.write(0, np.ones((3, 2), np.float32))
    with pytest.raises(InputError, match="counts 4 vectors, this file holds 3"):
        file.read(4)
