"""A tagger on recorded single notes: in how many is the surest class the right one?

Comes in: folders of recordings, each with a folder or file names that say the instrument, and a
tagger. Goes out: a Markdown table.

    python experiments/recorded_notes.py philharmonia=FOLDER folder=FOLDER [--model TAGGER]
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

import timbrespace
from timbrespace.corpora import get_corpus

CLASSES = {"guitar": "acoustic-guitar", "guitar-electric": "electric-guitar"}
MOST_NOTES = 60  # of an instrument, evenly taken from its notes sorted by path


def main() -> None:
    """Print a line for each instrument that is a class of the tagger."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="+", metavar="CORPUS=FOLDER")
    parser.add_argument("--model", default="default", help="name or folder of a tagger")
    args = parser.parse_args()
    tagger = timbrespace.load_tagger(args.model)
    print("| corpus | instrument | notes | right |\n|---|---|---:|---:|")
    for named in args.corpora:
        corpus, folder = named.split("=", 1)
        notes = defaultdict(list)
        for row in get_corpus(corpus).scan(Path(folder)).manifest.to_pylist():
            notes[CLASSES.get(row["instrument"], row["instrument"])].append(row["path"])
        for name in sorted(notes.keys() & set(tagger.classes)):
            paths = sorted(notes[name])
            chosen = [paths[k] for k in evenly(len(paths))]
            right = [tagger.classes[int(tagger.tag(p).overall.argmax())] == name for p in chosen]
            print(f"| {corpus} | {name} | {len(chosen)} | {100 * np.mean(right):.0f} % |")


def evenly(n_notes: int) -> list[int]:
    """At most `MOST_NOTES` of so many."""
    return sorted(set(np.linspace(0, n_notes - 1, min(n_notes, MOST_NOTES)).round().astype(int)))


if __name__ == "__main__":
    main()
