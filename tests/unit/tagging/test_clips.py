import numpy as np
import pytest

from timbrespace.tagging.clips import clips_of


@pytest.mark.parametrize("n_samples", [1, 3, 4, 5, 9, 10, 11, 25])
@pytest.mark.parametrize("n_blocks", [1, 2, 7])
def test_clips_cover_everything_whatever_the_blocks(n_samples, n_blocks):
    waveform = np.arange(n_samples, dtype=np.float32)
    blocks = np.array_split(waveform, n_blocks)
    clips = list(clips_of(blocks, clip_samples=4, hop_samples=2))
    assert [clip.start for clip in clips] == list(range(0, 2 * len(clips), 2))
    for clip in clips:
        assert np.array_equal(clip.waveform, waveform[clip.start : clip.start + 4])
    assert clips[-1].start + len(clips[-1].waveform) == n_samples
    assert all(len(clip.waveform) == 4 for clip in clips[:-1])


def test_nothing_has_no_clips():
    assert list(clips_of([np.zeros(0, np.float32)], clip_samples=4, hop_samples=2)) == []
