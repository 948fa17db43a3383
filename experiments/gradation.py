"""Measure how graded the distances of an encoder are, beside MFCC statistics.

    python experiments/gradation.py --notes open-notes.parquet --philharmonia DIR \
        --second-maker DIR [--encoder NAME]

Comes in: what the other experiments are measured on. Goes out: the measured part of
docs/gradation.md, and its figure. Rendered sounds are those whose kinds were not in
training, 30 of each instrument at most.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import testsets

from timbrespace.evaluation import standardise
from timbrespace.evaluation.baseline import mfcc_vectors
from timbrespace.evaluation.gradation import Gradation, grade
from timbrespace.evaluation.gradation_figures import gradation_figure
from timbrespace.models import keep_freed_memory, load_encoder, on_quickest_device

_DOCS = Path(__file__).parents[1] / "docs"
_MARK = "<!-- What follows is written by experiments/gradation.py. -->\n"
_BASELINE = "MFCC statistics"

Systems = dict[str, Gradation]


def main() -> None:
    """Measure, and write the page and its figure."""
    args = _arguments()
    keep_freed_memory()
    encoder = on_quickest_device(load_encoder(args.encoder))
    measured = testsets.load(args.notes, args.philharmonia, args.second_maker).measured
    sets = {
        "rendered": pa.concat_tables([measured["valid"], measured["test"]]),
        "philharmonia": measured["philharmonia"],
    }
    found = {}
    for name, sounds in sets.items():
        vectors = {
            args.encoder: encoder.embed(sounds["path"].to_pylist()),
            _BASELINE: standardise(np.stack(list(mfcc_vectors(sounds)))),
        }
        found[name] = {system: grade(rows, sounds) for system, rows in vectors.items()}
    page = _DOCS / "gradation.md"
    text = page.read_text().partition(_MARK)[0]
    parts = (_section(name, systems) for name, systems in found.items())
    page.write_text(text + _MARK + "".join(f"\n{part}\n" for part in parts))
    gradation_figure(found["rendered"]).savefig(_DOCS / "images" / "gradation.png", dpi=100)


def _section(name: str, systems: Systems) -> str:
    first = next(iter(systems.values()))
    parts = [
        f"## Measured: {name}",
        f"{first.n_sounds:,} sounds of {first.n_instruments} instruments, {len(first.kinds)} kinds "
        f"and {len(set(first.families))} families.",
        _levels(systems),
        _triplets(systems),
        _orders(systems),
        _nearest(systems),
    ]
    return "\n\n".join(parts)


def _levels(systems: Systems) -> str:
    levels = next(iter(systems.values())).levels
    rows = [
        [level, f"{n_pairs:,}", *(_level(found, level) for found in systems.values())]
        for level, (*_, n_pairs) in levels.items()
    ]
    falling = [f"{100 * found.falling:.0f} %" for found in systems.values()]
    rows.append(["each below the one before, share of draws", "", *falling])
    return _table(["cosine of two sounds of", "pairs of instruments", *systems], rows)


def _level(found: Gradation, name: str) -> str:
    level = found.levels[name]
    return f"{level.cosine:.3f} ({level.low:.3f} to {level.high:.3f})"


def _triplets(systems: Systems) -> str:
    rows = []
    for family, (*_, n_kinds) in next(iter(systems.values())).triplets.items():
        cells = [_triplet(found, family) for found in systems.values()]
        rows.append([family or "all", str(n_kinds), *cells])
    return _table(["own family nearer, % by centres; by notes", "kinds", *systems], rows)


def _triplet(found: Gradation, family: str) -> str:
    triplets = found.triplets[family]
    ends = triplets.interval and " to ".join(f"{100 * end:.0f}" for end in triplets.interval)
    centres = f"{100 * triplets.centres:.0f}" + (f" ({ends})" if ends else "")
    return f"{centres}; {100 * triplets.notes:.0f}"


def _orders(systems: Systems) -> str:
    rows = []
    for pairs, order in next(iter(systems.values())).order.items():
        found = [systems[name].order[pairs] for name in systems]
        cells = [f"{one.correlation:.2f} (p {one.p_value:.3f})" for one in found]
        rows.append([pairs, f"{order.n_pairs} of {order.n_kinds} kinds", *cells])
    return _table(["order of Hornbostel and Sachs, Spearman", "pairs", *systems], rows)


def _nearest(systems: Systems) -> str:
    columns = [found.nearest() for found in systems.values()]
    first = next(iter(systems.values()))
    rows = [
        [kind, family, *(", ".join(other for other, _ in near[kind]) for near in columns)]
        for kind, family in zip(first.kinds, first.families, strict=True)
    ]
    return _table(["kind", "family", *(f"nearest by {name}" for name in systems)], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--philharmonia", type=Path, required=True)
    parser.add_argument("--second-maker", type=Path, required=True)
    parser.add_argument("--encoder", default="default", help="name or folder (default)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
