"""Audio files in, mono float32 waveforms out; the only stage that opens audio files."""

from timbrespace.audio.arrays import Samples, array_waveform
from timbrespace.audio.decode import (
    AUDIO_SUFFIXES,
    UNREADABLE_SUFFIXES,
    AudioInfo,
    audio_blocks,
    audio_info,
    read_audio,
)
from timbrespace.audio.excerpt import normalise_loudness, read_excerpt
from timbrespace.audio.files import file_stamp, find_audio_files
from timbrespace.audio.level import normalise_peak
from timbrespace.audio.loudness import loudness_lufs, momentary_loudness_lufs
from timbrespace.audio.note import as_note, levelled, read_note
from timbrespace.audio.reading import HEARD_S, Note, read_notes
from timbrespace.audio.silence import sounding_spans, trim_silence

__all__ = [
    "AUDIO_SUFFIXES",
    "HEARD_S",
    "UNREADABLE_SUFFIXES",
    "AudioInfo",
    "Note",
    "Samples",
    "array_waveform",
    "as_note",
    "audio_blocks",
    "audio_info",
    "file_stamp",
    "find_audio_files",
    "levelled",
    "loudness_lufs",
    "momentary_loudness_lufs",
    "normalise_loudness",
    "normalise_peak",
    "read_audio",
    "read_excerpt",
    "read_note",
    "read_notes",
    "sounding_spans",
    "trim_silence",
]
