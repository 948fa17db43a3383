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
    "folder": make_folder,
}
BREAK = {
    "nsynth": break_nsynth,
    "rwc": break_rwc,
    "philharmonia": break_philharmonia,
    "tinysol": break_tinysol,
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
