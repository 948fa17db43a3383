import struct

import pytest

from timbrespace.errors import InputError
from timbrespace.rendering import list_presets
from timbrespace.rendering.fluidsynth import load_fluidsynth


def _fluidsynths_presets(path) -> dict[tuple[int, int], str]:
    synth = load_fluidsynth().synth(**{"synth.dynamic-sample-loading": 1})
    number = synth.sfload(str(path))
    numbers = [(bank, program) for bank in range(129) for program in range(128)]
    named = {(b, p): synth.sfpreset_name(number, b, p) for b, p in numbers}
    synth.delete()
    return {key: name for key, name in named.items() if name is not None}


def _ours(path) -> dict[tuple[int, int], str]:
    return {(preset.bank, preset.program): preset.name for preset in list_presets(path)}


def _stripped(names: dict[tuple[int, int], str]) -> dict[tuple[int, int], str]:
    return {key: name.strip() for key, name in names.items()}


def test_tiny_presets_are_those_of_fluidsynth(tiny, fluidsynth):
    assert _ours(tiny) == _stripped(_fluidsynths_presets(tiny))


def test_florestans_presets_are_those_of_fluidsynth(florestan, fluidsynth):
    assert _ours(florestan) == _stripped(_fluidsynths_presets(florestan))
    assert len(_ours(florestan)) == 17


def test_installed_presets_are_those_of_fluidsynth(installed, fluidsynth):
    assert _ours(installed) == _stripped(_fluidsynths_presets(installed))


def test_presets_come_by_bank_and_program(tiny):
    numbers = [(preset.bank, preset.program) for preset in list_presets(tiny)]
    assert numbers == [(0, 0), (0, 56), (0, 64), (0, 73), (0, 127), (8, 56), (128, 0)]


def test_keys_are_those_of_the_instruments_zones(tiny):
    keys = {preset.name: preset.keys for preset in list_presets(tiny)}
    assert keys["Piano"] == range(36, 97)
    assert keys["Trumpet"] == range(128)


def test_keys_are_those_common_to_preset_and_instrument(tiny, tmp_path):
    content = bytearray(tiny.read_bytes())
    place = content.rindex(b"pgen") + 8
    content[place : place + 4] = struct.pack("<HBB", 43, 60, 120)  # in place of the instrument
    content[place + 4 : place + 8] = struct.pack("<HH", 41, 0)
    _move_second_preset_into_first(content)
    file = tmp_path / "narrow.sf2"
    file.write_bytes(content)
    assert list_presets(file)[0].keys == range(60, 97)


def _move_second_preset_into_first(content: bytearray) -> None:
    """Let the first preset's zone hold two generators, the second preset's none."""
    place = content.rindex(b"pbag") + 8
    content[place + 4 : place + 6] = struct.pack("<H", 2)


def test_a_preset_without_a_sounding_zone_has_no_keys(tiny, tmp_path):
    content = bytearray(tiny.read_bytes())
    place = content.rindex(b"pgen") + 8
    content[place : place + 2] = struct.pack("<H", 0)
    file = tmp_path / "none.sf2"
    file.write_bytes(content)
    assert not list_presets(file)[0].keys


def test_breath_control_is_seen(tiny):
    assert [p.name for p in list_presets(tiny) if p.breath_controlled] == ["Flute Expr."]


def test_breath_control_is_what_musescore_calls_expr(installed):
    presets = [preset for preset in list_presets(installed) if preset.bank != 128]
    by_name = [preset.name for preset in presets if preset.name.endswith("Expr.")]
    assert [preset.name for preset in presets if preset.breath_controlled] == by_name


def test_the_first_of_two_equal_numbers_counts(writer, tmp_path):
    sounds = [
        writer.Sound(name="first", program=3, cycle=writer.SINE),
        writer.Sound(name="second", program=3, cycle=writer.SAW),
    ]
    file = writer.write_soundfont(tmp_path / "twice.sf2", sounds)
    assert [preset.name for preset in list_presets(file)] == ["first"]


def test_an_instrument_that_is_not_there_is_refused(tiny, tmp_path):
    content = bytearray(tiny.read_bytes())
    place = content.rindex(b"pgen") + 8
    content[place + 2 : place + 4] = struct.pack("<H", 99)
    file = tmp_path / "lost.sf2"
    file.write_bytes(content)
    with pytest.raises(InputError, match="a preset names instrument 99 of 7"):
        list_presets(file)


def test_a_program_over_127_is_refused(writer, tmp_path):
    sounds = [writer.Sound(name="high", program=128, cycle=writer.SINE)]
    file = writer.write_soundfont(tmp_path / "high.sf2", sounds)
    with pytest.raises(InputError, match="program 128"):
        list_presets(file)
