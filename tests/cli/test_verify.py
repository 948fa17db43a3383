import json

import numpy as np
import pytest
import soundfile

from timbrespace.cli import main
from timbrespace.embeddings import embeddings_table, write_embeddings
from timbrespace.manifest import manifest_from_rows

INSTRUMENTS = ("bell", "harp", "oboe")


def write_table(path, *, name, spread, n_notes=30, order=None, **columns):
    """Three instruments around three axes; a row's `columns` are the same in all rows."""
    rng = np.random.default_rng(0)
    labels = np.repeat(INSTRUMENTS, n_notes)
    rows = [
        {"id": f"{k:03}", "path": f"{k}.wav", "instrument": label, **columns}
        for k, label in enumerate(labels)
    ]
    vectors = np.repeat(np.eye(3), n_notes, axis=0) + spread * rng.standard_normal((len(rows), 3))
    table = embeddings_table(
        manifest_from_rows(rows), vectors, encoder_name=name, encoder_hash=name
    )
    write_embeddings(table if order is None else table.take(order), path)
    return str(path)


@pytest.fixture
def clear(tmp_path):
    return write_table(tmp_path / "clear.parquet", name="clear", spread=0.01)


@pytest.fixture
def blurred(tmp_path):
    return write_table(tmp_path / "blurred.parquet", name="blurred", spread=0.7)


def verify(*arguments):
    return main(["verify", *map(str, arguments)])


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_systems_are_printed_beside_each_other(clear, blurred, capsys):
    assert verify("--embeddings", clear, blurred) == 0
    printed = capsys.readouterr().out
    assert printed.index("clear") < printed.index("blurred")
    assert "0.00" in printed
    assert "75 target and 150 non-target in each of 10 draws" in printed


def test_json_holds_numbers_and_settings(clear, tmp_path):
    out = tmp_path / "new" / "found.json"
    assert verify("--embeddings", clear, "--seed", 4, "--repeats", 3, "--json", out) == 0
    record = read_json(out)
    assert record["label"] == "instrument"
    system = record["systems"]["clear"]
    assert (system["eer"], system["seed"], len(system["eers"])) == (0, 4, 3)
    assert system["nearest_neighbour_accuracy"] == 1


def test_order_of_rows_changes_nothing(blurred, tmp_path, rng):
    moved = write_table(
        tmp_path / "moved.parquet", name="moved", spread=0.7, order=rng.permutation(90)
    )
    assert verify("--embeddings", blurred, moved, "--json", tmp_path / "found.json") == 0
    systems = read_json(tmp_path / "found.json")["systems"]
    assert systems["blurred"]["eers"] == systems["moved"]["eers"]


def test_paper_protocol(blurred, tmp_path):
    out = tmp_path / "found.json"
    arguments = ("--protocol", "paper", "--pool-notes", 7, "--enrolment-notes", 2, "--json", out)
    assert verify("--embeddings", blurred, *arguments) == 0
    system = read_json(out)["systems"]["blurred"]
    assert (system["n_target"], system["n_nontarget"]) == (21, 21)


def test_a_figure_is_drawn(clear, blurred, tmp_path):
    figure = tmp_path / "det.svg"
    assert verify("--embeddings", clear, blurred, "--figure", figure) == 0
    assert figure.read_bytes().startswith(b"<?xml")


def test_encoders_of_one_name_are_told_apart_by_their_files(clear, tmp_path):
    other = write_table(tmp_path / "other.parquet", name="clear", spread=0.5)
    out = tmp_path / "found.json"
    assert verify("--embeddings", clear, other, "--json", out) == 0
    assert list(read_json(out)["systems"]) == [clear, other]


def test_rows_without_label_are_left_out_with_a_note(tmp_path, capsys):
    rows = [
        {"id": f"{k:02}", "path": "x.wav", "instrument": (*INSTRUMENTS, None)[k % 4]}
        for k in range(40)
    ]
    table = embeddings_table(
        manifest_from_rows(rows), np.eye(4)[np.arange(40) % 4], encoder_name="toy", encoder_hash=""
    )
    write_embeddings(table, tmp_path / "toy.parquet")
    assert verify("--embeddings", tmp_path / "toy.parquet") == 0
    assert "toy: 10 rows without instrument left out" in capsys.readouterr().out


def test_another_label_and_a_split(tmp_path, capsys):
    path = write_table(tmp_path / "t.parquet", name="toy", spread=0.1, family="reed", split="test")
    assert verify("--embeddings", path, "--split", "test") == 0
    capsys.readouterr()
    assert verify("--embeddings", path, "--split", "train") == 2
    assert "of this table: test" in capsys.readouterr().err
    assert verify("--embeddings", path, "--label", "family") == 2
    assert "at least 2" in capsys.readouterr().err


def test_short_instruments_are_named_or_dropped(tmp_path, capsys):
    path = write_table(tmp_path / "t.parquet", name="toy", spread=0.1, n_notes=5)
    assert verify("--embeddings", path) == 2
    assert "bell (5), harp (5), oboe (5)" in capsys.readouterr().err
    assert verify("--embeddings", path, "--drop-short") == 2
    assert "at least 2 instruments" in capsys.readouterr().err


def test_tables_of_other_sounds_are_refused(clear, tmp_path, capsys):
    fewer = write_table(tmp_path / "fewer.parquet", name="fewer", spread=0.1, n_notes=20)
    assert verify("--embeddings", clear, fewer) == 2
    assert "30 ids only in the first" in capsys.readouterr().err


def test_a_figure_of_unknown_format_is_refused_before_the_work(tmp_path, capsys):
    assert verify("--embeddings", tmp_path / "absent.parquet", "--figure", "det.gif") == 2
    assert "det.gif" in capsys.readouterr().err


def test_a_missing_table_is_named(tmp_path, capsys):
    assert verify("--embeddings", tmp_path / "absent.parquet") == 2
    assert "absent.parquet" in capsys.readouterr().err


def test_the_mfcc_baseline_is_scored_on_the_same_trials(tmp_path):
    """Instruments differ in their partials, which MFCCs hear."""
    rows, time_s = [], np.arange(4_000) / 16_000
    for kind, odd in (("flute", 0.0), ("clarinet", 1.0)):
        for k in range(8):
            path = tmp_path / f"{kind}{k}.wav"
            pitch = 2 * np.pi * (300 + 20 * k) * time_s
            soundfile.write(path, 0.3 * np.sin(pitch) + 0.3 * odd * np.sin(9 * pitch), 16_000)
            rows.append({"id": path.stem, "path": str(path), "instrument": kind})
    vectors = np.random.default_rng(0).standard_normal((16, 4))
    table = embeddings_table(
        manifest_from_rows(rows), vectors, encoder_name="noise", encoder_hash=""
    )
    write_embeddings(table, tmp_path / "noise.parquet")
    out = tmp_path / "found.json"
    arguments = ("--enrolment-notes", 3, "--baseline", "mfcc", "--json", out)
    assert verify("--embeddings", tmp_path / "noise.parquet", *arguments) == 0
    noise, baseline = read_json(out)["systems"].values()
    assert noise["n_target"] == baseline["n_target"] == 10
    assert baseline["eer"] < 0.2 < 0.4 < noise["eer"]


def test_help_teaches(capsys):
    with pytest.raises(SystemExit) as stop:
        verify("--help")
    assert stop.value.code == 0
    assert "equal error rate" in capsys.readouterr().out


def test_seeds_and_pairs_of_systems(clear, blurred, tmp_path, capsys):
    other = write_table(tmp_path / "other.parquet", name="other", spread=0.8)
    matrix, histogram = tmp_path / "pairs.png", tmp_path / "scores.svg"
    places = (clear, f"noisy={blurred}", f"noisy={other}")
    drawn = ("--matrix", matrix, "--histogram", histogram)
    out = tmp_path / "found.json"
    assert verify("--embeddings", *places, "--significance", *drawn, "--json", out) == 0
    printed = capsys.readouterr().out
    assert "clear – noisy #1" in printed
    assert "deviation over seeds" in printed
    record = read_json(out)
    assert [run["system"] for run in record["systems"].values()] == ["clear", "noisy", "noisy"]
    for test in ("over_trials", "over_instruments"):
        assert [pair["second"] for pair in record[test]] == ["noisy #1", "noisy #2", "noisy #2"]
    assert matrix.stat().st_size
    assert histogram.stat().st_size


def test_rates_of_groups_and_costs_are_printed_when_asked_for(blurred, tmp_path, capsys):
    out = tmp_path / "found.json"
    arguments = ("--by", "instrument", "--min-dcf", 0.2, "--json", out)
    assert verify("--embeddings", blurred, *arguments) == 0
    printed = capsys.readouterr().out
    system = read_json(out)["systems"]["blurred"]
    assert f"{100 * system['group_eers']['instrument']['harp']:.2f}" in printed
    assert "minDCF: a share of 0.2" in printed
    assert f"{system['min_dcf']:.3f}" in printed


def test_three_intervals_are_printed_and_explained(blurred, capsys):
    assert verify("--embeddings", blurred, "--bootstrap", 20) == 0
    printed = capsys.readouterr().out
    assert all(f"over {what}" in printed for what in ("draws", "trials", "instruments"))
    assert "which they are not" in printed


def test_sounds_without_pitch_are_left_out_with_a_note(tmp_path, capsys):
    np.savez(
        tmp_path / "t.npz",
        embeddings=np.eye(3)[np.arange(30) % 3],
        id=np.arange(30).astype(str),
        instrument=np.array(INSTRUMENTS)[np.arange(30) % 3],
        pitch_midi=np.where(np.arange(30) % 3, 60.0, np.nan),
    )
    assert verify("--embeddings", tmp_path / "t.npz", "--pitched") == 0
    printed = capsys.readouterr().out
    assert "t: 10 rows of unknown pitch left out" in printed
    assert "2 in all" in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--enrolment-notes", 40], "Lower --enrolment-notes or --pool-notes"),
        (["--enrolment-notes", 40], "leave these out with --drop-short"),
        (["--enrolment-notes", 0], "--enrolment-notes must be at least 1"),
        (["--repeats", 0], "--repeats must be at least 1"),
        (["--bootstrap", -1], "--bootstrap must be at least 0"),
        (["--min-dcf", 2], "--min-dcf=2"),
        (["--pitched"], "no pitched sounds"),
        (["--by", "mood"], "'mood'"),
    ],
)
def test_faults_name_the_flags(clear, capsys, arguments, message):
    assert verify("--embeddings", clear, *arguments) == 2
    assert message in capsys.readouterr().err


def test_paths_are_never_taken_for_settings(tmp_path, capsys):
    assert verify("--embeddings", tmp_path / "pool_notes.parquet", "--pitched") == 2
    assert "pool_notes.parquet: " in capsys.readouterr().err


def test_how_instruments_become_known_is_told(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("id,e0\na,1\nb,2\n", encoding="utf-8")
    assert verify("--embeddings", tmp_path / "t.csv") == 2
    message = capsys.readouterr().err
    assert "columns with values: none." in message
    assert "a folder of sounds for each" in message


@pytest.mark.parametrize("flag", ["--json", "--figure", "--histogram", "--matrix"])
def test_an_unusable_place_is_refused_before_the_work(tmp_path, capsys, flag):
    (tmp_path / "file").touch()
    name = "a.json" if flag == "--json" else "a.svg"
    assert verify("--embeddings", tmp_path / "absent.npz", flag, tmp_path / "file" / name) == 2
    assert f"{name}: cannot be written" in capsys.readouterr().err


def test_a_single_system_has_no_pairs(clear, capsys):
    assert verify("--embeddings", clear, "--significance") == 2
    assert "two or more systems" in capsys.readouterr().err


def write_cohort(path, *, name, instruments="cdefgh", first_id=900):
    rows = [
        {"id": str(first_id + k), "path": instrument, "instrument": instrument}
        for k, instrument in enumerate(instruments)
    ]
    vectors = np.random.default_rng(1).standard_normal((len(rows), 3))
    table = embeddings_table(
        manifest_from_rows(rows), vectors, encoder_name=name, encoder_hash=name
    )
    write_embeddings(table, path)
    return str(path)


def test_scores_are_normalised_by_the_cohort_of_their_encoder(clear, blurred, tmp_path, capsys):
    cohort, out = write_cohort(tmp_path / "c.parquet", name="blurred"), tmp_path / "found.json"
    chosen = ("--cohort", cohort, "--cohort-nearest", 4, "--significance", "--json", out)
    assert verify("--embeddings", clear, blurred, *chosen) == 0
    printed = capsys.readouterr().out
    assert "score normalisation: AS-norm" in printed
    assert "4 of 6; nearest neighbours" in printed
    record = read_json(out)
    assert record["cohort"] == [cohort]
    used = {name: run["score_normalisation"] for name, run in record["systems"].items()}
    expected = {"method": "AS-norm", "n_cohort": 6, "n_nearest": 4}
    assert used == {"clear": None, "blurred": expected}


def test_without_a_cohort_nothing_is_said_of_normalisation(clear, capsys):
    assert verify("--embeddings", clear) == 0
    assert "normalisation" not in capsys.readouterr().out


def test_a_cohort_that_is_of_no_use_is_refused(clear, tmp_path, capsys):
    cohort = write_cohort(tmp_path / "c.parquet", name="blurred")
    assert verify("--embeddings", clear, "--cohort", cohort) == 2
    assert "embed the cohort with the same encoder" in capsys.readouterr().err
    assert verify("--embeddings", clear, "--cohort", "default") == 2
    assert "default: a cohort made by default (" in capsys.readouterr().err
    assert verify("--embeddings", clear, "--cohort", clear) == 2
    assert "also in clear: bell, harp, oboe" in capsys.readouterr().err
    fits = write_cohort(tmp_path / "d.parquet", name="clear")
    assert verify("--embeddings", clear, "--cohort", fits, "--cohort-nearest", 1) == 2
    assert "--cohort-nearest must be at least 2" in capsys.readouterr().err
