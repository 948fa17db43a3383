"""The main job from end to end: sounds of instruments never heard, embedded and told apart.

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

# Programs of the default encoder's test split that share no sample with another of TimGM6mb.
PROGRAMS = ["6", "11", "26", "32", "42", "43", "46", "56", "65", "68", "73", "105", "106"]
NOTES = OUT / "corpus" / "nsynth-test" / "audio"
SHOWN = ["brass_acoustic_TimGM6mb_000_056", "string_acoustic_TimGM6mb_000_046"]


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
    notes, vectors = str(OUT / "notes.parquet"), str(OUT / "unseen.parquet")
    steps = [
        (
            "Render notes of 13 instruments that the encoder never heard.",
            ["render", "TimGM6mb", "--out", str(OUT / "corpus"), "--programs", *PROGRAMS]
            + ["--pitches", "36:84:4", "--velocities", "50", "100"],
        ),
        (
            "Index them.",
            ["corpora", "manifest", "nsynth", str(OUT / "corpus"), "--out", notes],
        ),
        (
            "Embed them with the encoder that comes along.",
            ["embed", notes, "--out", vectors],
        ),
        (
            "Tell these instruments apart, beside MFCC statistics on the same trials.",
            ["verify", "--embeddings", vectors, "--baseline", "mfcc"]
            + ["--figure", str(OUT / "det.png"), "--json", str(OUT / "verification.json")],
        ),
        (
            "Who is who? A trumpet and a harp.",
            ["identify", *(str(NOTES / f"{name}-060-100.wav") for name in SHOWN), "--top", "3"],
        ),
    ]
    if folder is not None:
        steps += [
            (
                "Embed your own sounds.",
                ["embed", str(folder), "--out", str(OUT / "mine.parquet")],
            ),
            (
                "Say what they are.",
                ["identify", str(folder), "--top", "3", "--json", str(OUT / "mine.json")],
            ),
        ]
    return steps


def _results(folder: Path | None) -> list[tuple[str, str]]:
    results = [
        ("corpus/", "the notes, to listen to"),
        ("unseen.parquet", "their embeddings"),
        ("det.png", "their DET curve"),
        ("verification.json", "the numbers above"),
    ]
    mine = [("mine.parquet", "embeddings of your sounds"), ("mine.json", "what they are")]
    return results + (mine if folder else [])


def _run(title: str, arguments: list[str]) -> int:
    print(f"\n{title}\n$ timbrespace {shlex.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", "timbrespace", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
