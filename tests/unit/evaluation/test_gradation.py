import json

import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.gradation import grade
from timbrespace.manifest import manifest_from_rows

KINDS = {
    "Oboe": "reed",
    "English Horn": "reed",
    "Alto Sax": "reed",
    "Cello": "string",
    "Viola": "string",
    "Banjo": "guitar",
}


def sounds(**changes):
    """Four sounds of each of two makers' instruments of each kind."""
    rows = [
        {"instrument": f"{kind} {maker}", "kind": kind, "family": family}
        for kind, family in KINDS.items()
        for maker in range(2)
        for _ in range(4)
    ]
    return manifest_from_rows(
        {"id": f"{k:02}", "path": "x", **row, **changes} for k, row in enumerate(rows)
    )


@pytest.fixture
def vectors(rng):
    """Families, kinds and makers, each with directions of their own; the sax apart from oboes."""
    family = np.repeat([0, 0, 0, 1, 1, 2], 8)
    pair = np.repeat([0, 0, 1, 2, 2, 3], 8)
    kind, maker = np.repeat(np.arange(6), 8), np.repeat(np.arange(12), 4)
    parts = [np.eye(12)[part] for part in (family, pair, kind, maker)]
    return np.hstack(parts) + 0.01 * rng.standard_normal((48, 48))


def test_graded_distances_are_graded_in_every_respect(vectors):
    found = grade(vectors, sounds())
    cosines = [level.cosine for level in found.levels.values()]
    assert len(cosines) == 4
    assert cosines == sorted(cosines, reverse=True)
    assert {name: (one.centres, one.n_kinds) for name, one in found.triplets.items()} == {
        "": (1, 5),
        "reed": (1, 3),
        "string": (1, 2),
    }
    assert found.triplets[""].interval == (1, 1)
    assert found.triplets[""].notes == 1
    best = np.sqrt(3 / 4)  # two of three reference distances are equal, which noise never is
    assert found.order["within families"].correlation == pytest.approx(best)
    assert found.order["all pairs"].correlation > 0.4  # most pairs are equally far
    assert found.kinds == ["Banjo", "Alto Sax", "English Horn", "Oboe", "Cello", "Viola"]
    assert found.families == [KINDS[kind] for kind in found.kinds]
    (nearest, cosine), *_ = found.nearest()["Oboe"]
    assert nearest == "English Horn"
    assert cosine == pytest.approx(found.likeness[2, 3])
    assert (found.n_sounds, found.n_instruments) == (48, 12)


def test_noise_is_not_graded(rng):
    found = grade(rng.standard_normal((48, 48)), sounds())
    assert found.triplets[""].notes == pytest.approx(0.5, abs=0.1)
    assert found.order["all pairs"].p_value > 0.01


def test_without_kinds_an_instrument_is_its_own(vectors):
    found = grade(vectors, sounds(kind=None))
    assert len(found.kinds) == 12
    assert "same kind, another instrument" not in found.levels
    assert found.order == {}


def test_sounds_of_no_known_family_take_no_part(vectors):
    table = sounds()
    unknown = manifest_from_rows([{"id": "gong", "path": "x", "instrument": "gong"}])
    joined = manifest_from_rows([*unknown.to_pylist(), *table.to_pylist()])
    found = grade(np.vstack([np.ones(48), vectors]), joined)
    assert found.levels == grade(vectors, table).levels


def test_a_record_is_ready_for_json(vectors):
    record = json.loads(json.dumps(grade(vectors, sounds()).as_record()))
    assert record["levels"]["another family"]["n_pairs"] == 44
    assert len(record["likeness"]) == len(record["kinds"]) == 6


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"family": "reed"}, "two families or more"),
        ({"kind": "Oboe"}, r"each kind must be of one; \['Oboe'\] are of several families"),
        ({"instrument": "a"}, "each instrument must be of one"),
    ],
)
def test_what_cannot_be_graded_is_refused(vectors, changes, message):
    with pytest.raises(InputError, match=message):
        grade(vectors, sounds(**changes))


def test_a_vector_for_each_row_is_needed(vectors):
    with pytest.raises(InputError, match="as many vectors"):
        grade(vectors[:3], sounds())
