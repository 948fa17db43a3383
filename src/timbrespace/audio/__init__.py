"""Audio files in, mono float32 waveforms out; the only stage that opens audio files."""

from timbrespace.audio.arrays import Samples, array_waveform
from timbrespace.audio.decode import AUDIO_SUFFIXES, AudioInfo, audio_info, read_audio
from timbrespace.audio.files import file_stamp, find_audio_files
from timbrespace.audio.level import normalise_peak
from timbrespace.audio.note import as_note, levelled, read_note
from timbrespace.audio.reading import HEARD_S, Note, read_notes
from timbrespace.audio.silence import sounding_spans, trim_silence

__all__ = [
    "AUDIO_SUFFIXES",
    "HEARD_S",
    "AudioInfo",
    "Note",
    "Samples",
    "array_waveform",
    "as_note",
    "audio_info",
    "file_stamp",
    "find_audio_files",
    "levelled",
    "normalise_peak",
    "read_audio",
    "read_note",
    "read_notes",
    "sounding_spans",
    "trim_silence",
]
