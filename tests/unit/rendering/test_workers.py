import time
from contextlib import closing

import numpy as np
import pytest

from timbrespace.rendering.files import wav_bytes
from timbrespace.rendering.workers import in_processes, write_wav


@pytest.mark.parametrize("n_workers", [1, 2])
def test_each_job_comes_with_its_outcome(n_workers):
    assert sorted(in_processes(abs, [-1, 2, -3], n_workers)) == [(-3, 3), (-1, 1), (2, 2)]


def test_closing_does_not_wait_for_what_is_being_done():
    begin = time.monotonic()
    with closing(in_processes(time.sleep, [0, 300, 300], 2)) as done:
        next(done)
    assert time.monotonic() - begin < 100


@pytest.mark.parametrize("n_samples", [0, 1, 16_000])
def test_size_of_a_file_is_known_beforehand(n_samples, tmp_path):
    write_wav(tmp_path / "note.wav", np.zeros(n_samples, np.float32), 16_000)
    assert (tmp_path / "note.wav").stat().st_size == wav_bytes(n_samples)
