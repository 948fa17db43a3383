"""The main job from end to end: render, embed what was never heard, verify, identify, tag, explore.

Runs the same commands that a person would type, and shows each. Everything lies in `demo/`; a
demo that was stopped goes on where it was. In a terminal it ends in the explorer, until Ctrl-C.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

OUT = Path("demo")

# Programs that the encoder that ships has not heard, and that share no sample with another program
# of TimGM6mb (docs/rendering.md).
TEST_PROGRAMS = ["6", "11", "26", "32", "42", "43", "46", "56", "65", "68", "73", "105", "106"]
NOTES = OUT / "corpus" / "nsynth-test" / "audio"
SHOWN = ["brass_acoustic_TimGM6mb_000_056", "reed_acoustic_TimGM6mb_000_065"]
EXPLORE = ["explore", "--library", str(OUT / "library")]


def main() -> int:
    """Run every step; the exit code of the first that fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="your own sounds, to be used too")
    folder = parser.parse_args().folder
    for title, arguments in _steps(folder):
        code = _run(title, arguments)
        if code and not (code == 1 and str(folder) in arguments):  # bad files are listed, no more
            return code
    print(f"\nLook into {OUT}/:")
    for name, what in _results(folder):
        print(f"  {name:<18} {what}")
    print("\nAll that is known of the embeddings, as one page:")
    print(f"$ timbrespace report {OUT / 'default.parquet'} --out {OUT / 'report'}")
    title = "See and hear them: a map in the browser, of all notes and your own sounds."
    if sys.stdout.isatty():
        return _run(title, EXPLORE)
    print(f"\n{title}\n$ timbrespace {shlex.join(EXPLORE)}")
    return 0


def _steps(folder: Path | None) -> list[tuple[str, list[str]]]:
    notes, embedded = str(OUT / "notes.parquet"), str(OUT / "default.parquet")
    own = [] if folder is None else [str(folder)]
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
            "Embed the notes of split test with the encoder that comes along: it never heard them.",
            ["embed", notes, "--split", "test", "--out", embedded],
        ),
        (
            "Tell these instruments apart, beside MFCC statistics on the same trials.",
            ["verify", "--embeddings", embedded, "--baseline", "mfcc"]
            + ["--figure", str(OUT / "det.png"), "--json", str(OUT / "verification.json")],
        ),
        (
            "Who is who? A trumpet and a saxophone.",
            ["identify", *(str(NOTES / f"{name}-060-100.wav") for name in SHOWN), "--top", "3"],
        ),
    ]
    music = str(OUT / "music")
    steps += [
        (
            "Now music: a few excerpts in which several instruments play.",
            ["render", "mixes", "--train", "0", "--valid", "0", "--test", "6", "--out", music],
        ),
        (
            "Who leads, and when?",
            ["tag", str(OUT / "music" / "test"), "--figure", str(OUT / "pictures")],
        ),
    ]
    if own:
        steps.append(
            (
                "Say what your own sounds are.",
                ["identify", *own, "--top", "1", "--json", str(OUT / "mine.json")],
            )
        )
    steps.append(
        (
            "Keep all of them as a library.",
            ["library", "add", str(OUT / "corpus"), *own, "--library", str(OUT / "library")],
        )
    )
    return steps


def _results(folder: Path | None) -> list[tuple[str, str]]:
    results = [
        ("corpus/", "the notes, to listen to"),
        ("default.parquet", "embeddings of split test by the encoder that comes along"),
        ("det.png", "its DET curve, and that of MFCC statistics"),
        ("verification.json", "the numbers above"),
        ("music/", "the excerpts, to listen to; README.md says who plays"),
        ("pictures/", "who leads when"),
        ("library/", "the library: search it, tag it, explore it"),
    ]
    return results + ([("mine.json", "what your sounds are")] if folder else [])


def _run(title: str, arguments: list[str]) -> int:
    print(f"\n{title}\n$ timbrespace {shlex.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", "timbrespace", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
