"""`timbrespace map`: sounds laid out by likeness.

Comes in: embeddings tables and the arguments as typed. Goes out: a figure, the numbers that judge
it on standard output and, if asked for, the coordinates.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace
from rich.table import Table

from timbrespace.cli.flags import faults_by_flag
from timbrespace.cli.shared import check_output, command_parser, console, progress, shown

if TYPE_CHECKING:
    import pyarrow as pa

    from timbrespace.evaluation.maps import SoundMap

_DESCRIPTION = """Draw sounds so that like ones lie together, in two or three dimensions.

A map misleads: a layout in two dimensions cannot keep all that 512 hold. So each map comes with its
trustworthiness (are neighbours on the map neighbours in truth?), its continuity (are neighbours in
truth still neighbours on the map?), both 1 at best and about 0.5 for a random picture, and the
silhouette of the families in the embeddings themselves (1: apart, 0: mixed). In maps by t-SNE and
UMAP, neither sizes of groups nor distances between them mean anything."""

_EPILOG = """Examples:
  timbrespace map --embeddings mine.parquet --out map.png
  timbrespace map --embeddings with.parquet without.parquet --pitch 60 --out figure4.svg
  timbrespace map --embeddings mine.parquet --method umap --dimensions 3 --colour pitch_midi \\
      --out map.png --coordinates map.csv

Several tables must hold the same sounds (equal ids): they are drawn side by side. Equal seeds give
equal maps.

Exit code: 0 done, 2 the tables or settings cannot be used."""

_COLOURS = (
    "instrument",
    "family",
    "source",
    "pitch_midi",
    "velocity",
    "dynamics",
    "technique",
    "maker",
    "split",
)


def parser() -> ArgumentParser:
    """Parser of the command."""
    command = command_parser("map", _DESCRIPTION, _EPILOG)
    add = command.add_argument
    file: dict[str, Any] = {"type": Path, "metavar": "FILE"}
    count: dict[str, Any] = {"type": int, "metavar": "N"}
    add(
        "--embeddings",
        nargs="+",
        action="extend",
        required=True,
        help="tables: .parquet, .npz or .csv",
        **file,
    )
    add("--out", required=True, help="figure to draw: .svg, .png or .pdf", **file)
    add("--method", choices=["tsne", "umap", "pca"], default="tsne", help="of layout (tsne)")
    add("--dimensions", type=int, choices=[2, 3], default=2, help="of the map (2)")
    add("--colour", choices=_COLOURS, default="family", help="what colours show (family)")
    add("--pitch", help="take only sounds of this MIDI pitch, as 60 for middle C", **count)
    add("--split", default="", metavar="NAME", help="take only this split of the tables")
    add(
        "--neighbours",
        help="kept near each sound: perplexity of t-SNE (30), n_neighbors of UMAP (15)",
        **count,
    )
    add("--seed", default=0, help="of the layout (0)", **count)
    add("--coordinates", help="also write where each sound lies: .parquet or .csv", **file)
    return command


def run(args: Namespace) -> int:
    """Lay out every table, draw, print and write what was asked for."""
    from timbrespace.evaluation.figures import check_figure_path, save_figure
    from timbrespace.evaluation.map_figures import map_figure
    from timbrespace.evaluation.maps import sound_map

    check_figure_path(args.out)
    check_output(args.out)
    if args.coordinates:
        check_output(args.coordinates, suffixes=(".parquet", ".csv"))
    tables = _read_tables(args)
    sounds = next(iter(tables.values()))
    settings = {name: args[name] for name in ("method", "dimensions", "neighbours", "seed")}
    maps = {}
    with progress() as bar, faults_by_flag({"neighbours must": "--neighbours must"}):
        task = bar.add_task("maps", total=len(tables), note="")
        for name, table in tables.items():
            maps[name] = sound_map(table, **settings)
            bar.advance(task)
    save_figure(map_figure(maps, sounds[args.colour].to_pylist(), colour=args.colour), args.out)
    _print_maps(maps, n_sounds=sounds.num_rows, out=args.out)
    if args.coordinates:
        _write_coordinates(sounds, maps, args.coordinates)
    return 0


def _read_tables(args: Namespace) -> dict[str, pa.Table]:
    from timbrespace.evaluation.maps import rows_at_pitch
    from timbrespace.evaluation.systems import read_systems
    from timbrespace.evaluation.tables import check_same_sounds

    tables = read_systems(args.embeddings, split=args.split)
    if args.pitch is not None:
        tables = {name: rows_at_pitch(table, args.pitch) for name, table in tables.items()}
    check_same_sounds(tables, args.colour)
    return tables


def _print_maps(maps: dict[str, SoundMap], *, n_sounds: int, out: Path) -> None:
    table = Table("system", "method", "trustworthiness", "continuity", "family silhouette")
    for name, found in maps.items():
        apart = "–" if found.silhouette is None else f"{found.silhouette:.3f}"
        judged = f"{found.trustworthiness:.3f}", f"{found.continuity:.3f}"
        table.add_row(shown(name), found.method, *judged, apart)
    first = next(iter(maps.values()))
    console().print(table)
    console().print(
        f"{n_sounds} sounds, judged by {first.neighbours} neighbours, seed {first.seed}: {out}",
        markup=False,
    )


def _write_coordinates(sounds: pa.Table, maps: dict[str, SoundMap], path: Path) -> None:
    from pyarrow import csv

    from timbrespace.evaluation.maps import coordinates_table
    from timbrespace.manifest import write_parquet

    table = coordinates_table(sounds, maps)
    if path.suffix.lower() == ".parquet":
        write_parquet(table, path)
    else:
        csv.write_csv(table.drop_columns(["labels", "label_mask"]), path)
