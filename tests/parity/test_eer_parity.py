"""Error rates equal those of pyBOSARIS, as the published evaluation used it, and scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics

from timbrespace.evaluation.error_rates import det_curve, eer, rocch

SETS = [
    "gauss_1k",
    "unbalanced",
    "ties",
    "separated",
    "reversed",
    "tiny",
    "constant",
    "cosines",
]


@pytest.fixture(params=SETS)
def published(request, reference):
    with np.load(reference / "eer.npz") as arrays:
        start = f"{request.param}/"
        return {key.removeprefix(start): arrays[key] for key in arrays if key.startswith(start)}


def test_eer_equals_the_published(published):
    ours = eer(published["target"], published["nontarget"])
    assert ours == pytest.approx(float(published["eer_rocch"]), abs=1e-12)


def test_hull_equals_the_published(published):
    """The published hull lists some points inside its edges too, so edges are compared."""
    p_miss, p_fa = rocch(published["target"], published["nontarget"])
    total = p_miss - p_fa  # rises along the hull, from -1 to 1
    their_total = published["rocch_pmiss"] - published["rocch_pfa"]
    edge = np.interp(their_total, total, p_miss)
    np.testing.assert_allclose(edge, published["rocch_pmiss"], rtol=0, atol=1e-12)
    assert set(np.round(total, 12)) <= set(np.round(their_total, 12))


def test_det_curve_equals_scikit_learn(published):
    target, nontarget = published["target"], published["nontarget"]
    labels = np.r_[np.ones(len(target)), np.zeros(len(nontarget))]
    p_fa, p_miss, _ = metrics.det_curve(labels, np.r_[target, nontarget])
    ours = det_curve(target, nontarget)
    corners = {tuple(point) for point in np.round(np.c_[ours.p_fa, ours.p_miss], 12)}
    theirs = np.round(np.c_[p_fa, p_miss], 12)
    turns = [  # theirs also lists points inside straight steps
        point
        for before, point, after in zip(theirs, theirs[1:], theirs[2:], strict=False)
        if not (before[0] == point[0] == after[0] or before[1] == point[1] == after[1])
    ]
    assert {tuple(point) for point in turns} <= corners
