import json
import signal
import subprocess
import sys
import time

import pyarrow.compute as pc
import pytest

from timbrespace.cli import main
from timbrespace.embeddings import read_embeddings, vectors_of
from timbrespace.evaluation import verify
from timbrespace.manifest import manifest_from_rows, write_manifest
from timbrespace.models import encoder_hash, load_encoder

TINY = [
    "encoder.frontend.init_args.n_bands=20",
    "encoder.backbone.init_args={blocks: [1], channels: [16], stem_stride: 2}",
    "encoder.pooling.init_args.n_features=16",
    "encoder.embedding_size=16",
    "sampling={batch_size: 16, min_s: 0.2, max_s: 0.3}",
    "schedule={epochs: null, steps: 3}",
    "checkpoint_every=1",
]
RUNS = ["base-10", "base-100", "no-family-10", "no-family-100"]


def thirds(tone_manifest):
    """Each tone cut in three, so that an instrument has 36 notes."""
    return manifest_from_rows(
        {**row, "id": f"{row['id']}.{part}", "start_s": 0.16 * part, "duration_s": 0.16}
        for row in tone_manifest.to_pylist()
        for part in range(3)
    )


@pytest.fixture(scope="module")
def manifest(tone_manifest, tmp_path_factory):
    path = tmp_path_factory.mktemp("sounds") / "notes.parquet"
    write_manifest(thirds(tone_manifest), path)
    return path


def arguments(manifest, out, *more, rows=("base", "no-family")):
    place = ["--manifest", str(manifest), "--out", str(out), "--skip", "probing"]
    rows = ["--rows", *rows, "--seeds", "10", "100"]
    return ["reproduce", "shi2022", *place, *rows, "--set", *TINY, *more]


@pytest.fixture(scope="module")
def done(manifest, tmp_path_factory):
    """In a process of its own: libraries that other tests load change a process's arithmetic."""
    out = tmp_path_factory.mktemp("paper") / "out"
    command = [sys.executable, "-m", "timbrespace", *arguments(manifest, out)]
    subprocess.run(command, check=True, capture_output=True)
    return out


def hashes(out, runs):
    return [encoder_hash(load_encoder(out / "runs" / run / "encoder")) for run in runs]


def test_every_run_is_trained_embedded_and_reported(done):
    assert sorted(path.stem for path in (done / "embeddings").glob("*.parquet")) == [
        *RUNS[:2],
        "mfcc",
        *RUNS[2:],
    ]
    assert len(set(hashes(done, RUNS))) == 4
    figures = {path.name for path in (done / "figures").iterdir()}
    assert figures >= {"det-paper.svg", "significance-exhaustive.svg", "map-family.svg"}
    page = (done / "report.html").read_text()
    for told in ("base without the family task", "2.935 (seed 100)", "8 LDE centres", "probing"):
        assert told in page
    assert r"\toprule" in (done / "tables.tex").read_text()


def test_the_numbers_are_those_of_the_embeddings(done):
    sections = json.loads((done / "report.json").read_text())["sections"]
    for run in RUNS:
        table = read_embeddings(done / "embeddings" / f"{run}.parquet").sort_by("id")
        found = verify(vectors_of(table), table["instrument"].to_pylist(), protocol="paper")
        row = run.rpartition("-")[0]
        assert sections["ablations"][row]["paper"][run]["eers"] == list(found.eers)
    assert sections["probing-grouped"] == {"skipped": "not asked for."}


def test_a_repeated_command_makes_nothing_again(manifest, done, capsys):
    files = [*done.glob("runs/*/encoder/*"), *done.glob("embeddings/*")]
    before = {file: file.stat().st_mtime_ns for file in files}
    plan = (done / "plan.json").read_text()
    assert main(arguments(manifest, done)) == 0
    assert (done / "plan.json").read_text() == plan
    assert {file: file.stat().st_mtime_ns for file in files} == before
    assert f"report: {done / 'report.html'}" in capsys.readouterr().out


def test_a_command_that_is_killed_goes_on_to_the_same_weights(manifest, done, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "timbrespace", *arguments(manifest, out, rows=["base"])]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while not (out / "runs" / "base-100" / "checkpoints" / "last.ckpt").is_file():
        assert process.poll() is None, "finished before it could be killed"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    first = out / "embeddings" / "base-10.parquet"
    written = first.stat().st_mtime_ns
    subprocess.run(command, check=True, capture_output=True)
    assert first.stat().st_mtime_ns == written
    assert hashes(out, RUNS[:2]) == hashes(done, RUNS[:2])


def test_another_request_for_the_same_folder_is_refused(manifest, done, capsys):
    assert main(arguments(manifest, done, "seed=1")) == 2
    assert "made for another request: changes" in capsys.readouterr().err


def write_nsynth(tone_manifest, root):
    """The tones in NSynth's layout, each three times."""
    for split in ("train", "test"):
        audio = root / f"nsynth-{split}" / "audio"
        audio.mkdir(parents=True)
        entries = {}
        for row in tone_manifest.filter(pc.equal(tone_manifest["split"], split)).to_pylist():
            for velocity in (25, 75, 127):
                note = f"{row['id']}-{velocity}"
                (audio / f"{note}.wav").symlink_to(row["path"])
                entries[note] = {
                    "instrument_str": row["instrument"],
                    "instrument_family_str": row["family"],
                    "instrument_source_str": "synthetic",
                    "pitch": row["pitch_midi"],
                    "velocity": velocity,
                    "sample_rate": 16_000,
                }
        (audio.parent / "examples.json").write_text(json.dumps(entries))


def test_a_corpus_with_faults_is_done_and_they_are_listed(tone_manifest, tmp_path, capsys):
    write_nsynth(tone_manifest, tmp_path / "corpus")
    missing, empty = (tmp_path / "corpus/nsynth-train/audio").glob("0-48-[27]5.wav")
    missing.unlink()
    empty.unlink()
    empty.touch()
    place = ["--corpus", "nsynth", "--data", str(tmp_path / "corpus")]
    rest = ["--rows", "mel80", "--seeds", "10", "--skip", "probing", "--set", *TINY]
    assert main(["reproduce", "shi2022", *place, "--out", str(tmp_path / "out"), *rest]) == 1
    err = capsys.readouterr().err
    assert "2 skipped:" in err
    assert all(str(path) in err for path in (missing, empty))
    sections = json.loads((tmp_path / "out" / "report.json").read_text())["sections"]
    assert set(sections["front-ends"]) == {"mel80", "mfcc"}
    assert sections["ablations"] == {"skipped": "none of its rows was asked for."}
    assert "none of the rows base, no-family" in sections["map"]["skipped"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ([], "needs either --corpus and --data, or --manifest"),
        (["--corpus", "nsynth", "--manifest", "m"], "needs either --corpus and --data"),
        (["--corpus", "nsynth", "--data", "none"], "none: no such folder"),
        (["--corpus", "tones", "--data", "none"], "no corpus 'tones'"),
        (["--manifest", "m", "--rows", "colour"], "rows must be some of base"),
        (["--manifest", "m", "--budget", "0"], "budget must be above 0"),
    ],
)
def test_wrong_input_says_what_to_do(place, message, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["reproduce", "shi2022", "--out", "out", *place]) == 2
    assert message in capsys.readouterr().err


def test_too_few_unseen_notes_are_an_error_before_training(tone_manifest, tmp_path, capsys):
    write_manifest(tone_manifest, tmp_path / "m.parquet")
    assert main(arguments(tmp_path / "m.parquet", tmp_path / "out")) == 2
    assert "2 instruments of 25 notes or more in split test; 0 of 2" in capsys.readouterr().err
    assert not (tmp_path / "out" / "runs").exists()
