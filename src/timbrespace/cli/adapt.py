"""`timbrespace adapt`: an encoder brought nearer to one's own recordings.

Comes in: recordings whose instruments are known, and an encoder. Goes out: the adapted encoder's
folder, and what adapting is worth on instruments held out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.encoders import add_encoder_options, quick_encoder
from timbrespace.cli.shared import (
    check_output_folder,
    command_parser,
    console,
    list_problems,
    progress,
)

if TYPE_CHECKING:
    from timbrespace.training import Adaptation, Recordings

_DESCRIPTION = """Bring an encoder nearer to recordings. Rooms, microphones and ways of playing move
all of them away from what the encoder was trained on, and spread each instrument. Its last layer is
computed anew from recordings of known instruments, in seconds: no training, none of the notes that
it was trained on.

First it says what that is worth: twenty times half of the instruments adapt the encoder, and the
equal error rate is taken on the other half. Then all of them adapt the encoder that is written."""

_EPILOG = """FOLDER/oboe/a.wav is a recording of the oboe; manifests (.parquet) are taken too. Two
instruments with two sounds each are enough to adapt, four with six sounds to judge.

Examples:
  timbrespace adapt my_recordings --out my-encoder
  timbrespace adapt philharmonia.parquet --pitched --out adapted --name adapted
  timbrespace embed my_samples --encoder my-encoder --out mine.parquet

Exit codes: 0 done; 1 done, but some files were left out (they are listed); 2 wrong input."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("adapt", _DESCRIPTION, _EPILOG)
    add = parser.add_argument
    add("paths", nargs="+", type=Path, metavar="FOLDER", help="folders or manifests of recordings")
    add("--out", type=Path, required=True, metavar="FOLDER", help="the adapted encoder's folder")
    add("--name", help="the adapted encoder's name (default: that of --out)")
    add("--pitched", action="store_true", help="leave out sounds whose pitch is unknown")
    add(
        "--centre",
        type=float,
        default=0.75,
        metavar="SHARE",
        help="how far the middle moves to that of the recordings (0.75)",
    )
    add(
        "--spread",
        type=float,
        default=0.3,
        metavar="SHARE",
        help="of the recordings in how instruments spread (0.3)",
    )
    add_encoder_options(parser)
    return parser


def run(args: Namespace) -> int:
    """Adapt; 0, or 1 if files were left out."""
    from timbrespace.embedding import gather
    from timbrespace.evaluation.tables import pitched_rows
    from timbrespace.models import encoder_hash, save_encoder
    from timbrespace.training import Adaptation, adapt_encoder, embed_recordings

    adaptation = Adaptation(centre=args.centre, spread=args.spread)
    check_output_folder(args.out)
    encoder = quick_encoder(args)
    manifest, problems = gather(args.paths)
    if args.pitched:
        manifest = pitched_rows(manifest)
    with progress() as bars:
        task = bars.add_task("embedding", total=manifest.num_rows, note="")
        recordings = embed_recordings(
            encoder, manifest, on_progress=lambda done: bars.update(task, completed=done)
        )
    _judge(recordings, adaptation)
    adapt_encoder(encoder, recordings, adaptation)
    save_encoder(encoder, args.out, name=args.name or args.out.name)
    list_problems(problems + recordings.problems)
    console().print(f"encoder: {args.out}, {encoder_hash(encoder)}", markup=False)
    return 1 if problems or recordings.problems else 0


def _judge(recordings: Recordings, adaptation: Adaptation) -> None:
    """Print what adapting is worth, or why that cannot be said."""
    from timbrespace.errors import InputError
    from timbrespace.evaluation.adapted import judge_adaptation

    try:
        rates = judge_adaptation(recordings, adaptation)
    except InputError as fault:
        console().print(f"not judged: {fault}", markup=False)
        return
    console().print(
        f"EER on instruments held out: {100 * rates.before:.1f} % before, "
        f"{100 * rates.after:.1f} % after adapting to the others (mean over {rates.n_halves} "
        f"halves of {rates.n_instruments} instruments)"
    )
