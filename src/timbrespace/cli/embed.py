"""`timbrespace embed`: sounds to an embeddings table.

Comes in: files, folders or manifests, and an encoder. Goes out: a Parquet file.
"""

from __future__ import annotations

from pathlib import Path

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.encoders import add_encoder_options, quick_encoder
from timbrespace.cli.shared import check_output, command_parser, console, list_problems, progress

_DESCRIPTION = """Turn sounds into embeddings: one row and one vector per sound.

Takes audio files (WAV, FLAC, OGG, MP3, AIFF), folders (every audio file below; the instrument of
FOLDER/oboe/a.wav is oboe, sounds at the top have none) and manifests (.parquet). Each sound is
mixed to mono, trimmed of silence and brought to one level; of a sound longer than a minute the
first minute is heard. Stop it at any moment: the same command goes on where it was."""

_EPILOG = """Examples:
  timbrespace embed my_samples --out mine.parquet
  timbrespace embed kick.wav snare.wav --encoder runs/small/encoder --out drums.parquet
  timbrespace embed notes.parquet --split test --encoder runs/small/encoder --out test.parquet

Exit codes: 0 done; 1 done, but some sounds are bad and were skipped (they are listed); 2 wrong
input."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("embed", _DESCRIPTION, _EPILOG)
    parser.add_argument("paths", nargs="+", type=Path, help="files, folders, manifests")
    parser.add_argument("--out", type=Path, required=True, help="Parquet file to write")
    parser.add_argument("--split", help="only the rows of this split (train, valid, test)")
    add_encoder_options(parser)
    parser.add_argument("--threads", type=int, help="files decoded at once (default: one a core)")
    return parser


def run(args: Namespace) -> int:
    """Embed; 0, or 1 if some sounds were skipped."""
    from timbrespace.embedding import embed_manifest, gather

    check_output(args.out)
    encoder = quick_encoder(args)
    manifest, problems = gather(args.paths, split=args.split)
    with progress() as bars:
        task = bars.add_task("embedding", total=manifest.num_rows, note="")
        embedded = embed_manifest(
            manifest,
            encoder,
            args.out,
            n_threads=args.threads,
            on_progress=lambda done: bars.update(task, completed=done),
        )
    if manifest["instrument"].null_count == manifest.num_rows:
        console().print("no instrument is known: to verify, give each a folder of its own")
    problems += embedded.problems
    list_problems(problems)
    resumed = f", {embedded.n_resumed} of them before" if embedded.n_resumed else ""
    console().print(f"{embedded.n_embedded} embeddings{resumed}: {args.out}")
    return 1 if problems else 0
