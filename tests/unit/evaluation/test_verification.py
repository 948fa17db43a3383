import json
import tracemalloc

import numpy as np
import pytest
import scipy.stats

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.bootstrap import eer_interval
from timbrespace.evaluation.breakdown import group_eers
from timbrespace.evaluation.error_rates import det_curve, eer, min_dcf
from timbrespace.evaluation.findings import score_histogram
from timbrespace.evaluation.protocols import Trials, exhaustive_scores, pool_trials
from timbrespace.evaluation.vectors import unit_vectors
from timbrespace.evaluation.verification import verify

LABELS = ["oboe"] * 30 + ["harp"] * 40 + ["bell"] * 26


def tones(rng, spread):
    """Three instruments around three axes, `spread` apart from them."""
    centres = np.repeat(np.eye(3), [30, 40, 26], axis=0)
    return centres + spread * rng.standard_normal(centres.shape)


both = pytest.mark.parametrize("protocol", ["exhaustive", "paper"])


@both
def test_well_parted_instruments_give_no_error(protocol, rng):
    found = verify(tones(rng, 0.01), LABELS, protocol=protocol)
    assert found.eer == 0
    assert found.interval == (0, 0)


@both
def test_vectors_without_information_are_near_chance(protocol, rng):
    found = verify(rng.standard_normal((96, 3)), LABELS, protocol=protocol, repeats=20)
    assert 0.42 < found.eer <= 0.5


@both
def test_rows_in_another_order_change_the_draws_only(protocol, rng):
    vectors, order = tones(rng, 0.6), rng.permutation(96)
    moved = verify(vectors[order], np.take(LABELS, order), protocol=protocol, repeats=40)
    found = verify(vectors, LABELS, protocol=protocol, repeats=40)
    low, high = found.interval
    assert abs(moved.eer - found.eer) < 2 * (high - low)


@both
def test_gain_of_each_vector_changes_nothing(protocol, rng):
    vectors = tones(rng, 0.6)
    louder = vectors * rng.uniform(0.1, 10, (96, 1))
    assert verify(louder, LABELS, protocol=protocol).eers == pytest.approx(
        verify(vectors, LABELS, protocol=protocol).eers
    )


def test_counts_of_trials(rng):
    exhaustive = verify(tones(rng, 1), LABELS)
    assert (exhaustive.n_target, exhaustive.n_nontarget) == (96 - 15, 2 * (96 - 15))
    paper = verify(tones(rng, 1), LABELS, protocol="paper")
    assert (paper.n_target, paper.n_nontarget) == (3 * 20, 3 * 20)


def test_more_repeats_keep_the_earlier_draws(rng):
    vectors = tones(rng, 0.6)
    few, many = (verify(vectors, LABELS, repeats=repeats) for repeats in (3, 6))
    assert many.eers[:3] == few.eers
    assert len(set(many.eers)) > 1


def test_interval_is_students_t_over_the_draws(rng):
    found = verify(tones(rng, 0.6), LABELS, repeats=4)
    margin = 3.1824463 * np.std(found.eers, ddof=1) / 2  # t of 3 degrees of freedom, 97.5 %
    assert found.interval == pytest.approx((found.eer - margin, found.eer + margin))


def test_a_single_draw_has_no_interval(rng):
    assert verify(tones(rng, 0.6), LABELS, repeats=1).interval is None


def draws_of(vectors, repeats, seed):
    """Scores of each draw, made apart from `verify`."""
    codes = np.unique(LABELS, return_inverse=True)[1]
    generators = np.random.default_rng(seed).spawn(repeats)
    unit = unit_vectors(vectors)
    return codes, [
        exhaustive_scores(unit, codes, enrolment_notes=5, rng=generator) for generator in generators
    ]


def test_det_and_bootstrap_are_those_of_the_draw_nearest_to_the_mean(rng):
    vectors = tones(rng, 0.6)
    found = verify(vectors, LABELS, repeats=7, seed=2, n_resamples=50)
    nearest = int(np.abs(np.array(found.eers) - found.eer).argmin())
    codes, draws = draws_of(vectors, 7, 2)
    assert found.instrument_interval == eer_interval(draws[nearest], codes, n_resamples=50, seed=2)
    trials = pool_trials(draws[nearest], codes)
    np.testing.assert_array_equal(found.det, det_curve(*trials))


def test_groups_and_costs_are_means_over_draws(rng):
    vectors = tones(rng, 0.6)
    families = ["reed"] * 30 + ["string"] * 40 + [None] * 26
    groups = {"instrument": LABELS, "family": families}
    found = verify(vectors, LABELS, repeats=3, seed=1, groups=groups, p_target=0.2)
    codes, draws = draws_of(vectors, 3, 1)
    rates = np.mean([group_eers(scores, codes, np.arange(3)) for scores in draws], axis=0)
    bell, harp, oboe = rates.tolist()
    assert found.group_eers["instrument"] == {"bell": bell, "harp": harp, "oboe": oboe}
    assert found.group_eers["family"] == {"reed": oboe, "string": harp}
    costs = [min_dcf(*pool_trials(scores, codes), p_target=0.2) for scores in draws]
    assert found.min_dcf == pytest.approx(np.mean(costs), abs=1e-15)


def test_groups_follow_the_notes_that_are_kept(rng):
    labels = ["oboe"] * 60 + ["harp"] * 33 + ["bell"] * 3
    found = verify(tones(rng, 0.6), labels, drop_short=True, groups={"instrument": labels})
    assert list(found.group_eers["instrument"]) == ["harp", "oboe"]


def test_histogram_counts_the_trials_of_all_draws(rng):
    vectors = tones(rng, 0.6)
    found = verify(vectors, LABELS, repeats=2).histogram
    codes, draws = draws_of(vectors, 2, 0)
    pooled = [pool_trials(scores, codes) for scores in draws]
    for ours, kind in ((found.target, "target"), (found.nontarget, "nontarget")):
        scores = np.concatenate([getattr(trials, kind) for trials in pooled])
        np.testing.assert_array_equal(ours, np.histogram(scores, bins=found.edges)[0])


def test_cosines_beyond_one_by_rounding_are_counted():
    counted = score_histogram(Trials(np.array([1 + 1e-15]), np.array([-1 - 1e-15, 1.0])))
    assert (counted.target[-1], counted.nontarget[0], counted.nontarget[-1]) == (1, 1, 1)


def test_trial_interval_is_that_of_independent_trials(rng):
    found = verify(tones(rng, 0.6), LABELS)
    low, high = found.trial_interval
    error = np.sqrt(found.eer * (1 - found.eer) / 4 * (1 / 81 + 1 / 162))
    expected = scipy.stats.norm.interval(0.95, found.eer, error)
    assert (low, high) == pytest.approx((max(0, expected[0]), expected[1]), abs=1e-7)


@both
def test_equal_vectors_are_at_chance(protocol):
    found = verify(np.full((96, 7), 0.3), LABELS, protocol=protocol, repeats=2, n_resamples=20)
    assert found.eer == 0.5
    assert found.instrument_interval == (0.5, 0.5)


def test_memory_grows_by_one_score_a_trial():
    """From 2.4 to 4.8 million trials; blocks and vectors are the same in both."""
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((8_000, 8), dtype=np.float32)
    peak_bytes = []
    for n_instruments in (300, 600):
        codes = np.arange(8_000) % n_instruments
        tracemalloc.start()
        verify(vectors, codes, repeats=1)
        peak_bytes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peak_bytes[1] - peak_bytes[0] < 1.1 * 8 * 8_000 * 300


def test_eer_agrees_with_a_plain_loop_over_trials(rng):
    vectors, codes = tones(rng, 0.6), np.unique(LABELS, return_inverse=True)[1]
    found = verify(vectors, LABELS, enrolment_notes=4, repeats=1, seed=3)
    marks = exhaustive_scores(
        np.eye(96), codes, enrolment_notes=4, rng=np.random.default_rng(3).spawn(1)[0]
    )
    enrolled = np.isnan(marks).all(axis=1)
    target, nontarget = [], []
    for note in np.flatnonzero(~enrolled):
        for code in range(3):
            notes = [
                vectors[k] / np.linalg.norm(vectors[k])
                for k in np.flatnonzero(enrolled & (codes == code))
            ]
            mean = sum(notes) / len(notes)
            cosine = vectors[note] @ mean / np.linalg.norm(mean) / np.linalg.norm(vectors[note])
            (target if codes[note] == code else nontarget).append(cosine)
    assert found.eer == pytest.approx(eer(target, nontarget), abs=1e-12)


def test_short_instruments_are_named_with_their_counts(rng):
    labels = ["oboe"] * 60 + ["harp"] * 33 + ["bell"] * 3
    with pytest.raises(InputError, match=r"1 of 3 .* 6 notes .*bell \(3\).* drop_short"):
        verify(tones(rng, 1), labels)
    with pytest.raises(InputError, match=r"25 notes .*bell \(3\)"):
        verify(tones(rng, 1), labels, protocol="paper")


def test_long_lists_of_short_instruments_are_cut(rng):
    labels = [f"bell {k // 2}" for k in range(96)]
    with pytest.raises(InputError, match=r"48 of 48 .*\(2\) …"):
        verify(tones(rng, 1), labels)


def test_short_instruments_can_be_dropped(rng):
    vectors, labels = tones(rng, 0.6), ["oboe"] * 60 + ["harp"] * 33 + ["bell"] * 3
    found = verify(vectors, labels, drop_short=True)
    assert found.dropped == ("bell",)
    assert found.eers == verify(vectors[:93], labels[:93]).eers


def test_the_smallest_instrument_that_can_be_verified(rng):
    labels = ["oboe"] * 6 + ["harp"] * 6
    assert verify(rng.standard_normal((12, 2)), labels).n_target == 2
    labels = ["oboe"] * 25 + ["harp"] * 25
    assert verify(rng.standard_normal((50, 2)), labels, protocol="paper").n_nontarget == 40


def test_record_can_be_written_as_json(rng):
    record = verify(tones(rng, 0.6), LABELS).as_record()
    again = json.loads(json.dumps(record))
    assert again["eer"] == record["eer"]
    assert not {"det", "histogram"} & set(again)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"protocol": "half"}, "'half'"),
        ({"enrolment_notes": 0}, "enrolment_notes"),
        ({"pool_notes": 0}, "pool_notes"),
        ({"repeats": 0}, "repeats"),
        ({"seed": -1}, "seed"),
        ({"n_resamples": -1}, "n_resamples"),
        ({"p_target": 1.0}, "p_target"),
    ],
)
def test_impossible_settings_are_refused(rng, wrong, message):
    with pytest.raises(ConfigError, match=message):
        verify(tones(rng, 1), LABELS, **wrong)


def test_a_label_is_needed_for_each_vector(rng):
    with pytest.raises(InputError, match=r"96 vectors .*\(95,\)"):
        verify(tones(rng, 1), LABELS[1:])
    with pytest.raises(InputError, match="None"):
        verify(tones(rng, 1), [None, *LABELS[1:]])


def test_a_group_is_needed_for_each_vector(rng):
    with pytest.raises(InputError, match=r"96 notes need a group each.*\(2,\)"):
        verify(tones(rng, 1), LABELS, groups={"family": ["reed", "brass"]})


def test_no_vectors_are_refused():
    with pytest.raises(InputError, match="not empty"):
        verify(np.zeros((0, 4)), [])


def test_one_instrument_cannot_be_verified(rng):
    with pytest.raises(InputError, match="at least 2 instruments"):
        verify(tones(rng, 1), ["oboe"] * 96)


def test_a_vector_without_direction_is_refused(rng):
    vectors = tones(rng, 1)
    vectors[7] = 0
    with pytest.raises(InputError, match=r"first rows \[7\]"):
        verify(vectors, LABELS)


def crowd(rng, n=60):
    """Vectors of other instruments: half of them lie around the first axis."""
    vectors = rng.standard_normal((n, 3))
    vectors[: n // 2] += [2, 0, 0]
    return vectors


@both
def test_normalised_scores_have_the_same_trials_and_say_so(protocol, rng):
    vectors, cohort = tones(rng, 0.6), crowd(rng)
    plain = verify(vectors, LABELS, protocol=protocol)
    found = verify(vectors, LABELS, protocol=protocol, cohort=cohort, cohort_nearest=20)
    assert (found.n_target, found.n_nontarget) == (plain.n_target, plain.n_nontarget)
    assert found.eers != plain.eers
    assert plain.as_record()["score_normalisation"] is None
    expected = {"method": "AS-norm", "n_cohort": 60, "n_nearest": 20}
    assert json.loads(json.dumps(found.as_record()))["score_normalisation"] == expected


@both
def test_rates_and_intervals_are_those_of_normalised_scores(protocol, rng):
    """A cohort that is equally far from all, in dimensions of its own, only moves the scores."""
    vectors = np.hstack([tones(rng, 0.6), np.zeros((96, 4))])
    cohort = np.hstack([np.zeros((2, 3)), np.ones((2, 4))])
    settings = {"protocol": protocol, "n_resamples": 20, "groups": {"instrument": LABELS}}
    plain = verify(vectors, LABELS, **settings)
    found = verify(vectors, LABELS, cohort=cohort, **settings)
    assert found.eers == plain.eers
    assert found.instrument_interval == plain.instrument_interval
    assert found.group_eers == plain.group_eers


def test_a_cohort_helps_an_instrument_in_a_crowded_place(rng):
    """Two instruments alike and like others, two far from all: one threshold is unfair."""
    centres = np.array([[1, 0, 0.3, 0], [1, 0, -0.3, 0], [0, 1, 0, 0.9], [0, 1, 0, -0.9]])
    labels = np.repeat(np.arange(4), 40)
    vectors = np.repeat(centres, 40, axis=0) + 0.2 * rng.standard_normal((160, 4))
    vectors[80:] += 0.5 * rng.standard_normal((80, 4))
    near = centres[rng.integers(2, size=40)] + 0.3 * rng.standard_normal((40, 4))
    far = centres[rng.integers(2, 4, size=40)] + rng.standard_normal((40, 4))
    found = verify(vectors, labels, cohort=np.vstack([near, far]), cohort_nearest=20)
    assert found.eer < 0.9 * verify(vectors, labels).eer


def test_normalised_scores_are_all_in_the_histogram(rng):
    cohort = np.eye(3)[[0, 0]] + [[0, 1e-6, 0], [0, 0, 0]]  # a tiny deviation: far out
    found = verify(tones(rng, 0.6), LABELS, repeats=2, cohort=cohort)
    assert found.histogram.target.sum() == 2 * found.n_target
    assert found.histogram.nontarget.sum() == 2 * found.n_nontarget
    assert found.histogram.edges[[0, -1]].tolist() == [-25, 25]


def test_normalising_takes_no_second_array_of_scores():
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((4_000, 8), dtype=np.float32)
    codes, cohort = np.arange(4_000) % 500, rng.standard_normal((300, 8))
    peak_bytes = []
    for other in (None, cohort):
        tracemalloc.start()
        verify(vectors, codes, repeats=1, cohort=other)
        peak_bytes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peak_bytes[1] - peak_bytes[0] < 0.4 * 8 * 4_000 * 500


def test_a_cohort_that_does_not_fit_is_refused(rng):
    with pytest.raises(InputError, match="of 3 values as the notes have; it has 4 of 2"):
        verify(tones(rng, 1), LABELS, cohort=np.ones((4, 2)))
    with pytest.raises(ConfigError, match="cohort_nearest"):
        verify(tones(rng, 1), LABELS, cohort=crowd(rng), cohort_nearest=1)
