import json

import numpy as np
import pytest

from timbrespace.tagging import Activity
from timbrespace.tagging.timeline import clock, hop_edges_s

PIECES = [(20.3, 0.5), (0.02, 0.5), (1.0, 1.0), (1.99, 1.0), (7.0, 0.4), (3.2, 0.3)]


def activity_of(probabilities, duration_s, hop_s=0.5, thresholds=0.4):
    n_clips, n_classes = probabilities.shape
    return Activity(
        times_s=np.arange(n_clips) * hop_s,
        probabilities=probabilities.astype(np.float32),
        classes=tuple("abcdefgh"[:n_classes]),
        thresholds=np.full(n_classes, thresholds),
        clip_s=1.0,
        hop_s=hop_s,
        duration_s=duration_s,
    )


def random_activity(rng, duration_s, hop_s):
    n_clips = 1 + int(np.ceil(max(0.0, duration_s - 1.0) / hop_s - 1e-9))
    return activity_of(rng.random((n_clips, 3)), duration_s, hop_s)


@pytest.mark.parametrize(("duration_s", "hop_s"), PIECES)
def test_hops_tile_the_piece_and_none_is_shorter(duration_s, hop_s):
    edges_s = hop_edges_s(duration_s, hop_s)
    assert (edges_s[0], edges_s[-1]) == (0, duration_s)
    assert (np.diff(edges_s) >= min(hop_s, duration_s) - 1e-9).all()


@pytest.mark.parametrize(("duration_s", "hop_s"), PIECES)
def test_a_hop_is_the_mean_of_the_clips_over_it(rng, duration_s, hop_s):
    activity = random_activity(rng, duration_s, hop_s)
    starts, ends = activity.times_s, np.minimum(activity.times_s + 1.0, duration_s)
    edges_s = activity.edges_s
    for hop, rates in enumerate(activity.timeline):
        over = (starts < edges_s[hop + 1] - 1e-6) & (ends > edges_s[hop] + 1e-6)
        np.testing.assert_allclose(rates, activity.probabilities[over].mean(0), atol=1e-6)


def test_a_steady_piece_has_a_steady_timeline():
    activity = activity_of(np.tile([0.2, 0.7], (9, 1)), 5.0)
    np.testing.assert_allclose(activity.timeline, np.tile([0.2, 0.7], (10, 1)), atol=1e-6)
    ((label, start_s, end_s, probability),) = activity.spans
    assert (label, start_s, end_s) == ("b", 0.0, 5.0)
    assert probability == pytest.approx(0.7)


@pytest.mark.parametrize(("duration_s", "hop_s"), PIECES)
def test_spans_are_where_a_class_leads(rng, duration_s, hop_s):
    activity = random_activity(rng, duration_s, hop_s)
    led = np.zeros(activity.timeline.shape, bool)
    for span in activity.spans:
        assert span.end_s - span.start_s >= min(hop_s, duration_s) - 1e-9
        inside = (activity.edges_s[:-1] >= span.start_s) & (activity.edges_s[1:] <= span.end_s)
        column = activity.classes.index(span.label)
        assert span.probability == pytest.approx(activity.timeline[inside, column].mean())
        assert not led[inside, column].any()
        led[inside, column] = True
    np.testing.assert_array_equal(led, activity.timeline >= 0.4)
    starts = [span.start_s for span in activity.spans]
    assert starts == sorted(starts)


def test_silence_counts_as_nothing_and_never_leads():
    rates = np.array([[0.8], [0.8], [0.0], [0.0], [0.0]])
    assert activity_of(rates, 3.0).timeline[:, 0] == pytest.approx([0.8, 0.8, 0.4, 0, 0, 0])
    silence = activity_of(np.zeros((5, 2)), 3.0, thresholds=0.0)
    assert (silence.spans, silence.labels) == ((), ())


def test_those_that_lead_are_foremost():
    rates = np.array(
        [[0.1, 0.3, 0.0, 0.2], [0.1, 0.3, 0.0, 0.2], [0.1, 0.3, 0.9, 0.2]] + 9 * [4 * [0.3]]
    )
    activity = activity_of(rates, 6.5)
    assert {span.label for span in activity.spans} == {"c"}
    assert activity.foremost(2)[0] == 2
    assert activity.foremost(2)[1] == 1
    assert len(activity_of(np.ones((3, 4)), 2.0).foremost(2)) == 4


def test_a_record_holds_the_timeline(rng):
    activity = random_activity(rng, 20.3, 0.5)
    record = json.loads(json.dumps(activity.as_record()))
    np.testing.assert_allclose(
        record["timeline"]["probabilities"], activity.timeline, atol=1e-6
    )  # as many decimals
    assert len(record["timeline"]["edges_s"]) == len(activity.timeline) + 1
    assert [tuple(span.values()) for span in record["spans"]] == list(activity.spans)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.994, "0:59.99"), (59.999, "1:00"), (10_800, "3:00:00")]
)
def test_times_are_written_as_on_a_clock(seconds, text):
    assert clock(seconds) == text
