import json
from dataclasses import replace

import pyarrow.compute as pc
import pytest
from rich.progress import Progress

from timbrespace.errors import ConfigError, InputError, TimbrespaceError
from timbrespace.manifest import write_manifest
from timbrespace.reproduction.zhong2023 import reproduce_tagging
from timbrespace.reproduction.zhong2023.paper import ABLATIONS, PUBLISHED, ROWS, SIZES
from timbrespace.reproduction.zhong2023.plan import RunKey
from timbrespace.training import build_recipe
from timbrespace.training.recipes import recipe_layers


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
    with pytest.raises(ConfigError, match=r"another request: steps was \[2, 3\], now \[2, 4\]\."):
        reproduce(replace(request_of, steps=(2, 4)), tmp_path / "out")
    reproduce(replace(request_of, rows=("full", "no-effects"), fractions=(1.0,)), tmp_path / "out")
    record = json.loads((tmp_path / "out" / "report.json").read_text())["sections"]
    assert set(record["ablations"]) == {"full", "no-effects"}
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


def test_sizes_stand_beside_the_scores_under_the_name_of_the_network(request_of, tmp_path):
    kept = [change for change in request_of.changes if "backbone" not in change]
    request = replace(
        request_of,
        rows=("full", "reduced-2-2-2-2"),
        fractions=(1.0,),
        changes=(*kept, "encoder.backbone.init_args={stem_stride: 2, channels: [16, 16, 16, 16]}"),
    )
    reproduce(request, tmp_path / "out")
    record = json.loads((tmp_path / "out" / "report.json").read_text())["sections"]
    sizes = record["smaller-networks"]
    assert set(sizes) == {"full", "reduced-2-2-2-2"}
    assert sizes["full"]["n_weights"] > sizes["reduced-2-2-2-2"]["n_weights"] > 0
    assert sizes["full"]["network"] == "3-4-6-3 blocks, 16-16-16-16 channels"
    assert "skipped" in record["ablations"]
    assert "519 thousand" not in (tmp_path / "out" / "report.html").read_text()


def test_a_request_that_fails_leaves_the_folder_to_the_next(request_of, mixes, tmp_path):
    out, place = tmp_path / "out", tmp_path / "no-test"
    write_manifest(mixes.filter(pc.not_equal(mixes["split"], "test")), place / "manifest.parquet")
    for changes, message in (
        ({"excerpts": str(tmp_path / "nowhere")}, "nowhere"),
        ({"excerpts": str(place)}, "no labelled excerpt is in split test"),
        ({"notes": str(tmp_path / "nothing.parquet")}, "nothing.parquet"),
        ({"changes": ("nonsense=3",)}, "nonsense: no such setting"),
        ({"tuning": ("nonsense=3",)}, "nonsense: no such setting"),
    ):
        with pytest.raises(TimbrespaceError, match=message):
            reproduce(replace(request_of, **changes), out)
    done = reproduce(replace(request_of, rows=("scratch",), fractions=(1.0,)), out)
    assert done.page.is_file()
    with pytest.raises(ConfigError, match=f"excerpts was '{tmp_path}/mixes', now 'elsewhere'"):
        reproduce(replace(request_of, excerpts="elsewhere"), out)


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


def test_every_row_has_a_recipe_and_published_rows_are_rows():
    for row in {*ABLATIONS, *SIZES}:
        build_recipe(recipe_layers(ROWS[row].recipe))
    assert set(PUBLISHED) <= set(ROWS)
