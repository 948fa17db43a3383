import pytest

from timbrespace.embeddings import embeddings_table
from timbrespace.errors import InputError
from timbrespace.evaluation.tables import (
    check_same_sounds,
    labelled_rows,
    pitched_rows,
    rows_of_split,
)
from timbrespace.manifest import manifest_from_rows


def table(*rows):
    named = [dict(zip(("id", "instrument", "split"), row, strict=True)) for row in rows]
    manifest = manifest_from_rows([{"path": f"{row['id']}.wav", **row} for row in named])
    vectors = [[float(ord(row["id"]))] for row in named]
    return embeddings_table(manifest, vectors, encoder_name="toy", encoder_hash="0")


SOUNDS = table(("b", "oboe", "test"), ("c", None, "test"), ("a", "harp", "train"))


def test_labelled_rows_are_sorted_with_their_vectors():
    rows = labelled_rows(SOUNDS, "instrument")
    assert rows["id"].to_pylist() == ["a", "b"]
    assert rows["embedding"].to_pylist() == [[97.0], [98.0]]


def test_rows_of_a_split():
    assert rows_of_split(SOUNDS, "test")["id"].to_pylist() == ["b", "c"]


def test_an_absent_split_is_refused_with_those_there_are():
    with pytest.raises(InputError, match=r"'valid'.*: test, train"):
        rows_of_split(SOUNDS, "valid")


def test_an_empty_label_is_refused_with_those_that_have_values():
    with pytest.raises(InputError, match=r"'family'; columns with values: instrument"):
        labelled_rows(SOUNDS, "family")


def test_a_column_that_names_no_classes_is_refused():
    with pytest.raises(InputError, match="'pitch_midi'"):
        labelled_rows(SOUNDS, "pitch_midi")


def test_rows_of_known_pitch():
    rows = [{"id": "a", "path": "x", "pitch_midi": 60}, {"id": "b", "path": "x"}]
    pitched = pitched_rows(manifest_from_rows(rows))
    assert pitched["id"].to_pylist() == ["a"]
    with pytest.raises(InputError, match="'pitch_midi'"):
        pitched_rows(SOUNDS)


def test_same_sounds_in_another_order_are_the_same():
    moved = SOUNDS.take([2, 0, 1])
    tables = {"one": SOUNDS, "two": moved}
    check_same_sounds({n: labelled_rows(t, "instrument") for n, t in tables.items()}, "instrument")


def test_tables_of_other_sounds_are_refused():
    with pytest.raises(InputError, match=r"one and two .*: 2 ids .* first, 0 .* second"):
        check_same_sounds({"one": SOUNDS, "two": SOUNDS.slice(0, 1)}, "instrument")


def test_tables_that_label_a_sound_otherwise_are_refused():
    other = table(("b", "flute", "test"), ("c", None, "test"), ("a", "harp", "train"))
    with pytest.raises(InputError, match="different 'instrument' labels"):
        check_same_sounds({"one": SOUNDS, "two": other}, "instrument")
