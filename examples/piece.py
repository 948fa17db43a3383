"""A minute of your own MIDI music, who leads it by the rule of the mixes, and what the tagger says.

Comes in: a folder of MIDI files. Goes out: a minute of one of them, as the SoundFont plays it that
no training hears, and a picture of what the tagger says, with the truth below: every two seconds,
the rule is asked anew who leads among the stems.

    python examples/piece.py my_midi --out piece
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

import timbrespace
from timbrespace.audio import read_audio
from timbrespace.evaluation.figures import save_figure
from timbrespace.rendering.mixes import MixSettings, PredominanceRule, prominences, render_mixes
from timbrespace.tagging import Span, timeline_figure
from timbrespace.tagging.timeline import spans_of

RATE_HZ = 16_000
PIECE_S = 60.0
WINDOW_S = 2.0


def main() -> None:
    """Write the piece and the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("midi", type=Path, help="folder of MIDI files")
    parser.add_argument("--seed", type=int, default=0, help="decides what is played from where")
    parser.add_argument("--out", type=Path, default=Path("piece"), help="folder of what is written")
    args = parser.parse_args()
    settings = MixSettings(
        n_train=0,
        n_valid=0,
        n_test=1,
        test_s=(PIECE_S, PIECE_S),
        stem_odds=(0, 0, 0, 0, 1),
        disjoint_programs=False,
        stems=True,
        seed=args.seed,
    )
    render_mixes(args.out, settings, midi=args.midi)
    tagger = timbrespace.load_tagger()
    piece = tagger.tag(args.out / "test" / "test-00000.wav")
    figure = timeline_figure(piece, title="Who leads?", truth=leads(args.out, tagger.classes))
    save_figure(figure, args.out / "piece.png")
    print(f"{args.out}: test/test-00000.wav, piece.png")


def leads(folder: Path, classes: tuple[str, ...]) -> tuple[Span, ...]:
    """Who leads by the rule, window by window."""
    stems = pq.read_table(folder / "stems.parquet").to_pylist()
    files = [folder / "stems" / f"{stem['mix']}-{stem['stem']}.wav" for stem in stems]
    waveforms = np.stack([read_audio(file, sample_rate_hz=RATE_HZ) for file in files])
    roles = [stem["role"] for stem in stems]
    edges_s = np.arange(0, PIECE_S + WINDOW_S, WINDOW_S)
    led = np.zeros((len(edges_s) - 1, len(classes)), bool)
    for number, window in enumerate(np.split(waveforms, len(led), axis=1)):
        found = prominences(list(window), roles, sample_rate_hz=RATE_HZ, rule=PredominanceRule())
        for stem, one in zip(stems, found, strict=True):
            if one.predominant and stem["class"]:
                led[number, classes.index(stem["class"])] = True
    return spans_of(led.astype(float), led, edges_s, classes)


if __name__ == "__main__":
    main()
