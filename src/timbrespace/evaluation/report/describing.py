"""Sections on what embeddings hold: what can be read from them, found with them, seen in them.

Comes in: `Evidence`. Goes out: a `Section` each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Literal

import numpy as np
import pyarrow as pa

from timbrespace.embeddings import vectors_of
from timbrespace.errors import InputError
from timbrespace.evaluation.frontend_figures import bank_record, frontend_figure, has_bank
from timbrespace.evaluation.map_figures import map_figure
from timbrespace.evaluation.maps import SoundMap, sound_map
from timbrespace.evaluation.probing import probe
from timbrespace.evaluation.probing_classifiers import CLASSIFIERS
from timbrespace.evaluation.probing_figures import probing_figure
from timbrespace.evaluation.probing_results import Probing
from timbrespace.evaluation.report.comparing import percent
from timbrespace.evaluation.report.evidence import Evidence
from timbrespace.evaluation.report.parts import Picture, Section, Table
from timbrespace.evaluation.robustness import SearchResults, search_all
from timbrespace.evaluation.tables import check_same_sounds

_PROBING = (
    "How well simple classifiers read a property of a note from its embedding: {kind} F1 (%), mean "
    "and standard deviation over splits. Settings were chosen on validation notes. The majority "
    "is what always saying the most frequent class gets."
)
_GROUPED = "No instrument is in two parts of a split, so none can be recognised instead."
_STRATIFIED = (
    "Notes of an instrument are in all parts of a split, as published: classifiers may answer by "
    "recognising the instrument."
)
_RETRIEVAL = (
    "Each sound searches all others. Recall at k (%): a right answer is among the k nearest; mAP: "
    "mean average precision of the whole ranking (%); chance: recall at 1 of a random order. "
    "Instrument: other notes of it; family: other instruments of it; octave: the instrument one or "
    "two octaves away; loudness: the same note louder or softer; maker: the instrument by another "
    "maker."
)
_MAP = (
    "A map of two dimensions cannot keep what the embeddings hold, so its numbers stand beside it. "
    "Trustworthiness: are neighbours on the map neighbours in truth? Continuity: are neighbours in "
    "truth still neighbours on the map? Both are 1 at best and about 0.5 for a random picture. "
    "In maps by t-SNE and UMAP, sizes of groups and distances between them mean nothing."
)
_FRONTEND = (
    "Cut-offs of the band-pass filters, and how many filters hear each frequency, before and after "
    "training."
)


def probing_section(evidence: Evidence) -> Section:
    """What classifiers read from each system's embeddings.

    Raises:
        InputError: no task can be asked of these sounds.
        MissingDependencyError: scikit-learn is not installed.
    """
    settings = evidence.settings
    found = {
        name: probe(
            vectors_of(run.table),
            run.table,
            protocol=settings.probing_protocol,
            repeats=settings.probing_splits,
            seed=settings.seed,
        )
        for name, run in evidence.runs.items()
    }
    protocol = _GROUPED if settings.probing_protocol == "grouped" else _STRATIFIED
    any_result = next(iter(found.values()))
    splits = f"Random splits 8 : 1 : 1: {any_result.repeats}, seed {any_result.seed}."
    return Section(
        name="probing",
        text=[f"{protocol} {splits}", *_left_out("Tasks", any_result.skipped)],
        tables=[_probing_table(found, "micro"), _probing_table(found, "macro")],
        pictures=[
            Picture(
                name="probing",
                caption="Relative improvement of micro F1 over the majority, by task and "
                "classifier; lines are the standard deviation over splits.",
                figure=probing_figure(found),
            )
        ],
        record={"systems": {name: result.as_record() for name, result in found.items()}},
    )


def retrieval_section(evidence: Evidence) -> Section:
    """What each system's embeddings find again.

    Raises:
        InputError: no search can be made with these sounds.
    """
    found = {
        name: search_all(vectors_of(run.table), run.table) for name, run in evidence.runs.items()
    }
    return Section(
        name="retrieval",
        text=_left_out("Searches", next(iter(found.values())).skipped),
        tables=[_retrieval_table(found), *_silhouette_tables(found)],
        record={"systems": {name: result.as_record() for name, result in found.items()}},
    )


def map_section(evidence: Evidence) -> Section:
    """Where sounds lie, and how far to believe it.

    Raises:
        InputError: there are too few sounds, or systems hold different ones.
        MissingDependencyError: openTSNE is not installed.
    """
    settings = evidence.settings
    tables = {name: run.table for name, run in evidence.runs.items()}
    check_same_sounds(tables, "family")
    rows, note = _drawn(evidence.sounds.num_rows, settings.most_on_map, settings.seed)
    maps = {
        name: sound_map(table.take(rows), method=settings.map_method, seed=settings.seed)
        for name, table in tables.items()
    }
    sounds = evidence.sounds.take(rows)
    return Section(
        name="map",
        text=[_MAP, *note],
        tables=[_map_table(maps)],
        pictures=[
            Picture(
                name=f"map-{colour}",
                caption=f"{sounds.num_rows:,} sounds coloured by {colour}.",
                figure=map_figure(maps, sounds[colour].to_pylist(), colour=colour),
            )
            for colour in ("family", "instrument")
            if sounds[colour].null_count < sounds.num_rows
        ],
        record={"systems": {name: found.as_record() for name, found in maps.items()}},
    )


def frontend_section(evidence: Evidence) -> Section:
    """What training did to the filters of each encoder that has some.

    Raises:
        InputError: no encoder with band-pass filters is at hand.
    """
    learned = {name: e for name, e in evidence.encoders.items() if has_bank(e)}
    if not learned:
        raise InputError("no encoder with band-pass filters is at hand.")
    return Section(
        name="front-end",
        text=[_FRONTEND],
        pictures=[
            Picture(
                name=f"front-end-{number}",
                caption=f"Front end of {name}.",
                figure=frontend_figure(encoder),
            )
            for number, (name, encoder) in enumerate(learned.items(), start=1)
        ],
        record={"systems": {name: bank_record(encoder) for name, encoder in learned.items()}},
    )


def _probing_table(found: Mapping[str, Probing], kind: Literal["micro", "macro"]) -> Table:
    rows = []
    for task in dict.fromkeys(task.name for result in found.values() for task in result.tasks):
        for name, result in found.items():
            means = {mean.classifier: asdict(mean) for mean in result.means if mean.task == task}
            scores = [_with_deviation(mean[kind], mean[f"{kind}_sd"]) for mean in means.values()]
            majority = next(iter(means.values()))[f"majority_{kind}"]
            rows.append((task, name, *scores, percent(majority)))
    return Table(
        name=f"probing-{kind}",
        caption=_PROBING.format(kind=kind),
        header=("task", "system", *CLASSIFIERS, "majority"),
        rows=rows,
        n_names=2,
    )


def _with_deviation(mean: float, deviation: float) -> str:
    return percent(mean) + ("" if math.isnan(deviation) else f" ± {percent(deviation)}")


def _retrieval_table(found: Mapping[str, SearchResults]) -> Table:
    searches = next(iter(found.values())).found
    ks = tuple(next(iter(searches.values())).recall)
    rows = []
    for search in searches:
        for name, results in found.items():
            result = results.found[search]
            rates = (
                *(result.recall[k] for k in ks),
                result.mean_average_precision,
                result.chance,
            )
            rows.append((search, name, *map(percent, rates), f"{result.n_queries:,}"))
    recall = (f"recall at {k}" for k in ks)
    header = ("search", "system", *recall, "mAP", "chance", "queries")
    return Table(name="searches", caption=_RETRIEVAL, header=header, rows=rows, n_names=2)


def _silhouette_tables(found: Mapping[str, SearchResults]) -> list[Table]:
    groups = list(next(iter(found.values())).silhouettes)
    if not groups:
        return []
    rows = [
        (name, *(f"{result.silhouettes[group]:.3f}" for group in groups))
        for name, result in found.items()
    ]
    caption = "Silhouette by cosine distance. 1: groups stand apart; 0: they lie in each other."
    return [Table(name="silhouettes", caption=caption, header=("system", *groups), rows=rows)]


def _map_table(maps: Mapping[str, SoundMap]) -> Table:
    rows = [
        (name, found.method, f"{found.trustworthiness:.3f}", f"{found.continuity:.3f}")
        for name, found in maps.items()
    ]
    first = next(iter(maps.values()))
    return Table(
        name="maps",
        caption=f"How far to believe each map, by {first.neighbours} neighbours; seed "
        f"{first.seed}.",
        header=("system", "method", "trustworthiness", "continuity"),
        rows=rows,
        n_names=2,
    )


def _drawn(n_sounds: int, most: int, seed: int) -> tuple[pa.Array, list[str]]:
    """Rows to show, and a sentence where they are not all."""
    if n_sounds <= most:
        return pa.array(np.arange(n_sounds)), []
    rows = np.sort(np.random.default_rng(seed).choice(n_sounds, most, replace=False))
    return pa.array(rows), [f"{most:,} of {n_sounds:,} sounds, drawn at random, are shown."]


def _left_out(what: str, skipped: Mapping[str, str]) -> list[str]:
    if not skipped:
        return []
    return [
        f"{what} left out: "
        + "; ".join(f"{n} ({why.rstrip('.')})" for n, why in skipped.items())
        + "."
    ]
