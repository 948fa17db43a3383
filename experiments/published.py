"""Compare encoders with the published method, trained on the same notes for as long.

    python experiments/published.py --notes open-notes.parquet --philharmonia DIR \
        --second-maker DIR published=FOLDER ours=FOLDER [adapted=FOLDER]

Comes in: encoders by name, the published one first. Goes out: docs/published.md: equal error rates
with their intervals over instruments, and whether each encoder differs from the first.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import testsets

from timbrespace.evaluation import Verification, verify
from timbrespace.evaluation.comparison import compare_runs
from timbrespace.models import keep_freed_memory, load_encoder, on_quickest_device

_PAGE = Path(__file__).parents[1] / "docs" / "published.md"
_MARK = "<!-- What follows is written by experiments/published.py. -->\n"
_TITLES = {
    "test": "Rendered instruments of programs that were in no training",
    "philharmonia": "Philharmonia: 8 recorded instruments",
    "second_maker": "Second makers: 7 recorded instruments",
}
_RESAMPLES = 1000


def main() -> None:
    """Measure, and write the tables below the page's mark."""
    args = _arguments()
    keep_freed_memory()
    sets = testsets.load(args.notes, args.philharmonia, args.second_maker)
    encoders = dict(place.split("=", 1) for place in args.encoders)
    found: dict[str, dict[str, Verification]] = {name: {} for name in _TITLES}
    for name, folder in encoders.items():
        encoder = on_quickest_device(load_encoder(folder))
        for key in _TITLES:
            table = sets.measured[key]
            labels = table["instrument"].to_pylist()
            judged = partial(verify, drop_short=True, groups={"instrument": labels})
            vectors = encoder.embed(table["path"].to_pylist())
            found[key][name] = judged(vectors, labels, n_resamples=_RESAMPLES)
            print(key, name, found[key][name].eer, flush=True)
    text = _PAGE.read_text().partition(_MARK)[0] + _MARK
    _PAGE.write_text(text + "".join(_section(_TITLES[key], found[key]) for key in _TITLES))


def _section(title: str, found: dict[str, Verification]) -> str:
    _, by_instrument = compare_runs(found, label="instrument")
    first = next(iter(found))
    p_values = {pair.second: pair.p_adjusted for pair in by_instrument if pair.first == first}
    lines = [
        f"\n## {title}\n",
        "| encoder | EER % | 95 % over instruments | p |",
        "|---|--:|--:|--:|",
    ]
    for name, result in found.items():
        low, high = result.instrument_interval or (float("nan"), float("nan"))
        p = f"{p_values[name]:.3f}" if name in p_values else ""
        lines.append(
            f"| {name} | {100 * result.eer:.1f} | {100 * low:.1f}–{100 * high:.1f} | {p} |"
        )
    return "\n".join(lines) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("encoders", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--philharmonia", type=Path, required=True)
    parser.add_argument("--second-maker", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
