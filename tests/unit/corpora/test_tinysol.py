from pathlib import Path

import pytest

from timbrespace.corpora import tinysol
from timbrespace.errors import InputError

_HEADER = (
    "Path,Fold,Family,Instrument (abbr.),Instrument (in full),Technique (abbr.),"
    "Technique (in full),Pitch,Pitch ID,Dynamics,Dynamics ID,Instance ID,"
    "String ID (if applicable),Needed digital retuning"
)
_LINE = "Brass/x.wav,4,Brass,TpC,Trumpet in C,ord,ordinario,A4,69,ff,4,0,,FALSE"


def write_corpus(root: Path, *lines: str) -> Path:
    (root / "annotation").mkdir()
    (root / "audio" / "Brass").mkdir(parents=True)
    (root / "audio" / "Brass" / "x.wav").touch()
    (root / "annotation" / "TinySOL_metadata.csv").write_text("\n".join(lines))
    return root


def test_line_becomes_columns(tmp_path: Path) -> None:
    (row,) = tinysol.scan(write_corpus(tmp_path, _HEADER, _LINE)).manifest.to_pylist()
    assert {key: value for key, value in row.items() if value is not None} == {
        "id": "x",
        "path": str(tmp_path / "audio" / "Brass" / "x.wav"),
        "instrument": "trumpet-in-c",
        "kind": "trumpet-in-c",
        "family": "brass",
        "source": "acoustic",
        "pitch_midi": 69,
        "dynamics": "fortissimo",
        "technique": "ordinario",
    }


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("Path,Fold", "x.wav,1"), "lacks the columns Instrument (in full), "),
        ((), "lacks the columns Path, "),
        ((_HEADER, _LINE.replace("69", "169")), "line 2 has the Pitch ID '169'"),
        ((_HEADER, _LINE.replace("ff", "loud")), "line 2 has the dynamics 'loud'"),
        ((_HEADER, "Brass/x.wav"), "line 2 lacks Instrument (in full), "),
        ((_HEADER, _LINE.replace("Brass/x", "../x")), "is missing (line 2)"),
    ],
)
def test_wrong_metadata_is_a_problem(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    scan = tinysol.scan(write_corpus(tmp_path, *lines))
    assert not scan.manifest.num_rows
    assert message in scan.problems[0].message


def test_bytes_that_are_no_text_are_a_problem(tmp_path: Path) -> None:
    metadata = write_corpus(tmp_path, _HEADER) / "annotation" / "TinySOL_metadata.csv"
    metadata.write_bytes(b"\xff\xfe\x00")
    (problem,) = tinysol.scan(tmp_path).problems
    assert problem.path == metadata
    assert "cannot be read as a table" in problem.message


def test_metadata_without_audio_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "annotation").mkdir()
    (tmp_path / "annotation" / "TinySOL_metadata.csv").touch()
    with pytest.raises(InputError, match="does not look like TinySOL"):
        tinysol.scan(tmp_path)
