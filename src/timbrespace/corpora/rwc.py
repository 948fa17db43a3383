"""RWC Music Database: Musical Instrument Sound (RWC-MDB-I-2001).

Comes in: any folder above the files. Goes out: one row per note: a file holds one playing style at
one dynamic, note after note in ascending half-tones, parted by silence, where it is cut.

Names say the rest (`rwc_names`), folders nothing. Splits keep test variations, another maker's
instrument and mostly another player, unseen.

The 2026 release (doi:10.5281/zenodo.17170844) adds a table with the pitch range of each file. Where
as many notes are found as the range has half-tones, each gets its pitch; strings, of which every
single one is played through its range, have more.
"""

from __future__ import annotations

from pathlib import Path

from timbrespace.audio import audio_info, find_audio_files, read_audio, sounding_spans
from timbrespace.corpora.base import (
    CorpusInfo,
    Problem,
    Row,
    Scan,
    corpus_root,
    problem_of,
    scan_of,
    wrong_layout,
)
from timbrespace.corpora.names import midi_pitch
from timbrespace.corpora.rwc_names import columns_of, parse_stem, splits_of
from timbrespace.corpora.tables import read_csv
from timbrespace.corpora.threads import in_threads
from timbrespace.errors import AudioError

info = CorpusInfo(
    name="rwc",
    title="RWC Music Database: Musical Instrument Sound",
    url="https://staff.aist.go.jp/m.goto/RWC-MDB/",
    licence="CC BY-NC 4.0 (release of 2026); the DVDs of 2001 are for research, by contract",
    citation="Goto et al. 2003, RWC Music Database: Music Genre Database and Musical Instrument "
    "Sound Database, ISMIR; data doi:10.5281/zenodo.17170844",
    layout="""ROOT/                            file names count, folders do not
  02_instruments_details_en.csv   only in the release of 2026
  011/011PFNOF.WAV
  172/172VCPZM.WAV""",
)

_RANGES = "02_instruments_details_en.csv"


def scan(root: Path) -> Scan:
    """Read the RWC instrument sounds; every file is decoded, to find its notes.

    Reported: names of another form, the same file in two places, audio that cannot be read or is
    silent, a table of pitch ranges that cannot be read.

    Args:
        root: any folder above the files.

    Raises:
        InputError: there is no such folder, or no file in it is named as the corpus names them.
    """
    root = corpus_root(root, info)
    names = {path: parse_stem(path.stem) for path in find_audio_files(root)}
    known = {path: name for path, name in names.items() if name}
    if not known:
        raise wrong_layout(root, info)
    ranges, problems = _pitch_ranges(root)
    problems += [
        Problem(path, "name does not look like 172VCPZM.") for path in names if path not in known
    ]
    splits = splits_of(known.values())
    rows: list[Row] = []
    for (path, name), notes in zip(known.items(), in_threads(_notes, known), strict=True):
        if isinstance(notes, Problem):
            problems.append(notes)
            continue
        about = columns_of(name) | {"split": splits[name]}
        pitches = _pitches(ranges.get(path.stem.upper()), len(notes))
        rows += [about | note | pitch for note, pitch in zip(notes, pitches, strict=True)]
    return scan_of(rows, problems)


def _notes(path: Path) -> list[Row] | Problem:
    try:
        rate = audio_info(path).sample_rate_hz
        waveform = read_audio(path, sample_rate_hz=rate)
    except AudioError as fault:
        return problem_of(path, fault)
    return [
        {
            "id": f"{path.stem.upper()}-{index:03d}",
            "path": str(path),
            "start_s": start / rate,
            "duration_s": (stop - start) / rate,
            "sample_rate_hz": rate,
        }
        for index, (start, stop) in enumerate(sounding_spans(waveform, sample_rate_hz=rate), 1)
    ] or Problem(path, "is silent.")


def _pitches(span: tuple[int, int] | None, n_notes: int) -> list[Row]:
    if span and span[1] - span[0] + 1 == n_notes:
        return [{"pitch_midi": pitch} for pitch in range(span[0], span[1] + 1)]
    return [{}] * n_notes


def _pitch_ranges(root: Path) -> tuple[dict[str, tuple[int, int]], list[Problem]]:
    """Lowest and highest MIDI pitch of each file, by its stem, from the table of the release."""
    table = next(root.rglob(_RANGES), None)
    if table is None:
        return {}, []
    content = read_csv(table)
    if isinstance(content, Problem):
        return {}, [content]
    _, lines = content
    spans = {
        Path(line.get(f"File name ({letter})") or "").stem.upper(): _span(
            line.get(f"Pitch range ({letter})") or ""
        )
        for line in lines
        for letter in "FMP"
    }
    return {stem: span for stem, span in spans.items() if span}, []


def _span(text: str) -> tuple[int, int] | None:
    """Ends of a range such as C2>>F5; None for anything else."""
    pitches = [midi_pitch(end.strip()) for end in text.split(">>")]
    if len(pitches) != 2 or pitches[0] is None or pitches[1] is None:
        return None
    return pitches[0], pitches[1]
