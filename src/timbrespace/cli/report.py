"""`timbrespace report`: one page with everything that is known of some embeddings.

Comes in: embeddings tables, or folders of runs and a manifest. Goes out: a folder with the page,
its numbers as JSON, its tables as Markdown and LaTeX, and its figures.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.flags import faults_by_flag
from timbrespace.cli.shared import (
    check_output_folder,
    command_parser,
    console,
    list_problems,
    progress,
)

if TYPE_CHECKING:
    from timbrespace.evaluation.report import Evidence, Section
    from timbrespace.models import Encoder

_JUDGEMENTS = ("verification", "significance", "probing", "retrieval", "map")
_SECTIONS = (*_JUDGEMENTS, "front-end")
_SETTINGS = (
    "enrolment_notes",
    "draws",
    "probing_splits",
    "probing_protocol",
    "map_method",
    "seed",
)

_DESCRIPTION = """Write one folder that says how good embeddings are, to stand beside a paper.

The page (report.html, one file, no network) holds verification with three intervals and by
instrument, significance where there are several systems, probing, retrieval, a map with its
trustworthiness, the learned front end, and what it takes to find the same numbers again. The same
numbers are in report.json, the tables in tables.md and tables.tex, the figures in figures/. What
cannot be answered, for want of labels or sounds, is left out and the page says why."""

_EPILOG = """Examples:
  timbrespace report mine.parquet --out report
  timbrespace report runs/small --manifest notes.parquet --split test --out report
  timbrespace report ours=a.parquet ours=b.parquet theirs=c.npz --out report

A run is a folder that `train` wrote; its encoder embeds the manifest first, into the report's
folder. Several systems must hold the same sounds (equal ids); files of one NAME are trainings of
one system.

Exit codes: 0 done; 1 done, but some sounds could not be embedded, or nothing could be judged
of what was asked for; 2 wrong input or settings."""


def parser() -> ArgumentParser:
    """Parser of the command."""
    command = command_parser("report", _DESCRIPTION, _EPILOG)
    add = command.add_argument
    count: dict[str, Any] = {"type": int, "metavar": "N"}
    add("places", nargs="+", metavar="[NAME=]PLACE", help="embeddings files, or folders of runs")
    add("--out", type=Path, required=True, metavar="FOLDER", help="where to write")
    add("--manifest", type=Path, metavar="FILE", help="sounds that runs are to embed")
    add("--split", default="", metavar="NAME", help="take only this split")
    add("--pitched", action="store_true", help="leave out sounds whose pitch is unknown")
    add("--title", default="Instrument embeddings, evaluated", help="heading of the page")
    add(
        "--skip",
        nargs="+",
        action="extend",
        default=[],
        choices=_SECTIONS,
        help="sections to leave out",
    )
    add("--enrolment-notes", default=5, help="notes averaged for each instrument (5)", **count)
    add("--draws", default=10, help="random draws of enrolment notes (10)", **count)
    add("--probing-splits", default=5, help="random splits of each probing task (5)", **count)
    add(
        "--probing-protocol",
        choices=["grouped", "stratified"],
        default="grouped",
        help="grouped (default): no instrument in two parts of a split; stratified: as published",
    )
    add("--map-method", choices=["tsne", "umap", "pca"], default="tsne", help="of the map (tsne)")
    add("--seed", default=0, help="of all random draws (0)", **count)
    return command


def run(args: Namespace) -> int:
    """Embed what is to be embedded, evaluate, and write the folder."""
    from timbrespace.evaluation.comparison import read_runs
    from timbrespace.evaluation.report import Evidence, Settings, write_report
    from timbrespace.evaluation.tables import pitched_rows

    with faults_by_flag({name: f"--{name.replace('_', '-')}" for name in _SETTINGS}):
        settings = Settings(**{name: args[name] for name in _SETTINGS})
    check_output_folder(args.out)
    folders = [_run_folder(place) for place in args.places]
    encoders = [_encoder(folder) if folder else None for folder in folders]
    embedded = [_embedded(args, k, encoder) for k, encoder in enumerate(encoders)]
    runs = read_runs([place for place, _ in embedded], split=args.split)
    if args.pitched:
        runs = {name: run._replace(table=pitched_rows(run.table)) for name, run in runs.items()}
    problems = [line for _, lines in embedded for line in lines]
    evidence = Evidence(
        runs=runs,
        settings=settings,
        encoders={name: found for name, found in zip(runs, encoders, strict=True) if found},
        folders={name: found for name, found in zip(runs, folders, strict=True) if found},
        command=_command(args),
    )
    sections = _made(evidence, args.skip)
    page = write_report(sections, args.out, title=args.title)
    for section in sections:
        if section.skipped:
            console().print(f"{section.title}: left out, {section.skipped}", markup=False)
    console().print(f"report: {page}", markup=False)
    list_problems(problems)
    return 1 if problems or _nothing_judged(sections, args.skip) else 0


def _nothing_judged(sections: Sequence[Section], skip: Sequence[str]) -> bool:
    """Whether judgements were asked for and each was left out."""
    asked = [part for part in sections if part.name in set(_JUDGEMENTS) - set(skip)]
    return bool(asked) and all(part.skipped for part in asked)


def _made(evidence: Evidence, skip: Sequence[str]) -> list[Section]:
    from timbrespace.evaluation.report import SECTIONS, report_sections

    sections = []
    with progress() as bar:
        task = bar.add_task("sections", total=len(SECTIONS), note=next(iter(SECTIONS)))
        for section in report_sections(evidence, skip=skip):
            sections.append(section)
            following = [*SECTIONS, "done"][len(sections)]
            bar.update(task, advance=1, note=following)
    return sections


def _run_folder(place: str) -> Path | None:
    """The folder that is meant by PLACE or NAME=PLACE, None if it is no folder."""
    candidates = (Path(place), Path(place.partition("=")[2] or place))
    return next((path for path in candidates if path.is_dir()), None)


def _encoder(folder: Path) -> Encoder:
    """The encoder of a run, or of its own folder, ready to embed."""
    from timbrespace.models import keep_freed_memory, load_encoder, on_quickest_device

    keep_freed_memory()
    own = folder / "encoder"
    return on_quickest_device(load_encoder(own if own.is_dir() else folder))


def _embedded(args: Namespace, number: int, encoder: Encoder | None) -> tuple[str, list[str]]:
    """NAME=FILE of the embeddings at a place, and what could not be embedded."""
    from timbrespace.embedding import embed_manifest, gather
    from timbrespace.errors import ConfigError

    place = args.places[number]
    if encoder is None:
        return place, []
    if not args.manifest:
        raise ConfigError(f"{place} is a run: --manifest must name the sounds to embed.")
    manifest, problems = gather([args.manifest], split=args.split or None)
    name = Path(place).name if Path(place).is_dir() else place.partition("=")[0]
    file = args.out / "embeddings" / f"{number + 1}.parquet"
    with progress() as bar:
        task = bar.add_task(f"embedding by {name}", total=manifest.num_rows, note="")
        done = embed_manifest(
            manifest, encoder, file, on_progress=lambda n: bar.update(task, completed=n)
        )
    return f"{name.replace('=', '-')}={file}", problems + done.problems


def _command(args: Namespace) -> str:
    """The command with every setting that is set."""
    words = ["timbrespace", "report", *args.places, "--out", str(args.out)]
    for name in ("manifest", "split", "title", "skip", *_SETTINGS):
        values = args[name] if isinstance(args[name], list) else [args[name]]
        if values and values[0] not in ("", None):
            words += [f"--{name.replace('_', '-')}", *map(str, values)]
    return shlex.join([*words, *["--pitched"] * args.pitched])
