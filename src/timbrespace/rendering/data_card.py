"""The data card of open-notes.

Comes in: what render.json holds. Goes out: Markdown: what is in the corpus, from where, what is not
and why, and how to make it again. Every number is the rendering's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from timbrespace.manifest import SPLITS
from timbrespace.rendering.files import wav_bytes
from timbrespace.rendering.markdown import paragraph, table
from timbrespace.rendering.recordings import STEP_DB
from timbrespace.rendering.settings import DrumSettings, RenderSettings
from timbrespace.rendering.soundfonts import OPEN_NOTES

Told = Mapping[str, Any]

_WHY = {
    "silent": "peak below −60 dB of full scale",
    "clipped": "reaches full scale",
    "breath-controlled": "MuseScore_General plays it a second time, by MIDI controller 2: a twin",
    "not pitched": "hits, effects and percussion among the pitched presets",
    "percussion": "drum kits: `timbrespace render open-notes --drums` makes a corpus of them",
    "another key map": "orchestra, marching and metronome kits: a key is not General MIDI's drum",
    "no drum kit": "pitched presets: `timbrespace render open-notes` makes a corpus of them",
}

_LIMITS = """## Limits

- A SoundFont stretches few samples over many keys and loops their end: far from a sample's own
  pitch a note sounds unlike its instrument, and a held note repeats itself.
- The pitch is the key that was pressed. Some presets sound octaves away from it, or more than one.
- Kinds share recordings too (Violin and Fiddle, the pianos, most pads); these are not merged.
  What held-out programs share with others is counted in docs/rendering.md."""

_DRUM_LIMITS = """## Limits

- Each drum has as many notes as there are velocities: enough to search and to map, few to enrol.
- The toms of a kit are often one sample at several speeds. Each is a kind of its own here; all are
  in one split, as are the hi-hats, the congas and other sets.
- A kit need not play at a key what General MIDI has there."""


def data_card(told: Told, *, drums: bool) -> str:
    """The card of a rendered corpus.

    Args:
        told: the content of its render.json.
        drums: it is the part that holds the drums.
    """
    sections = [
        _head(told, drums),
        _making(told, drums),
        _soundfonts(told),
        _splits(told, drums),
        _shared(told, drums),
        _missing(told),
        _DRUM_LIMITS if drums else _LIMITS,
        _kinds(told, drums),
    ]
    return "\n\n".join(sections) + "\n"


def _head(told: Told, drums: bool) -> str:
    what = "each a key of a drum kit" if drums else "each a preset"
    sources = ", ".join(f"{count:,} {source}" for source, count in sorted(told["sources"].items()))
    first, *_, last = told["keys"] if drums else told["pitches"]
    about = paragraph(
        f"""{_total(told, "notes"):,} notes of {_total(told, "instruments"):,} instruments
        ({what}) of {len(told["kinds"])} kinds, played by FluidSynth {told["fluidsynth"]} from the
        four free General MIDI SoundFonts that Debian ships, in NSynth's layout. The instruments
        play {told["n_recordings"]:,} different recordings. By source: {sources}."""
    )
    notes = paragraph(
        f"""A note is held for {told["held_s"]:g} s of {told["total_s"]:g} s, at
        {told["sample_rate_hz"]:,} Hz, mono, 16 bits, without effects or normalisation;
        {"keys" if drums else "pitches"} {first} to {last}, velocities
        {", ".join(map(str, told["velocities"]))}. All of them take {_gigabytes(told):.1f} GB.
        An entry of `examples.json` has NSynth's keys and `kind` (what the instrument is an example
        of, in General MIDI's words), `recording` (below), `soundfont`, `bank`, `program` and
        `preset`{"; pitch and family, which drums do not have, are null" if drums else ""}."""
    )
    return f"# open-notes{': drums' if drums else ''}\n\n{about}\n\n{notes}"


def _making(told: Told, drums: bool) -> str:
    packages = " ".join(entry.package for entry in OPEN_NOTES)
    return f"""## How to make it

```
apt-get install libfluidsynth3 {packages}
pip install 'timbrespace[render]'
timbrespace render open-notes{" --drums" if drums else ""} --out FOLDER
timbrespace corpora manifest nsynth FOLDER --out notes.parquet
```

The same SoundFonts and the same FluidSynth give the same bytes. The command goes on where it was
stopped, and writes this card from the numbers in `render.json`."""


def _soundfonts(told: Told) -> str:
    rows = [
        (font["name"], font["licence"] or "not known", told["makers"].get(font["name"], 0))
        for font in told["soundfonts"]
    ]
    sums = "\n".join(f"{font['sha256']}  {font['name']}" for font in told["soundfonts"])
    return f"""## SoundFonts and licences

{table(("SoundFont", "licence", "instruments"), rows)}

The licence is what the Debian package says of the SoundFont (`/usr/share/doc/PACKAGE/copyright`).
None of the four speaks of audio that is rendered with it; read them before you pass notes on. The
files, by SHA-256:

```
{sums}
```"""


def _splits(told: Told, drums: bool) -> str:
    rows = [
        (
            split,
            sum(told["instruments"][split].values()),
            sum(kind["recordings"] for kind in _of_split(told, split).values()),
            sum(told["notes"][split].values()),
        )
        for split in SPLITS
    ]
    unit = "keys of the percussion map" if drums else "General MIDI programs"
    held_out = "\n".join(
        f"- {split}: {', '.join(_of_split(told, split)) or 'none'}." for split in ("test", "valid")
    )
    families = "" if drums else f"\n\n{_families(told)}"
    return f"""## Splits

{table(("split", "instruments", "recordings", "notes"), rows)}

Whole {unit} are held out, in all SoundFonts:

{held_out}{families}"""


def _families(told: Told) -> str:
    names = sorted({name for counts in told["notes"].values() for name in counts})
    rows = [
        (
            name,
            *(
                f"{told['notes'][split].get(name, 0):,} ({told['instruments'][split].get(name, 0)})"
                for split in SPLITS
            ),
        )
        for name in names
    ]
    return "Notes (instruments) by family:\n\n" + table(("family", *SPLITS), rows)


def _shared(told: Told, drums: bool) -> str:
    threshold_db = (DrumSettings if drums else RenderSettings).same_recording_db
    counts = told["differences"]["train"]
    steps = [f"{STEP_DB * step:g} to {STEP_DB * (step + 1):g}" for step in range(len(counts) - 1)]
    steps.append(f"{STEP_DB * len(steps):g} or more")
    text = paragraph(
        f"""SoundFonts descend from one another: MuseScore_General keeps most samples of FluidR3_GM,
        compressed. Two instruments of one kind are taken for the same recording where the spectra
        of their common notes (64 mel bands, averaged over time, free of gain; of each pitch one
        velocity) differ by less than
        {threshold_db:g} dB on average, directly or through a third. So
        {_total(told, "instruments"):,} instruments become {told["n_recordings"]:,} recordings.
        `recording` names the first instrument that plays it, and timbrespace takes it for the
        instrument. The threshold was set where the differences between instruments of train have
        their gap:"""
    )
    return f"""## Shared recordings

{text}

{table(("difference, dB", "pairs of train"), zip(steps, counts, strict=True))}

What plays the same samples but sounds otherwise, by its filter, its envelope or a second layer,
stays an instrument of its own."""


def _missing(told: Told) -> str:
    reasons = [("note", "out of range", told["out_of_range"], "the preset has no key for it")]
    reasons += [("note", name, count, _WHY[name]) for name, count in told["dropped"].items()]
    reasons += [("preset", name, count, _WHY[name]) for name, count in told["left_out"].items()]
    return "## What is not in it\n\n" + table(("", "reason", "how many", "what it means"), reasons)


def _kinds(told: Told, drums: bool) -> str:
    pitch = "key" if drums else "pitches"
    family = () if drums else ("family",)
    rows = [
        (
            name,
            *([] if drums else [kind["family"]]),
            kind["split"],
            kind["instruments"],
            kind["recordings"],
            kind["notes"],
            _span(kind["pitches"]),
        )
        for name, kind in told["kinds"].items()
    ]
    header = ("kind", *family, "split", "instruments", "recordings", "notes", pitch)
    return f"## Kinds\n\n{table(header, rows)}"


def _of_split(told: Told, split: str) -> dict[str, Any]:
    return {name: kind for name, kind in told["kinds"].items() if kind["split"] == split}


def _total(told: Told, name: str) -> int:
    return sum(kind[name] for kind in told["kinds"].values())


def _gigabytes(told: Told) -> float:
    bytes_each = wav_bytes(round(told["total_s"] * told["sample_rate_hz"]))
    return _total(told, "notes") * bytes_each / 1e9


def _span(pitches: Sequence[int]) -> str:
    lowest, highest = pitches
    return str(lowest) if lowest == highest else f"{lowest}–{highest}"
