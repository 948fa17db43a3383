import json
from dataclasses import replace

import pytest
from rich.progress import Progress

from timbrespace.errors import ConfigError, InputError
from timbrespace.manifest import write_manifest
from timbrespace.reproduction.zhong2023 import Request, reproduce_tagging
from timbrespace.reproduction.zhong2023.paper import ABLATIONS, PUBLISHED, ROWS, SIZES
from timbrespace.reproduction.zhong2023.plan import RunKey
from timbrespace.reproduction.zhong2023.sizes import size_of
from timbrespace.training import build_recipe
from timbrespace.training.recipes import recipe_layers

SMALL = (
    "encoder.frontend.init_args.n_bands=16",
    "encoder.backbone.init_args={blocks: [1, 1], channels: [16, 16], stem_stride: 2}",
    "encoder.pooling.init_args={n_features: 16, n_centres: 2}",
    "encoder.embedding_size=8",
    "sampling.batch_size=8",
    "sampling.min_s=0.3",
    "sampling.max_s=0.5",
)


@pytest.fixture
def request_of(tone_manifest, mixes, tmp_path):
    write_manifest(tone_manifest, tmp_path / "notes.parquet")
    write_manifest(mixes, tmp_path / "mixes" / "manifest.parquet")
    return Request(
        excerpts=str(tmp_path / "mixes"),
        is_irmas=False,
        notes=str(tmp_path / "notes.parquet"),
        rows=("full", "scratch", "no-mixup"),
        seeds=(1,),
        fractions=(0.5,),
        steps=(2, 3),
        changes=SMALL,
        tuning=("batch_size=8",),
    )


def reproduce(request, folder):
    with Progress(disable=True) as progress:
        return reproduce_tagging(request, folder, progress=progress)


def test_every_table_is_made_and_nothing_is_done_twice(request_of, tmp_path):
    done = reproduce(request_of, tmp_path / "out")
    assert done.problems == []
    record = json.loads((tmp_path / "out" / "report.json").read_text())["sections"]
    assert set(record["initialisation"]) == {"full", "scratch"}
    assert record["initialisation"]["full"]["published"]["f1_micro"] == 0.674
    assert set(record["ablations"]) == {"full", "no-mixup"}
    assert record["smaller-networks"] == {"skipped": "none of its own rows was asked for."}
    assert set(record["less-fine-tuning-data"]) == {"0.5", "1"}
    assert record["classes"]["classes"] == ["bright", "dull"]
    page = (tmp_path / "out" / "report.html").read_text()
    assert "which are not IRMAS" in page
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.ckpt")}
    assert len(stamps) == 2 + 5  # two recipes, and five kinds of run
    reproduce(request_of, tmp_path / "out")
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    with pytest.raises(ConfigError, match="made for another request: steps"):
        reproduce(replace(request_of, steps=(2, 4)), tmp_path / "out")
    reproduce(replace(request_of, rows=("full", "thin"), fractions=(1.0,)), tmp_path / "out")
    record = json.loads((tmp_path / "out" / "report.json").read_text())["sections"]
    assert set(record["smaller-networks"]) == {"full", "thin"}
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


def test_sizes_stand_beside_the_scores(request_of, tmp_path):
    request = replace(request_of, rows=("full", "thin"), fractions=(1.0,))
    reproduce(request, tmp_path / "out")
    record = json.loads((tmp_path / "out" / "report.json").read_text())["sections"]
    assert set(record["smaller-networks"]) == {"full", "thin"}
    assert record["smaller-networks"]["thin"]["n_weights"] > 0
    assert "skipped" in record["ablations"]


def test_runs_have_names_of_their_own():
    assert RunKey("full", 10, 1.0).name == "full-10"
    assert RunKey("full", 10, 0.25).name == "full-10-25"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rows": ("nothing",)}, "rows must be some of"),
        ({"rows": ("full", "full")}, "rows must be given once"),
        ({"seeds": ()}, "seeds must be given once"),
        ({"fractions": (0.0,)}, "fractions in"),
        ({"steps": (0, 1)}, "steps must be"),
        ({"notes": ""}, "need --notes"),
    ],
)
def test_requests_that_cannot_be_are_refused(request_of, changes, message):
    with pytest.raises(ConfigError, match=message):
        replace(request_of, **changes)


def test_excerpts_of_every_split_are_needed(request_of, mixes, tmp_path):
    write_manifest(mixes.slice(0, 3), tmp_path / "mixes" / "manifest.parquet")
    with pytest.raises(InputError, match="no labelled excerpt is in split valid"):
        reproduce(request_of, tmp_path / "out")


def test_networks_have_the_published_sizes(request_of):
    plain = replace(request_of, changes=(), steps=None)
    assert size_of(plain, "full", n_classes=11).n_weights == pytest.approx(1.3e6, rel=0.05)
    light = size_of(plain, "shared-2-2-2-2", n_classes=11)
    assert light.n_weights == pytest.approx(519e3, rel=1e-3)
    assert light.multiply_adds < size_of(plain, "shared-3-4-6-3", n_classes=11).multiply_adds


def test_every_row_has_a_recipe_and_published_rows_are_rows():
    for row in {*ABLATIONS, *SIZES}:
        build_recipe(recipe_layers(ROWS[row].recipe))
    assert set(PUBLISHED) <= set(ROWS)
