"""The data card of a corpus of mixes.

Comes in: what render.json holds. Goes out: Markdown: what is in the corpus, how its labels came
about, what plays in which split, and what to beware of. Every number is the rendering's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from timbrespace.corpora import IRMAS_CLASSES
from timbrespace.manifest import SPLITS
from timbrespace.rendering.markdown import paragraph, table
from timbrespace.rendering.mixes.classes import classes_of_same_programs

Told = Mapping[str, Any]

_LIMITS = """## Limits

- Nothing is recorded: sounds are those of SoundFonts, players are arithmetic, and nobody sings
  words. What a model learns here has to be tested on recorded music before it is believed there.
- Arrangements are simple: one key, one tempo, one figure a player. MIDI files are played without
  their volume, pan, bends and controllers other than the sustain pedal.
- A SoundFont plays one example of each instrument.
- FluidR3_GM and MuseScore_General share most of their recordings."""


def data_card(told: Told) -> str:
    """The card.

    Args:
        told: the content of render.json.
    """
    sections = [_head(told), _rule(told), _counts(told), _players(told), _soundfonts(told), _LIMITS]
    return "\n\n".join(sections) + "\n"


def _head(told: Told) -> str:
    total = sum(told["mixes"].values())
    source = (
        f"{sum(len(songs) for songs in told['midi'].values()):,} MIDI files"
        if told["midi"]
        else "arrangements of melody, accompaniment, bass and drums that were made for them"
    )
    about = paragraph(
        f"""{total:,} excerpts of music with known leading instruments, in the manner of IRMAS,
        {_length(sum(told["hours"].values()))}, played by FluidSynth {told["fluidsynth"]} from
        {source}. {told["sample_rate_hz"]:,} Hz, mono, 16 bits; train {_span(told["train_s"])},
        valid and test {_span(told["test_s"])}; one to {len(told["stem_odds"])} instruments; seed
        {told["seed"]}."""
    )
    tables = paragraph(
        """`manifest.parquet` has a row per mix: `labels` are the classes that lead; `label_mask`,
        where it is not null, has a flag for each class, in the order of the table below, false
        where it is not known whether it leads; `instrument` is the song, which no split parts.
        `stems.parquet` has a row per stem with what was measured of it."""
    )
    return f"# Rendered mixes\n\n{about}\n\n{tables}"


def _rule(told: Told) -> str:
    rule = told["rule"]
    text = paragraph(
        f"""Each stem is measured as it sounds in the mix, by ITU-R BS.1770's K-weighted loudness in
        blocks of 0.4 s. It is active in a block where it is at most {rule["masked_db"]:g} dB softer
        than the mix. It is predominant if it is active in at least
        {100 * rule["least_activity"]:g} % of the blocks and, over the whole excerpt, at most
        {rule["within_db"]:g} dB softer than the loudest stem;
        {" and ".join(rule["unranked_roles"]) or "no role"} neither count as loudest nor as
        predominant. Labels are the classes of the predominant stems. An instrument of no class may
        be the loudest; then it sets the bar, and gives no label. A mix without a label, or in train
        with more than one, was drawn anew."""
    )
    balance = paragraph(
        f"""One instrument is meant to lead; others were made softer than it by
        {_db(told["train_below_db"])} in train, {_db(told["test_below_db"])} in valid and test,
        {" and ".join(rule["unranked_roles"]) or "no role"} by {_db(told["unranked_below_db"])}.
        String ensembles, brass sections, electric pianos and others that hold a class's instrument,
        or something near to it, leave unknown whether that class leads, unless it does."""
    )
    return f"## Who leads\n\n{text}\n\n{balance}"


def _counts(told: Told) -> str:
    rows = [
        ("mixes", *(told["mixes"][split] for split in SPLITS)),
        ("length", *(_length(told["hours"][split]) for split in SPLITS)),
        ("songs", *(told["songs"][split] for split in SPLITS)),
        ("a stem of no class leads too", *(told["unlabelled"][split] for split in SPLITS)),
        ("a class is not known", *(told["masked"][split] for split in SPLITS)),
    ]
    rows += _sizes(told["labels"], "label") + _sizes(told["stems"], "instrument")
    classes = [
        (name, *(told["classes"][split][name] for split in SPLITS)) for name in IRMAS_CLASSES
    ]
    return (
        f"## What is in it\n\n{table(('', *SPLITS), rows)}\n\n"
        f"Mixes that each class leads:\n\n{table(('class', *SPLITS), classes)}"
    )


def _sizes(counts: Mapping[str, Mapping[str, int]], what: str) -> list[tuple[Any, ...]]:
    sizes = sorted({size for of_split in counts.values() for size in of_split})
    return [
        (f"{size} {what}{'s' * (size != '1')}", *(counts[split].get(size, 0) for split in SPLITS))
        for size in sizes
    ]


def _players(told: Told) -> str:
    rows = [
        (name, *(_listed(told["programs"][split][name]) for split in SPLITS))
        for name in IRMAS_CLASSES
    ]
    header = ("class", "General MIDI programs in train", "in valid", "in test")
    same = classes_of_same_programs(disjoint=told["disjoint_programs"])
    text = paragraph(
        f"""Test plays these classes by programs that train has too, so that the two differ by
        SoundFont only: {_listed(same)}."""
    )
    return f"## Who plays\n\n{table(header, rows)}\n\n{text}"


def _soundfonts(told: Told) -> str:
    rows = [
        (font["name"], font["licence"] or "not known", _listed(splits), f"`{font['sha256']}`")
        for font, splits in _used(told)
    ]
    heard = {*_names(told, "train"), *_names(told, "valid")}
    same = [name for name in _names(told, "test") if name in heard]
    shared = (
        f"Test shares {_listed(same)} with train or valid: install more SoundFonts to hold one out."
        if same
        else "No other split hears the SoundFonts of test."
    )
    header = ("SoundFont", "licence", "splits", "SHA-256")
    return f"## SoundFonts\n\n{shared}\n\n{table(header, rows)}"


def _used(told: Told) -> Iterable[tuple[Told, list[str]]]:
    fonts = {font["sha256"]: font for split in SPLITS for font in told["soundfonts"][split]}
    for sha256, font in fonts.items():
        yield (
            font,
            [s for s in SPLITS if sha256 in {one["sha256"] for one in told["soundfonts"][s]}],
        )


def _names(told: Told, split: str) -> list[str]:
    return [font["name"] for font in told["soundfonts"][split]]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _length(hours: float) -> str:
    return f"{hours:.1f} hours" if hours >= 1 else f"{60 * hours:.1f} minutes"


def _span(seconds: tuple[float, float]) -> str:
    low, high = seconds
    return f"{low:g} s" if low == high else f"{low:g} to {high:g} s"


def _db(levels: tuple[float, float]) -> str:
    return f"{levels[0]:g} to {levels[1]:g} dB"
