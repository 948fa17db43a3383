"""A medley in which each class leads in turn, and what the tagger that ships makes of it.

Comes in: a folder of rendered mixes. Goes out: the medley, who leads it when as an Audacity label
track, and the picture of what was told, with the truth below.

    timbrespace render mixes --train 0 --valid 0 --test 200 --out mixes
    python examples/medley.py mixes --out medley
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

import timbrespace
from timbrespace.audio import read_excerpt
from timbrespace.evaluation.figures import save_figure
from timbrespace.manifest import read_manifest
from timbrespace.tagging import Span, label_track, timeline_figure

RATE_HZ = 16_000
PART_S = 5.0
FADE_S = 0.05


def main() -> None:
    """Write the medley and what is known and told of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mixes", type=Path, help="folder of rendered mixes")
    parser.add_argument(
        "--out", type=Path, default=Path("medley"), help="folder of what is written"
    )
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    tagger = timbrespace.load_tagger()
    parts, truth = [], []
    for name, path in first_of_each(args.mixes, tagger.classes):
        truth.append(Span(name, PART_S * len(parts), PART_S * (len(parts) + 1)))
        parts.append(faded(read_excerpt(path, sample_rate_hz=RATE_HZ, duration_s=PART_S)))
    medley = np.concatenate(parts)
    soundfile.write(args.out / "medley.wav", 0.9 * medley / np.abs(medley).max(), RATE_HZ)
    activity = tagger.tag(args.out / "medley.wav")
    (args.out / "truth.txt").write_text(label_track(truth), encoding="utf-8")
    figure = timeline_figure(activity, title="A medley: who leads?", truth=truth)
    save_figure(figure, args.out / "medley.png")
    print(f"{args.out}: medley.wav, truth.txt, medley.png")


def first_of_each(mixes: Path, classes: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """The first excerpt of split test in which only this class leads, for each class."""
    rows = read_manifest(mixes / "manifest.parquet").to_pylist()
    tests = [row for row in rows if row["split"] == "test" and row["duration_s"] >= PART_S]
    for name in classes:
        path = next((row["path"] for row in tests if row["labels"] == [name]), None)
        if path:
            yield name, Path(path)


def faded(waveform: np.ndarray) -> np.ndarray:
    """In and out within `FADE_S`, so that nothing clicks."""
    ramp = np.linspace(0, 1, round(FADE_S * RATE_HZ), dtype=np.float32)
    waveform[: len(ramp)] *= ramp
    waveform[-len(ramp) :] *= ramp[::-1]
    return waveform


if __name__ == "__main__":
    main()
