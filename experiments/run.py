"""Train every variant of some questions and measure it on all test sets.

    python experiments/run.py --notes open-notes.parquet --philharmonia DIR --second-maker DIR \
        --out runs/experiments [QUESTION ...] [--seeds 10 11 12] [--baseline]

Comes in: a manifest of the rendered corpus and two folders of real recordings. Goes out: a run for
each variant and seed, and `results.jsonl`, a line for each. What is there is not made again, and a
variant that stands in two questions is made once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from itertools import product
from pathlib import Path

import testsets
from questions import QUESTIONS
from rich.progress import Progress

from timbrespace.models import keep_freed_memory, load_encoder, on_quickest_device
from timbrespace.training import build_recipe, open_run, train
from timbrespace.training.recipes import recipe_layers

_BASE = Path(__file__).with_name("base.yaml")


def main() -> None:
    """Run what is missing."""
    args = _arguments()
    keep_freed_memory()
    sets = testsets.load(args.notes, args.philharmonia, args.second_maker)
    if args.baseline:
        print(testsets.measure_baseline(sets))
        return
    args.out.mkdir(parents=True, exist_ok=True)
    results = args.out / "results.jsonl"
    done = {(line["changes"], line["seed"]) for line in _lines(results)}
    variants = {
        " ".join(changes): changes
        for name in args.questions or QUESTIONS
        for changes in QUESTIONS[name].variants.values()
    }
    for seed, (changes, overrides) in product(args.seeds, variants.items()):
        if (changes, seed) in done:
            continue
        folder = args.out / hashlib.sha256(f"{changes} {seed}".encode()).hexdigest()[:12]
        _train(folder, [*overrides, f"seed={seed}"], sets.train, args.notes)
        encoder = on_quickest_device(load_encoder(folder / "encoder"))
        line = {"changes": changes, "seed": seed, **testsets.measure(encoder, sets)}
        with results.open("a") as file:
            file.write(json.dumps(line) + "\n")
        print(line, flush=True)


def _train(folder: Path, overrides: list[str], notes, source: Path) -> None:
    recipe = build_recipe(recipe_layers(_BASE), overrides)
    open_run(folder, recipe, resume=(folder / "recipe.yaml").is_file())
    store = source.with_suffix(".notes")
    with Progress() as progress:
        train(recipe, notes, folder, notes=store, name=folder.name, progress=progress)


def _lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.is_file() else []


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", nargs="*", help=", ".join(QUESTIONS))
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--philharmonia", type=Path, required=True)
    parser.add_argument("--second-maker", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--baseline", action="store_true", help="measure MFCC statistics, no more")
    parser.add_argument("--seeds", type=int, nargs="+", default=[10])
    return parser.parse_args()


if __name__ == "__main__":
    main()
