"""FluidSynth's library, loaded when it is first needed.

Comes in: nothing. Goes out: the functions of libfluidsynth that rendering calls; pyfluidsynth finds
and loads the library, and the ones that it leaves out are declared here. FluidSynth's own messages
are off: what fails is raised by who calls.
"""

from __future__ import annotations

import functools
import io
from contextlib import redirect_stdout
from ctypes import byref, c_int, c_void_p
from types import ModuleType
from typing import Any

from timbrespace.errors import MissingDependencyError

_LOG_LEVELS = range(5)
_POINTER = c_void_p


class FluidSynth:
    """What of FluidSynth is used, under FluidSynth's names less their prefix.

    Attributes:
        version: of the library, as "2.3.1".
    """

    def __init__(self, bindings: ModuleType) -> None:
        self.synth = bindings.Synth
        self.new_synth = bindings.new_fluid_synth
        self.delete_synth = bindings.delete_fluid_synth
        self.soundfont = bindings.fluid_synth_get_sfont_by_id
        self.program_select = bindings.fluid_synth_program_select
        self.note_on = bindings.fluid_synth_noteon
        self.note_off = bindings.fluid_synth_noteoff
        self.control = bindings.fluid_synth_cc
        self.set_reverb = bindings.fluid_synth_set_reverb
        declare = functools.partial(_declare, bindings.cfunc)
        self.add_soundfont = declare("synth_add_sfont", _POINTER, _POINTER)
        self.remove_soundfont = declare("synth_remove_sfont", _POINTER, _POINTER)
        self.set_interpolation = declare("synth_set_interp_method", _POINTER, c_int, c_int)
        channel = (_POINTER, c_int, c_int)  # buffer, offset, increment
        self.write_float = declare("synth_write_float", _POINTER, c_int, *channel, *channel)
        set_log_function = declare("set_log_function", c_int, _POINTER, _POINTER)
        for level in _LOG_LEVELS:
            set_log_function(level, None, None)
        self.version = _version(bindings)


@functools.cache
def load_fluidsynth() -> FluidSynth:
    """Load FluidSynth; the second call returns the first one's.

    Raises:
        MissingDependencyError: pyfluidsynth or the library is not installed; the message has the
            commands that install them.
    """
    try:
        with redirect_stdout(io.StringIO()):  # it may say there where it found the library
            import fluidsynth
    except ImportError as fault:
        raise MissingDependencyError(
            f"rendering needs FluidSynth ({fault}). Install the library with: apt-get install "
            "libfluidsynth3 (macOS: brew install fluid-synth), and its Python bindings with: "
            "pip install 'timbrespace[render]'"
        ) from fault
    return FluidSynth(fluidsynth)


def _declare(cfunc: Any, name: str, *kinds: Any) -> Any:
    """A function of the library that returns a number, by name and kinds of its arguments."""
    arguments = [(f"argument_{place}", kind, 1) for place, kind in enumerate(kinds)]
    return cfunc(f"fluid_{name}", c_int, *arguments)


def _version(bindings: ModuleType) -> str:
    numbers = c_int(), c_int(), c_int()
    bindings.fluid_version(*(byref(number) for number in numbers))
    return ".".join(str(number.value) for number in numbers)
