import contextlib
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timbrespace.errors import InputError
from timbrespace.rendering import list_presets
from timbrespace.rendering.hydra import read_hydra


def _broken(tiny: Path, tmp_path: Path, change) -> Path:
    file = tmp_path / "broken.sf2"
    file.write_bytes(change(bytearray(tiny.read_bytes())))
    return file


def _table(content: bytearray, name: bytes) -> int:
    """Where the body of a table starts."""
    return content.rindex(name) + 8


def test_tables_end_with_their_terminal_records(tiny):
    hydra = read_hydra(tiny)
    assert hydra["phdr"]["name"].tolist()[-1] == b"EOP"
    assert hydra["inst"]["name"].tolist()[-1] == b"EOI"
    assert hydra["shdr"]["sample_rate_hz"].tolist()[0] == 44_000


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_hydra(tmp_path / "none.sf2")


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"ID3" + bytes(40)])
def test_other_files_are_no_soundfonts(tmp_path, content):
    file = tmp_path / "a.sf2"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.sf2: not a SoundFont"):
        read_hydra(file)


def test_a_file_cut_anywhere_is_refused(tiny, tmp_path):
    whole = tiny.read_bytes()
    file = tmp_path / "cut.sf2"
    for length in [*range(0, len(whole), 97), len(whole) - 1]:
        file.write_bytes(whole[:length])
        with pytest.raises(InputError):
            read_hydra(file)


def test_an_absurd_size_is_refused(tiny, tmp_path):
    def change(content):
        place = content.index(b"sdta") - 4
        content[place : place + 4] = struct.pack("<I", 2**32 - 1)
        return content

    with pytest.raises(InputError, match="says 4294967295 bytes"):
        read_hydra(_broken(tiny, tmp_path, change))


def test_a_soundfont_without_presets_is_refused(tiny, tmp_path):
    file = _broken(tiny, tmp_path, lambda content: content.replace(b"pdta", b"none"))
    with pytest.raises(InputError, match="has no presets"):
        read_hydra(file)


def test_a_missing_table_is_refused(tiny, tmp_path):
    file = _broken(tiny, tmp_path, lambda content: content.replace(b"inst", b"none"))
    with pytest.raises(InputError, match="table 'inst' has 0 bytes"):
        read_hydra(file)


def test_a_table_of_parts_of_records_is_refused(tmp_path):
    body = b"pdtaphdr" + struct.pack("<I", 4) + bytes(4)
    file = tmp_path / "parts.sf2"
    content = b"sfbkLIST" + struct.pack("<I", len(body)) + body
    file.write_bytes(b"RIFF" + struct.pack("<I", len(content)) + content)
    with pytest.raises(InputError, match="records of 38 bytes"):
        read_hydra(file)


def test_indices_that_run_backwards_are_refused(tiny, tmp_path):
    def change(content):
        place = _table(content, b"ibag")
        content[place : place + 2] = struct.pack("<H", 7)
        return content

    with pytest.raises(InputError, match="run backwards"):
        read_hydra(_broken(tiny, tmp_path, change))


def test_indices_past_the_end_are_refused(tiny, tmp_path):
    def change(content):
        place = _table(content, b"pbag") - 8
        content[place - 14 : place - 12] = struct.pack("<H", 999)  # bag of the last phdr record
        return content

    with pytest.raises(InputError, match="index 999 in a table of 8"):
        read_hydra(_broken(tiny, tmp_path, change))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255))
def test_any_changed_byte_gives_presets_or_an_input_error(tiny, tmp_path, place, value):
    content = np.frombuffer(tiny.read_bytes(), np.uint8).copy()
    tables = tiny.read_bytes().index(b"pdta")
    content[tables + int(place * (len(content) - tables))] = value
    file = tmp_path / "changed.sf2"
    file.write_bytes(content.tobytes())
    with contextlib.suppress(InputError):
        presets = list_presets(file)
        assert all(0 <= preset.program <= 127 for preset in presets)
