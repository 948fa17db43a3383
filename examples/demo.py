"""The main job from end to end: render, train, embed what was never heard, verify.

Runs the same commands that a person would type, and shows each. Everything lies in `demo/`; a
demo that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

OUT = Path("demo")

# Held-out programs that share no sample with another program of TimGM6mb (docs/rendering.md).
TEST_PROGRAMS = ["6", "11", "26", "32", "42", "43", "46", "56", "65", "68", "73", "105", "106"]


def main() -> int:
    """Run every step; the exit code of the first that fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="your own sounds, to be embedded too")
    folder = parser.parse_args().folder
    for title, arguments in _steps(folder):
        code = _run(title, arguments)
        if code and not (code == 1 and str(folder) in arguments):  # bad files are listed, no more
            return code
    print(f"\nLook into {OUT}/:")
    for name, what in _results(folder):
        print(f"  {name:<18} {what}")
    print("\nAll that is known of the embeddings, as one page:")
    print(f"$ timbrespace report {OUT / 'unseen.parquet'} --out {OUT / 'report'}")
    return 0


def _steps(folder: Path | None) -> list[tuple[str, list[str]]]:
    notes, run = str(OUT / "notes.parquet"), str(OUT / "run")
    encoder = f"{run}/encoder"
    unseen = str(OUT / "unseen.parquet")
    resume = ["--resume"] if (OUT / "run" / "recipe.yaml").is_file() else []
    steps = [
        (
            "Render notes of every melodic General MIDI instrument from a small SoundFont.",
            ["render", "TimGM6mb", "--out", str(OUT / "corpus"), "--pitches", "36:84:4"]
            + ["--velocities", "50", "100", "--test-programs", *TEST_PROGRAMS],
        ),
        (
            "Index them. The splits share no instrument.",
            ["corpora", "manifest", "nsynth", str(OUT / "corpus"), "--out", notes],
        ),
        (
            "Train a small encoder on the instruments of split train.",
            ["train", "small", "--manifest", notes, "--out", run, *resume],
        ),
        (
            "Embed the notes of instruments that it never heard.",
            ["embed", notes, "--split", "test", "--encoder", encoder, "--out", unseen],
        ),
        (
            "Tell these instruments apart, beside MFCC statistics on the same trials.",
            ["verify", "--embeddings", unseen, "--baseline", "mfcc"]
            + ["--figure", str(OUT / "det.png"), "--json", str(OUT / "verification.json")],
        ),
    ]
    if folder is not None:
        mine = ["embed", str(folder), "--encoder", encoder, "--out", str(OUT / "mine.parquet")]
        steps.append(("Embed your own sounds.", mine))
    return steps


def _results(folder: Path | None) -> list[tuple[str, str]]:
    results = [
        ("unseen.parquet", "embeddings of instruments that were not in training"),
        ("det.png", "their DET curve"),
        ("verification.json", "the numbers above"),
        ("run/encoder", "the encoder"),
        ("run/metrics.csv", "the training log"),
    ]
    return results + ([("mine.parquet", "embeddings of your sounds")] if folder else [])


def _run(title: str, arguments: list[str]) -> int:
    print(f"\n{title}\n$ timbrespace {shlex.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", "timbrespace", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
