"""TinySOL: isolated notes of 14 instruments, recorded at Ircam.

Comes in: the folder that holds `annotation/TinySOL_metadata.csv` and `audio/`. Goes out: one row
per line of the metadata. Its five folds mix the notes of each instrument, so they are no splits
here, where a split holds whole instruments: `split` stays null.
"""

from __future__ import annotations

from pathlib import Path

from timbrespace.audio import find_audio_files
from timbrespace.corpora.base import (
    CorpusInfo,
    Problem,
    Row,
    Scan,
    corpus_root,
    scan_of,
    wrong_layout,
)
from timbrespace.corpora.names import family_of
from timbrespace.corpora.tables import Line, read_csv

info = CorpusInfo(
    name="tinysol",
    title="TinySOL",
    url="https://doi.org/10.5281/zenodo.3685367",
    licence="CC BY 4.0",
    citation="Cella et al. 2020, OrchideaSOL: a dataset of extended instrumental techniques for "
    "computer-aided orchestration, ICMC, arXiv:2007.00763; data doi:10.5281/zenodo.3685367",
    layout="""ROOT/
  annotation/TinySOL_metadata.csv
  audio/
    Strings/Contrabass/ordinario/Cb-ord-A2-mf-2c-N.wav
    Winds/Flute/ordinario/Fl-ord-C4-mf-N-T14d.wav""",
)

_METADATA = Path("annotation", "TinySOL_metadata.csv")
_COLUMNS = ("Path", "Instrument (in full)", "Technique (in full)", "Pitch ID", "Dynamics")
_DYNAMICS = {
    "pp": "pianissimo",
    "p": "piano",
    "mf": "mezzo-forte",
    "f": "forte",
    "ff": "fortissimo",
}


def scan(root: Path) -> Scan:
    """Read TinySOL.

    Reported: metadata that cannot be read or lacks columns, lines with missing or wrong values,
    missing audio, audio without a line.

    Args:
        root: the folder above `annotation` and `audio`.

    Raises:
        InputError: there is no such folder, or no metadata file or audio folder in it.
    """
    root = corpus_root(root, info)
    metadata, audio = root / _METADATA, root / "audio"
    if not (metadata.is_file() and audio.is_dir()):
        raise wrong_layout(root, info)
    lines, problems = _read_lines(metadata)
    if problems:
        return scan_of([], problems)
    found = set(find_audio_files(audio))
    rows = []
    for number, line in enumerate(lines, start=2):
        fault = _line_fault(line)
        if fault:
            problems.append(Problem(metadata, f"line {number} {fault}"))
        elif audio / line["Path"] not in found:
            problems.append(Problem(audio / line["Path"], f"is missing (line {number})."))
        else:
            rows.append(_row(audio / line["Path"], line))
    extra = sorted(found - {audio / (line["Path"] or "") for line in lines})
    problems += [Problem(path, f"has no line in {metadata}.") for path in extra]
    return scan_of(rows, problems)


def _read_lines(metadata: Path) -> tuple[list[Line], list[Problem]]:
    table = read_csv(metadata)
    if isinstance(table, Problem):
        return [], [table]
    names, lines = table
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        return [], [Problem(metadata, f"lacks the columns {', '.join(missing)}.")]
    return lines, []


def _line_fault(line: Line) -> str | None:
    empty = [name for name in _COLUMNS if not line[name]]
    if empty:
        return f"lacks {', '.join(empty)}."
    if not (line["Pitch ID"].isdecimal() and int(line["Pitch ID"]) <= 127):
        return f"has the Pitch ID {line['Pitch ID']!r}, not a MIDI pitch."
    if line["Dynamics"] not in _DYNAMICS:
        return f"has the dynamics {line['Dynamics']!r}; known are {', '.join(_DYNAMICS)}."
    return None


def _row(path: Path, line: Line) -> Row:
    instrument = line["Instrument (in full)"].lower().replace(" ", "-")
    return {
        "id": path.stem,
        "path": str(path),
        "instrument": instrument,
        "kind": instrument,
        "family": family_of(instrument),
        "source": "acoustic",
        "pitch_midi": int(line["Pitch ID"]),
        "dynamics": _DYNAMICS[line["Dynamics"]],
        "technique": line["Technique (in full)"],
    }
