"""Promises of every corpus: a sound copy becomes a manifest, a broken one is reported."""

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest
import soundfile

from timbrespace.corpora import CORPORA, check_audio, get_corpus
from timbrespace.errors import ConfigError, InputError
from timbrespace.manifest import check_manifest

_RATE_HZ = 8_000
_DOCS = Path(__file__).parents[2] / "docs" / "corpora.md"


def write_notes(path: Path, n_notes: int = 1) -> None:
    note = np.sin(2 * np.pi * 440 / _RATE_HZ * np.arange(_RATE_HZ // 4))
    rest = np.zeros(_RATE_HZ // 4)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.concatenate([note, rest] * n_notes), _RATE_HZ)


def nsynth_entry(family: str, pitch: int) -> dict[str, object]:
    return {
        "instrument_str": f"{family}_acoustic_000",
        "instrument_family_str": family,
        "instrument_source_str": "acoustic",
        "pitch": pitch,
        "velocity": 75,
        "sample_rate": _RATE_HZ,
    }


def make_nsynth(root: Path) -> None:
    for split, family in (("train", "reed"), ("valid", "flute"), ("test", "brass")):
        folder = root / f"nsynth-{split}"
        entries = {
            f"{family}_000-{pitch:03d}-075": nsynth_entry(family, pitch) for pitch in (60, 61)
        }
        for note in entries:
            write_notes(folder / "audio" / f"{note}.wav")
        (folder / "examples.json").write_text(json.dumps(entries))


def break_nsynth(root: Path) -> set[str]:
    (root / "nsynth-valid" / "examples.json").write_text("rubbish")
    test = root / "nsynth-test"
    entries = json.loads((test / "examples.json").read_text())
    entries["bad"] = {"pitch": "high"}
    entries["gone"] = nsynth_entry("brass", 62)
    entries["guest"] = nsynth_entry("reed", 62)
    (test / "examples.json").write_text(json.dumps(entries))
    write_notes(test / "audio" / "guest.wav")
    write_notes(test / "audio" / "extra.wav")
    (test / "audio" / "brass_000-060-075.wav").write_bytes(b"")
    return {
        "examples.json: is not JSON",
        "entry bad lacks instrument_str",
        "gone.wav: is missing",
        "instrument reed_acoustic_000 is in split test and in train",
        "extra.wav: has no entry",
        "brass_000-060-075.wav: the file is empty",
    }


def make_rwc(root: Path) -> None:
    for stem in ("171VCNOF", "172VCNOF", "173VCNOF", "293EHNOM", "431SDNOP"):
        write_notes(root / stem[:3] / f"{stem}.WAV", n_notes=3)


def break_rwc(root: Path) -> set[str]:
    write_notes(root / "readme.wav")
    write_notes(root / "copy" / "171VCNOF.WAV", n_notes=3)
    (root / "171" / "171VCNOP.WAV").write_bytes(b"")
    soundfile.write(root / "171" / "171VCNOM.WAV", np.zeros(_RATE_HZ), _RATE_HZ)
    (root / "02_instruments_details_en.csv").write_bytes(b"\xff\xfe\xfa")
    return {
        "readme.wav: name does not look like 172VCPZM",
        "copy/171VCNOF.WAV: repeats ",
        "171VCNOP.WAV: the file is empty",
        "171VCNOM.WAV: is silent",
        "02_instruments_details_en.csv: cannot be read",
    }


def make_philharmonia(root: Path) -> None:
    write_notes(root / "cello" / "cello_As2_05_forte_arco-normal.mp3")
    write_notes(root / "oboe_A4_1_piano_normal.mp3")
    write_notes(root / "percussion" / "guiro__phrase_mezzo-forte_scraped.mp3")


def break_philharmonia(root: Path) -> set[str]:
    write_notes(root / "take 2.mp3")
    write_notes(root / "cello" / "cello_H2_05_forte_arco-normal.mp3")
    write_notes(root / "cello" / "cello_A2_forte_05_arco-normal.mp3")
    write_notes(root / "copy" / "oboe_A4_1_piano_normal.mp3")
    (root / "cello" / "cello_A2_05_forte_arco-normal.mp3").write_bytes(b"")
    return {
        "take 2.mp3: name must have five parts",
        "the pitch 'H2'",
        "the length 'forte'",
        "oboe_A4_1_piano_normal.mp3: repeats ",
        "cello_A2_05_forte_arco-normal.mp3: the file is empty",
    }


def tinysol_line(path: str, instrument: str, pitch: str) -> dict[str, str]:
    return {
        "Path": path,
        "Instrument (in full)": instrument,
        "Technique (in full)": "ordinario",
        "Pitch ID": pitch,
        "Dynamics": "mf",
    }


def write_tinysol_lines(root: Path, lines: list[dict[str, str]]) -> None:
    path = root / "annotation" / "TinySOL_metadata.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(tinysol_line("", "", "")))
        table.writeheader()
        table.writerows(lines)


_TINYSOL_LINES = [
    tinysol_line("Winds/Oboe/ordinario/Ob-ord-A4-mf-N-N.wav", "Oboe", "69"),
    tinysol_line("Strings/Violin/ordinario/Vn-ord-A4-mf-2c-N.wav", "Violin", "69"),
]


def make_tinysol(root: Path) -> None:
    for line in _TINYSOL_LINES:
        write_notes(root / "audio" / line["Path"])
    write_tinysol_lines(root, _TINYSOL_LINES)


def break_tinysol(root: Path) -> set[str]:
    lines = [*_TINYSOL_LINES, _TINYSOL_LINES[0]]
    lines += [tinysol_line("", "Oboe", "60"), tinysol_line("a.wav", "Oboe", "sixty")]
    lines += [tinysol_line("gone.wav", "Oboe", "60")]
    write_tinysol_lines(root, lines)
    write_notes(root / "audio" / "extra.wav")
    (root / "audio" / _TINYSOL_LINES[1]["Path"]).write_bytes(b"")
    return {
        "Ob-ord-A4-mf-N-N.wav: repeats ",
        "line 5 lacks Path",
        "line 6 has the Pitch ID 'sixty'",
        "gone.wav: is missing (line 7)",
        "extra.wav: has no line",
        "Vn-ord-A4-mf-2c-N.wav: the file is empty",
    }


def write_excerpt(path: Path, labels: str) -> None:
    write_notes(path)
    path.with_suffix(".txt").write_text(labels)


def make_irmas(root: Path) -> None:
    training, testing = root / "IRMAS-TrainingData", root / "IRMAS-TestingData-Part1" / "Part1"
    write_notes(training / "cla" / "[cla][cla]0189__2.wav")
    write_notes(training / "cel" / "008__[cel][nod][cla]0058__1.wav")
    write_excerpt(testing / "02 - A Song-8.wav", "gel\t\nvoi\t\n")


def break_irmas(root: Path) -> set[str]:
    training, testing = root / "IRMAS-TrainingData", root / "IRMAS-TestingData-Part1" / "Part1"
    write_notes(training / "cel" / "cello.wav")
    write_notes(training / "cla" / "[cel][cla]0190__1.wav")
    write_notes(testing / "silent-1.wav")
    write_excerpt(testing / "strange-1.wav", "gel\nkazoo\n")
    write_excerpt(testing / "none-1.wav", "")
    write_notes(root / "copy" / "cla" / "[cla][cla]0189__2.wav")
    (testing / "gone-1.txt").write_text("gel")
    (testing / "readme.txt").write_text("cite us")
    (testing / "02 - A Song-8.wav").write_bytes(b"")
    return {
        "cello.wav: name does not look like",
        "is named [cel] but lies in the folder cla",
        "silent-1.txt: cannot be read",
        "lists 'kazoo'",
        "none-1.txt: lists nothing",
        "0189__2.wav: repeats ",
        "gone-1.txt: lists classes of audio that is missing",
        "02 - A Song-8.wav: the file is empty",
    }


def medley_line(subset: str, instrument: str, song: str, uuid: str) -> dict[str, str]:
    return {
        "subset": subset,
        "instrument": "",
        "instrument_id": instrument,
        "song_id": song,
        "uuid4": uuid,
    }


def write_medley_lines(root: Path, lines: list[dict[str, str]]) -> None:
    path = root / "annotation" / "Medley-solos-DB_metadata.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(medley_line("", "", "", "")))
        table.writeheader()
        table.writerows(lines)


_MEDLEY_LINES = [medley_line("training", "5", "1", "a"), medley_line("validation", "3", "210", "b")]


def make_medley(root: Path) -> None:
    for line in _MEDLEY_LINES:
        stem = f"Medley-solos-DB_{line['subset']}-{line['instrument_id']}_{line['uuid4']}"
        write_notes(root / "audio" / f"{stem}.wav")
    write_medley_lines(root, _MEDLEY_LINES)


def break_medley(root: Path) -> set[str]:
    audio = root / "audio"
    lines = [
        *_MEDLEY_LINES,
        medley_line("training", "3", "2", ""),
        medley_line("all", "3", "2", "c"),
    ]
    lines += [medley_line("test", "8", "2", "d"), medley_line("test", "3", "2", "e")]
    lines += [medley_line("test", "3", "210", "f")]
    write_medley_lines(root, lines)
    write_notes(audio / "Medley-solos-DB_test-3_f.wav")
    write_notes(audio / "extra.wav")
    (audio / "Medley-solos-DB_training-5_a.wav").write_bytes(b"")
    return {
        "line 4 lacks uuid4",
        "line 5 has the subset 'all'",
        "line 6 has the instrument_id '8'",
        "Medley-solos-DB_test-3_e.wav: is missing (line 7)",
        "instrument song-210 is in split test and in valid",
        "extra.wav: has no line",
        "Medley-solos-DB_training-5_a.wav: the file is empty",
    }


def make_folder(root: Path) -> None:
    for name in ("my violin/a3.wav", "my violin/pizzicato/a3.wav", "kazoo/a3.flac", "loose.wav"):
        write_notes(root / name)


def break_folder(root: Path) -> set[str]:
    (root / "kazoo" / "b3.m4a").write_bytes(b"anything")
    (root / "kazoo" / "empty.wav").write_bytes(b"")
    (root / "kazoo" / "text.wav").write_text("not audio")
    return {"b3.m4a: .m4a cannot be decoded", "empty.wav: the file is empty", "text.wav: cannot be"}


MAKE = {
    "nsynth": make_nsynth,
    "rwc": make_rwc,
    "philharmonia": make_philharmonia,
    "tinysol": make_tinysol,
    "irmas": make_irmas,
    "medley-solos-db": make_medley,
    "folder": make_folder,
}
BREAK = {
    "nsynth": break_nsynth,
    "rwc": break_rwc,
    "philharmonia": break_philharmonia,
    "tinysol": break_tinysol,
    "irmas": break_irmas,
    "medley-solos-db": break_medley,
    "folder": break_folder,
}

every_corpus = pytest.mark.parametrize("name", CORPORA)


@every_corpus
def test_sound_copy_becomes_a_manifest(name: str, tmp_path: Path) -> None:
    MAKE[name](tmp_path)
    scan = CORPORA[name].scan(tmp_path)
    assert not scan.problems
    assert scan.manifest.num_rows >= 2
    assert check_manifest(scan.manifest).equals(scan.manifest)
    assert not check_audio(scan.manifest)


@every_corpus
def test_relative_root_gives_absolute_paths(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    MAKE[name](tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    paths = CORPORA[name].scan(Path("corpus")).manifest["path"].to_pylist()
    assert all(Path(path).is_absolute() and Path(path).is_file() for path in paths)


@every_corpus
def test_broken_copy_is_reported_completely(name: str, tmp_path: Path) -> None:
    MAKE[name](tmp_path)
    expected = BREAK[name](tmp_path)
    scan = CORPORA[name].scan(tmp_path)
    problems = [str(problem) for problem in scan.problems + check_audio(scan.manifest)]
    assert {part for part in expected if not any(part in line for line in problems)} == set()
    assert [line for line in problems if not any(part in line for part in expected)] == []
    assert scan.manifest.num_rows


@every_corpus
def test_missing_root_shows_the_layout(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such folder.\nExpected [^\n]* laid out as\nROOT/"):
        CORPORA[name].scan(tmp_path / "missing")


@every_corpus
def test_root_of_something_else_shows_the_layout(name: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(
        InputError, match=r"does not look like [^\n]*\nExpected .* laid out as\nROOT/"
    ):
        CORPORA[name].scan(tmp_path)


@every_corpus
def test_card_and_documentation_tell_the_same(name: str) -> None:
    info = CORPORA[name].info
    section = (
        _DOCS.read_text().partition(f"\n## {info.title} (`{name}`)\n")[2].partition("\n## ")[0]
    )
    assert info.name == name
    assert info.layout in section
    for fact in (info.licence, info.url, info.citation):
        assert (fact or "") in " ".join(section.split())


def test_unknown_corpus_lists_the_known() -> None:
    with pytest.raises(ConfigError, match="no corpus 'nsinth'; known are nsynth, "):
        get_corpus("nsinth")


@pytest.mark.parametrize(
    ("name", "place", "n_sounds", "families"),
    [
        (
            "philharmonia",
            "philharmonia",
            1068,
            {"brass", "flute", "guitar", "reed", "string", None},
        ),
        ("tinysol", "loader_samples/tinysol", 2, {"flute", "string"}),
        ("irmas", "loader_samples/irmas", 2, {"reed", None}),
        ("medley-solos-db", "loader_samples/medley_solos_db", 1, {"flute"}),
        ("folder", "second_maker", 77, {None}),
    ],
)
def test_real_copy_has_no_problem(
    test_data: Path, name: str, place: str, n_sounds: int, families: set[str | None]
) -> None:
    scan = CORPORA[name].scan(test_data / place)
    assert scan.problems + check_audio(scan.manifest) == []
    assert scan.manifest.num_rows == n_sounds
    assert set(pc.unique(scan.manifest["family"]).to_pylist()) == families
