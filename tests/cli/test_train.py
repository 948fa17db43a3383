import pytest

from timbrespace.cli import main
from timbrespace.manifest import manifest_from_rows, write_manifest
from timbrespace.models import load_encoder

TINY = [
    "encoder.frontend.init_args.n_bands=16",
    "encoder.backbone.init_args={blocks: [1], channels: [16], stem_stride: 2}",
    "encoder.pooling.init_args.n_features=16",
    "sampling={batch_size: 8, min_s: 0.3, max_s: 0.5}",
    "schedule={epochs: null, steps: 3}",
]


@pytest.fixture
def manifest(tone_manifest, tmp_path):
    write_manifest(tone_manifest, tmp_path / "notes.parquet")
    return tmp_path / "notes.parquet"


def train(manifest, out, *more):
    return main(["train", "small", "--manifest", str(manifest), "--out", str(out), *more])


def test_a_recipe_and_a_manifest_give_an_encoder(manifest, tmp_path, capsys):
    assert train(manifest, tmp_path / "run", "--set", *TINY) == 0
    assert f"encoder: {tmp_path / 'run' / 'encoder'}" in capsys.readouterr().out
    assert load_encoder(tmp_path / "run" / "encoder").name == "small"
    assert (tmp_path / "notes.notes").is_dir()


def test_an_old_run_needs_resume(manifest, tmp_path, capsys):
    assert train(manifest, tmp_path / "run", "--set", *TINY) == 0
    assert train(manifest, tmp_path / "run", "--set", *TINY) == 2
    assert "add --resume" in capsys.readouterr().err
    assert train(manifest, tmp_path / "run", "--resume", "--set", *TINY) == 0


def test_sounds_that_cannot_be_read_are_listed(tone_manifest, tmp_path, capsys):
    (tmp_path / "bad.wav").write_bytes(b"")
    bad = {"id": "bad", "path": str(tmp_path / "bad.wav"), "instrument": "x", "split": "train"}
    rows = [*tone_manifest.to_pylist(), bad]
    write_manifest(manifest_from_rows(rows), tmp_path / "m.parquet")
    assert train(tmp_path / "m.parquet", tmp_path / "run", "--set", *TINY) == 1
    err = capsys.readouterr().err
    assert "1 skipped:" in err
    assert "bad.wav: the file is empty" in err


def test_the_recipes_are_listed(capsys):
    assert main(["train", "--list"]) == 0
    assert "shi2022-base\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "small"], "needs a recipe, --manifest and --out"),
        (["train", "tiny", "--manifest", "m", "--out", "o"], "m: no such file"),
    ],
)
def test_wrong_input_says_what_to_do(arguments, message, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_settings_of_every_flag_count(manifest, tmp_path):
    first, *others = TINY
    assert train(manifest, tmp_path / "run", "--set", first, "--set", *others) == 0
    assert train(manifest, tmp_path / "once", "--set", *TINY) == 0
    assert (tmp_path / "run/recipe.yaml").read_text() == (tmp_path / "once/recipe.yaml").read_text()


def test_an_unknown_recipe_or_setting_is_named(manifest, tmp_path, capsys):
    out = str(tmp_path / "run")
    assert main(["train", "tiny", "--manifest", str(manifest), "--out", out]) == 2
    assert "no recipe 'tiny'" in capsys.readouterr().err
    assert train(manifest, out, "--set", "encoder.colour=blue") == 2
    assert "colour" in capsys.readouterr().err
