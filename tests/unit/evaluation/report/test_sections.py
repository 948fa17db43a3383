import io

import numpy as np
import pytest
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors

from timbrespace.embeddings import embeddings_table, vectors_of
from timbrespace.errors import InputError
from timbrespace.evaluation.comparison import Run
from timbrespace.evaluation.report import SECTIONS, Evidence, Settings, report_sections
from timbrespace.evaluation.report.comparing import significance_section, verification_section
from timbrespace.evaluation.report.describing import (
    frontend_section,
    map_section,
    probing_section,
    retrieval_section,
)
from timbrespace.evaluation.report.provenance import provenance_section
from timbrespace.manifest import manifest_from_rows
from timbrespace.models import Encoder, LogMel, ResNet, SincNet, Statistics

INSTRUMENTS = [f"{family}-{k}" for family in ("reed", "brass") for k in range(4)]
SETTINGS = Settings(draws=2, n_resamples=50, probing_splits=1, map_method="pca", most_on_map=60)


def table_of(spread, n_notes=12, **columns):
    """Instruments around as many axes, families in two halves of the space."""
    rng = np.random.default_rng(0)
    labels = np.repeat(INSTRUMENTS, n_notes)
    rows = [
        {
            "id": f"{k:03}",
            "path": "x.wav",
            "instrument": label,
            "family": label.split("-")[0],
            "pitch_midi": 48 + k % n_notes,
            **columns,
        }
        for k, label in enumerate(labels)
    ]
    vectors = np.repeat(np.eye(8), n_notes, axis=0) + np.repeat(np.eye(8)[:2], 4 * n_notes, axis=0)
    vectors += spread * rng.standard_normal(vectors.shape)
    manifest = manifest_from_rows(rows)
    return embeddings_table(manifest, vectors, encoder_name="toy", encoder_hash="0f")


@pytest.fixture(scope="module")
def evidence():
    tables = {"clear": table_of(0.2), "blurred": table_of(0.7)}
    runs = {name: Run(name, table) for name, table in tables.items()}
    return Evidence(runs=runs, settings=SETTINGS, command="timbrespace report")


@pytest.fixture(scope="module")
def alone():
    return Evidence(runs={"clear": Run("clear", table_of(0.2))}, settings=SETTINGS)


def cells(section, name):
    (table,) = (table for table in section.tables if table.name == name)
    assert all(len(row) == len(table.header) for row in table.rows)
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def test_verification_shows_what_it_records(evidence):
    section = verification_section(evidence)
    for row in cells(section, "rates"):
        record = section.record["systems"][row["system"]]
        assert row["EER (%)"] == f"{100 * np.mean(record['eers']):.2f}"
        assert row["over instruments"].count("–") == 1
    by_instrument = {row["instrument"]: row["blurred"] for row in cells(section, "by-instrument")}
    rates = section.record["systems"]["blurred"]["group_eers"]["instrument"]
    assert by_instrument == {name: f"{100 * rate:.2f}" for name, rate in rates.items()}
    assert list(by_instrument) == sorted(INSTRUMENTS)


def test_nearest_neighbours_are_scikit_learns(evidence):
    for row in cells(verification_section(evidence), "rates"):
        table = evidence.runs[row["system"]].table
        vectors, labels = vectors_of(table), np.array(table["instrument"].to_pylist())
        model = NearestNeighbors(metric="cosine").fit(vectors)
        nearest = model.kneighbors(n_neighbors=1, return_distance=False)[:, 0]
        assert row["nearest right (%)"] == f"{100 * (labels[nearest] == labels).mean():.2f}"


def test_trainings_of_one_system_are_summed_up():
    runs = {f"ours #{k}": Run("ours", table_of(0.5 + 0.1 * k)) for k in (1, 2)}
    section = verification_section(Evidence(runs=runs, settings=SETTINGS))
    eers = [record["eer"] for record in section.record["systems"].values()]
    (row,) = cells(section, "seeds")
    assert row["mean EER (%)"] == f"{100 * np.mean(eers):.2f}"
    assert row["deviation"] == f"{100 * np.std(eers, ddof=1):.2f}"


def test_families_need_not_be_known():
    runs = {"a": Run("a", table_of(0.5, family=None))}
    section = verification_section(Evidence(runs=runs, settings=SETTINGS))
    assert "by-family" not in {table.name for table in section.tables}


def test_significance_compares_every_pair(evidence):
    (row,) = cells(significance_section(evidence), "pairs")
    eers = {name: found.eer for name, found in evidence.verifications.items()}
    assert row["pair"] == "clear – blurred"
    assert (float(row["z"]) < 0) == (eers["clear"] < eers["blurred"])


def test_significance_needs_two_systems(alone):
    with pytest.raises(InputError, match="nothing to be compared"):
        significance_section(alone)


def test_probing_shows_what_it_records(alone):
    section = probing_section(alone)
    scores = section.record["systems"]["clear"]["scores"]
    for kind in ("micro", "macro"):
        for row in cells(section, f"probing-{kind}"):
            for classifier in ("MLP", "SVM", "tree"):
                (score,) = (
                    score[kind]
                    for score in scores
                    if (score["task"], score["classifier"]) == (row["task"], classifier)
                )
                assert row[classifier] == f"{100 * score:.2f}"
    assert "velocity (no note has a label)" in " ".join(section.text)


def test_retrieval_shows_what_it_records(evidence):
    section = retrieval_section(evidence)
    for row in cells(section, "searches"):
        found = section.record["systems"][row["system"]]["searches"][row["search"]]
        assert row["recall at 5"] == f"{100 * found['recall'][5]:.2f}"
        assert row["mAP"] == f"{100 * found['mean_average_precision']:.2f}"


def test_silhouettes_are_scikit_learns(evidence):
    for row in cells(retrieval_section(evidence), "silhouettes"):
        table = evidence.runs[row["system"]].table
        for label in ("family", "instrument"):
            theirs = silhouette_score(vectors_of(table), table[label].to_pylist(), metric="cosine")
            assert row[label] == f"{theirs:.3f}"


def test_a_large_map_shows_a_part_and_says_so(evidence):
    section = map_section(evidence)
    assert "60 of 96 sounds" in section.text[-1]
    assert [picture.name for picture in section.pictures] == ["map-family", "map-instrument"]
    for row in cells(section, "maps"):
        record = section.record["systems"][row["system"]]
        assert row["trustworthiness"] == f"{record['trustworthiness']:.3f}"


def test_learned_front_ends_are_shown_and_others_are_not(evidence):
    learned, fixed = (
        Encoder(
            frontend,
            ResNet(blocks=(1, 1, 1, 1), channels=(16, 16, 16, 16)),
            Statistics(n_features=16),
            embedding_size=4,
        )
        for frontend in (SincNet(n_bands=8), LogMel())
    )
    runs, settings = evidence.runs, evidence.settings
    with_bank = Evidence(
        runs=runs, settings=settings, encoders={"clear": learned, "blurred": fixed}
    )
    section = frontend_section(with_bank)
    assert list(section.record["systems"]) == ["clear"]
    with pytest.raises(InputError, match="no encoder with band-pass filters"):
        frontend_section(Evidence(runs=runs, settings=settings, encoders={"blurred": fixed}))


def test_provenance_lists_what_was_evaluated(evidence, tmp_path):
    (tmp_path / "recipe.yaml").write_text("seed: 10\n", encoding="utf-8")
    (tmp_path / "run.json").write_text('{"seed": 10}', encoding="utf-8")
    trained = Evidence(
        runs=evidence.runs, settings=SETTINGS, folders={"clear": tmp_path}, command="go"
    )
    section = provenance_section(trained)
    data = {row[""]: row["clear"] for row in cells(section, "data")}
    assert data["sounds"] == "96"
    assert data["encoder hash"] == "0f"
    code = {row["name"]: row["value"] for row in cells(section, "code")}
    assert code["seed"] == "0"
    assert section.listings == {
        "Command": "go",
        "Recipe of clear": "seed: 10\n",
        "Training of clear": '{"seed": 10}',
    }
    equal, other = (section.record["systems"][name]["embeddings_hash"] for name in evidence.runs)
    assert equal != other


def test_a_broken_record_of_a_training_is_shown_as_it_is(evidence, tmp_path):
    (tmp_path / "run.json").write_bytes(b"{\xff")
    trained = Evidence(runs=evidence.runs, settings=SETTINGS, folders={"clear": tmp_path})
    assert provenance_section(trained).listings == {"Training of clear": "{�"}


def test_what_cannot_be_answered_keeps_its_place_with_the_reason():
    table = table_of(0.2, instrument=None, family=None, pitch_midi=None)
    evidence = Evidence(runs={"a": Run("a", table)}, settings=SETTINGS)
    sections = {part.name: part for part in report_sections(evidence, skip=["map"])}
    assert list(sections) == list(SECTIONS)
    assert "instrument" in sections["verification"].skipped
    assert sections["map"].skipped == "not asked for."
    assert {name for name, part in sections.items() if not part.skipped} == {"provenance"}


def test_figures_bear_any_name(evidence):
    names = (r"_$\nonsense$", "<b> & $")
    runs = dict(zip(names, evidence.runs.values(), strict=True))
    hostile = Evidence(runs=runs, settings=SETTINGS)
    for make in (verification_section, significance_section, map_section):
        for picture in make(hostile).pictures:
            file = io.BytesIO()
            picture.figure.savefig(file, format="svg")
            assert file.getvalue()
