import numpy as np
import pytest

from timbrespace.evaluation import gradation_triplets
from timbrespace.evaluation.gradation_triplets import family_triplets, triplet_agreement
from timbrespace.evaluation.vectors import unit_vectors


def test_agreement_is_the_share_of_triplets(rng):
    kinds = rng.integers(0, 6, 30)
    families = kinds // 2
    unit = unit_vectors(rng.integers(-2, 3, (30, 3)) + 0.1)  # few values, so that some are equal
    found = triplet_agreement(unit, kinds, families)
    for row in range(30):
        near = [b for b in range(30) if families[b] == families[row] and kinds[b] != kinds[row]]
        far = [c for c in range(30) if families[c] != families[row]]
        likeness = unit @ unit[row]
        shares = [np.heaviside(likeness[b] - likeness[c], 0.5) for b in near for c in far]
        assert found[row] == pytest.approx(np.mean(shares), abs=0.02)  # ties within rounding


def test_a_row_without_kin_or_without_strangers_has_no_agreement():
    unit = unit_vectors(np.eye(3))
    assert np.isnan(triplet_agreement(unit, np.array([0, 0, 1]), np.array([0, 0, 1]))).all()
    assert np.isnan(triplet_agreement(unit, np.arange(3), np.zeros(3))).all()


def test_of_many_notes_a_draw_is_taken(rng, monkeypatch):
    monkeypatch.setattr(gradation_triplets, "_MOST_NOTES", 30)
    kinds = np.repeat([0, 1, 2], 40)
    centres = unit_vectors([[1, 0], [0.9, 0.1], [0, 1]])
    found = family_triplets(centres, centres[kinds], kinds, ["reed", "reed", "brass"])
    assert found[""].notes == found["reed"].notes == 1
    assert set(found) == {"", "reed"}
