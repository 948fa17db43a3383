import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from timbrespace.errors import ConfigError, InputError
from timbrespace.models import (
    LDE,
    BandEnergy,
    Encoder,
    LogMel,
    ResNet,
    Statistics,
    encoder_hash,
    load_encoder,
    save_encoder,
)


def small_encoder(frontend=None):
    torch.manual_seed(0)
    frontend = frontend or BandEnergy(n_bands=20, spacing="mel")
    backbone = ResNet(blocks=[1], channels=[16])
    return Encoder(frontend, backbone, LDE(n_features=16, n_centres=2), embedding_size=4).eval()


@pytest.fixture
def folder(tmp_path):
    save_encoder(small_encoder(), tmp_path / "encoder", name="toy", card="# Toy\n")
    return tmp_path / "encoder"


def change_config(folder, change):
    path = folder / "config.json"
    config = json.loads(path.read_text())
    change(config)
    path.write_text(json.dumps(config))


@torch.no_grad()
def test_a_saved_encoder_comes_back_the_same(folder):
    encoder, loaded = small_encoder(), load_encoder(folder)
    waveform = torch.randn(2, 4000)
    assert torch.equal(loaded(waveform), encoder(waveform))
    assert encoder_hash(loaded) == encoder_hash(encoder)
    assert (loaded.name, loaded.training) == ("toy", False)


def test_the_folder_holds_what_others_can_read(folder):
    config = json.loads((folder / "config.json").read_text())
    assert config["name"] == "toy"
    assert config["sample_rate_hz"] == 16_000
    assert config["embedding_size"] == 4
    assert config["pooling"]["class_path"] == "timbrespace.models.LDE"
    assert (folder / "README.md").read_text() == "# Toy\n"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["encoder"]


def test_saving_again_replaces_the_old_folder_whole(folder):
    save_encoder(small_encoder(LogMel(n_bands=20)), folder, name="newer")
    assert load_encoder(folder).name == "newer"
    assert not (folder / "README.md").exists()


def test_a_failed_save_leaves_the_old_folder(folder):
    with pytest.raises(TypeError):
        save_encoder(small_encoder(), folder, name="bad", card=b"not text")
    assert load_encoder(folder).name == "toy"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["encoder"]


@pytest.mark.parametrize("place", ["a folder of music", "a file"])
def test_what_is_no_encoder_is_never_replaced(tmp_path, place):
    target = tmp_path / "music"
    precious = target / "song.wav" if place == "a folder of music" else target
    precious.parent.mkdir(exist_ok=True)
    precious.write_text("precious")
    with pytest.raises(InputError, match="choose another folder"):
        save_encoder(small_encoder(), target, name="toy")
    assert precious.read_text() == "precious"


def test_the_hash_sees_every_weight_and_setting_but_not_precision():
    plain = encoder_hash(small_encoder())
    for name, value in small_encoder().state_dict().items():
        changed = small_encoder()
        changed.state_dict()[name][(-1,) * value.ndim] += 1
        assert encoder_hash(changed) != plain, (name, value.shape)
    assert encoder_hash(small_encoder(BandEnergy(n_bands=20, spacing="mel", hop_s=0.01))) != plain
    faster = small_encoder()
    faster.precision = "bfloat16"
    assert encoder_hash(faster) == plain


def test_a_part_of_ones_own_cannot_be_shared():
    class MyLogMel(LogMel):
        """Like it, but from elsewhere."""

    with pytest.raises(ConfigError, match="MyLogMel cannot be shared"):
        encoder_hash(small_encoder(MyLogMel(n_bands=20)))


def nested(*keys, value):
    def change(config):
        for key in keys[:-1]:
            config = config[key]
        config[keys[-1]] = value

    return change


HOSTILE = [
    (nested("frontend", "class_path", value="os.system"), "frontend.class_path 'os.system'"),
    (nested("frontend", "class_path", value="timbrespace.models.LDE"), "frontend.class_path"),
    (nested("frontend", "class_path", value=["timbrespace.models.LogMel"]), "class_path"),
    (nested("frontend", "init_args", "init", value="x"), "init_args may have"),
    (nested("frontend", "init_args", value=[1]), "init_args may have"),
    (nested("frontend", "init_args", "n_bands", value="20"), "n_bands must be int"),
    (nested("frontend", "init_args", "n_bands", value=True), "n_bands must be int"),
    (nested("frontend", "init_args", "n_bands", value=None), "n_bands must be int"),
    (nested("frontend", "init_args", "n_bands", value=10**400), "n_bands must be int"),
    (nested("frontend", "init_args", "n_bands", value=-1), "n_bands must be from 1 to 4096"),
    (nested("frontend", "init_args", "kernel_s", value=10**9), "kernel_s must be float"),
    (nested("frontend", "init_args", "kernel_s", value=float("nan")), "kernel_s must be float"),
    (nested("frontend", "init_args", "learnable", value="no"), "learnable must be bool"),
    (nested("frontend", "init_args", "spacing", value="bark"), "spacing must be one of"),
    (nested("frontend", "init_args", "spacing", value=["mel"]), "spacing must be one of"),
    (nested("backbone", "init_args", "blocks", value=[[1]]), "blocks must be"),
    (nested("backbone", "init_args", "blocks", value=3), "blocks must be"),
    (nested("backbone", "imports", value="evil"), "backbone must have"),
    (nested("pooling", value=None), "pooling must have"),
    (nested("pooling", "init_args", "n_features", value=17), "n_features must be what"),
    (nested("plugins", value=["evil"]), "plugins"),
    (nested("embedding_size", value=4.0), "embedding_size must be int"),
    (nested("sample_rate_hz", value=44_100), "sample_rate_hz is 44100"),
    (nested("format", value="timbrespace-encoder/2"), "timbrespace-encoder/1"),
    (nested("name", value=None), "expected a name"),
    (nested("name", value=""), "expected a name"),
    (nested("name", value="a\nb"), "1 to 100 printable letters"),
    (nested("name", value="a" * 101), "1 to 100 printable letters"),
    (nested("embedding_size", value=100_000), "embedding_size must be from 1 to 16384"),
    (nested("frontend", "init_args", "hop_s", value=0.0009), "samples of a hop .* from 16"),
    (nested("frontend", "init_args", "kernel_s", value=100.0), "samples of a kernel .* 1.6e"),
    (nested("frontend", "init_args", "n_bands", value=1_000_000), "n_bands must be from 1"),
    (nested("frontend", "init_args", "sample_rate_hz", value=10), "sample_rate_hz must be from"),
    (
        nested("pooling", "init_args", "n_centres", value=1_000_000),
        r"embedding\.weight is F32 \[4, 32\], expected F32 \[4, 16000000\]",
    ),
    (lambda config: config.pop("backbone"), "expected the keys"),
    (nested("embedding_size", value=5), r"embedding\.bias is F32 \[4\], expected F32 \[5\]"),
]


@pytest.mark.parametrize(("change", "message"), HOSTILE)
def test_refuses_a_config_that_describes_no_encoder(folder, change, message):
    change_config(folder, change)
    with pytest.raises(ConfigError, match=message):
        load_encoder(folder)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\udcff"])
def test_refuses_a_config_that_is_not_json(folder, text):
    (folder / "config.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match=r"config\.json: expected a model's settings"):
        load_encoder(folder)


def test_refuses_a_config_that_is_no_object(folder):
    (folder / "config.json").write_text("[1]")
    with pytest.raises(ConfigError, match="expected an object"):
        load_encoder(folder)


def test_names_the_file_that_is_missing(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(InputError, match=r"model\.safetensors"):
        load_encoder(folder)
    with pytest.raises(InputError, match=r"nowhere.config\.json"):
        load_encoder(folder / "nowhere")


def test_refuses_weights_that_are_not_safetensors(folder):
    torch.save({"evil": torch.zeros(1)}, folder / "model.safetensors")
    with pytest.raises(InputError, match="expected weights in safetensors"):
        load_encoder(folder)


@pytest.mark.parametrize("change", ["missing", "unknown"])
def test_names_the_weights_that_do_not_fit(folder, change):
    path = folder / "model.safetensors"
    weights = load_file(path)
    if change == "missing":
        del weights["pooling.centres"]
    else:
        weights["pooling.extra"] = torch.zeros(1)
    save_file(weights, path)
    with pytest.raises(ConfigError, match=r"pooling\.(centres|extra)"):
        load_encoder(folder)


def test_statistics_and_default_settings_may_be_left_out(tmp_path):
    encoder = Encoder(
        LogMel(n_bands=20), ResNet(blocks=[1], channels=[16]), Statistics(n_features=16)
    )
    save_encoder(encoder, tmp_path / "encoder", name="toy")
    change_config(
        tmp_path / "encoder", lambda config: config["frontend"]["init_args"].pop("hop_samples")
    )
    assert encoder_hash(load_encoder(tmp_path / "encoder")) == encoder_hash(encoder)


def test_weights_that_are_not_finite_are_refused(folder):
    weights = load_file(folder / "model.safetensors")
    weights["embedding.bias"][1] = torch.nan
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(InputError, match=r"NaN or infinite, first in embedding\.bias"):
        load_encoder(folder)


def test_a_backbone_without_end_is_refused(folder):
    change_config(
        folder,
        lambda config: config["backbone"]["init_args"].update(blocks=[100_000], channels=[16]),
    )
    with pytest.raises(ConfigError, match="at most 256 blocks"):
        load_encoder(folder)


FRONTENDS_TOO_LARGE = [
    ("LogMel", {"fft_samples": 100_000}, "fft_samples must be from 2 to 65536"),
    ("LogMel", {"hop_samples": 8}, "hop_samples must be from 16"),
    ("LogMel", {"sample_rate_hz": 96_000, "hop_samples": 64}, "samples of a hop must be from 96"),
    ("LogMel", {"fft_samples": 65_536, "n_bands": 4_096}, "values in all kernels"),
    ("CQT", {"lowest_midi": -1e6}, "lowest_midi must be from 0"),
    ("CQT", {"lowest_midi": 0.0, "bands_per_octave": 1_000}, "samples of a kernel"),
]


@pytest.mark.parametrize(("kind", "settings", "message"), FRONTENDS_TOO_LARGE)
def test_a_front_end_too_large_is_refused_before_it_is_built(folder, kind, settings, message):
    frontend = {"class_path": f"timbrespace.models.{kind}", "init_args": settings}
    change_config(folder, nested("frontend", value=frontend))
    with pytest.raises(ConfigError, match=message):
        load_encoder(folder)


def test_a_cohort_travels_with_the_encoder_as_it_is(folder, tmp_path):
    save_encoder(small_encoder(), folder, name="toy", cohort=b"PAR1")
    encoder = load_encoder(folder)
    assert encoder.cohort == (folder / "cohort.parquet").read_bytes() == b"PAR1"
    encoder.save_pretrained(tmp_path / "copy")
    assert load_encoder(tmp_path / "copy").cohort == b"PAR1"
    save_encoder(encoder, folder, name="toy")
    assert load_encoder(folder).cohort == b""


def test_a_cohort_too_large_is_refused(folder):
    with (folder / "cohort.parquet").open("wb") as file:
        file.truncate(2**26 + 1)
    with pytest.raises(InputError, match=r"cohort\.parquet: is larger than 64 MiB"):
        load_encoder(folder)


def test_a_text_too_large_is_refused(folder):
    (folder / "README.md").write_text("a" * 2**21)
    with pytest.raises(InputError, match=r"README\.md: is larger than 1 MiB"):
        load_encoder(folder)
    (folder / "config.json").write_text(" " * 2**21)
    with pytest.raises(InputError, match=r"config\.json: is larger than 1 MiB"):
        load_encoder(folder)


def test_weights_too_large_are_refused_unread(folder):
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(2**31 + 1)  # sparse: takes no disk
    with pytest.raises(InputError, match="larger than 2 GiB"):
        load_encoder(folder)


def test_weights_of_another_type_are_refused(folder):
    weights = load_file(folder / "model.safetensors")
    weights["embedding.bias"] = weights["embedding.bias"].double()
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(ConfigError, match=r"embedding\.bias is F64 \[4\], expected F32"):
        load_encoder(folder)


def test_a_name_that_could_not_be_read_is_not_written(tmp_path):
    with pytest.raises(ConfigError, match="expected a name"):
        save_encoder(small_encoder(), tmp_path / "encoder", name="two\nlines")
    assert not any(tmp_path.iterdir())
