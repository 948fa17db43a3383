"""`timbrespace doctor`: what is installed, what is missing, what to do.

Comes in: nothing. Goes out: a table; exit code 1 if something that the main job needs is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.shared import command_parser, console

_DESCRIPTION = """Say what is installed, what is missing and what to do about it."""

_EPILOG = """Exit codes: 0 nothing that is needed is missing; 1 something is."""


@dataclass(frozen=True)
class _Check:
    """One line of the table; `look` returns what was found or raises."""

    name: str
    look: Callable[[], str]
    advice: str
    needed: bool = True


def parser() -> ArgumentParser:
    """The command's arguments: none."""
    return command_parser("doctor", _DESCRIPTION, _EPILOG)


def run(args: Namespace) -> int:
    """Print the table; 1 if something needed is missing."""
    from rich.markup import escape
    from rich.table import Table

    table = Table("", "part", "found", "what to do", box=None)
    healthy = True
    for check in _CHECKS:
        try:
            table.add_row("[green]ok[/]", check.name, check.look(), "")
        except Exception as fault:  # a broken library may raise anything when it loads
            healthy = healthy and not check.needed
            mark = "[red]missing[/]" if check.needed else "[yellow]absent[/]"
            reason = str(fault).splitlines()[0][:60]
            table.add_row(mark, check.name, escape(reason), escape(check.advice))
    console().print(table)
    return 0 if healthy else 1


def _package(name: str, *, module: str = "") -> Callable[[], str]:
    def look() -> str:
        from importlib import import_module
        from importlib.metadata import version

        import_module(module or name)
        return version(name)

    return look


def _audio() -> str:
    import soundfile

    formats = set(soundfile.available_formats())
    if "MP3" not in formats:
        raise ImportError(f"libsndfile {soundfile.__libsndfile_version__} reads no MP3")
    return f"libsndfile {soundfile.__libsndfile_version__}, with MP3"


def _processor() -> str:
    import torch

    if torch.cuda.is_available():
        return f"GPU {torch.cuda.get_device_name(0)}"
    return f"CPU, {torch.get_num_threads()} threads"


def _default_encoder() -> str:
    from timbrespace.models import load_encoder

    encoder = load_encoder()
    return f"{encoder.name}, {encoder.embedding_size} values at {encoder.sample_rate_hz} Hz"


def _default_tagger() -> str:
    from timbrespace.tagging import load_tagger

    tagger = load_tagger()
    return f"{tagger.name}, {len(tagger.classes)} classes"


def _fluidsynth() -> str:
    from timbrespace.rendering import load_fluidsynth

    load_fluidsynth()
    return "libfluidsynth"


def _soundfonts() -> str:
    from timbrespace.rendering import installed_soundfonts

    found = [soundfont.name for soundfont in installed_soundfonts()]
    if not found:
        raise FileNotFoundError("no General MIDI SoundFont")
    return ", ".join(found)


_EXPORT = "to write ONNX: pip install 'timbrespace[export]'"
_EVALUATION = "for probing and maps: pip install 'timbrespace[evaluation]'"
_LIBRARY = "for libraries of sounds: pip install 'timbrespace[library]'"
_EXPLORER = "for the explorer: pip install 'timbrespace[explorer]'"
_REINSTALL = "pip install --force-reinstall timbrespace"
_CHECKS = (
    _Check("numpy", _package("numpy"), _REINSTALL),
    _Check("pyarrow", _package("pyarrow"), _REINSTALL),
    _Check("torch", _package("torch"), _REINSTALL),
    _Check("lightning", _package("lightning"), _REINSTALL),
    _Check("safetensors", _package("safetensors"), _REINSTALL),
    _Check("soxr", _package("soxr"), _REINSTALL),
    _Check("audio files", _audio, "pip install --upgrade soundfile"),
    _Check("processor", _processor, _REINSTALL),
    _Check("default encoder", _default_encoder, _REINSTALL),
    _Check("default tagger", _default_tagger, _REINSTALL),
    _Check(
        "FluidSynth",
        _fluidsynth,
        "to render: apt-get install libfluidsynth3; pip install 'timbrespace[render]'",
        needed=False,
    ),
    _Check(
        "SoundFonts",
        _soundfonts,
        "to render: apt-get install timgm6mb-soundfont, or see timbrespace render --list",
        needed=False,
    ),
    _Check("scikit-learn", _package("scikit-learn", module="sklearn"), _EVALUATION, needed=False),
    _Check("openTSNE", _package("openTSNE"), _EVALUATION, needed=False),
    _Check("umap-learn", _package("umap-learn", module="umap"), _EVALUATION, needed=False),
    _Check("usearch", _package("usearch"), _LIBRARY, needed=False),
    _Check("numkong", _package("numkong"), _LIBRARY, needed=False),
    _Check("fastapi", _package("fastapi"), _EXPLORER, needed=False),
    _Check("uvicorn", _package("uvicorn"), _EXPLORER, needed=False),
    _Check("pacmap", _package("pacmap"), _EXPLORER, needed=False),
    _Check(
        "mido", _package("mido"), "to render mixes: pip install 'timbrespace[render]'", needed=False
    ),
    _Check("onnx", _package("onnx"), _EXPORT, needed=False),
    _Check("onnxscript", _package("onnxscript"), _EXPORT, needed=False),
    _Check("onnxruntime", _package("onnxruntime"), _EXPORT, needed=False),
    _Check(
        "Hugging Face hub",
        _package("huggingface-hub", module="huggingface_hub"),
        "for encoders on the hub: pip install huggingface-hub",
        needed=False,
    ),
)
