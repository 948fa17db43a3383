import json

import pyarrow as pa
import pytest
import torch

from timbrespace.cli import main
from timbrespace.evaluation.tagging import f1_scores
from timbrespace.manifest import write_manifest
from timbrespace.models import Encoder, LogMel, ResNet, Statistics
from timbrespace.tagging import Tagger, TaggingNetwork, save_tagger


@pytest.fixture
def model(tmp_path):
    """A tagger that always says dull, never bright, and knows an oboe."""
    torch.manual_seed(0)
    encoder = Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1], channels=[16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=8,
    )
    network = TaggingNetwork.on(encoder, n_classes=3)
    torch.nn.init.zeros_(network.head[-1].weight)
    network.head[-1].bias.data = torch.tensor([2.0, -2.0, 2.0])
    tagger = Tagger(network, ["dull", "bright", "oboe"], [0.5, 0.5, 0.5])
    save_tagger(tagger, tmp_path / "tagger", name="toy")
    return tmp_path / "tagger"


def judge(manifest, folder, model, *options):
    write_manifest(manifest, folder / "mixes.parquet")
    return main(["judge", f"{folder}/mixes.parquet", "--model", str(model), *map(str, options)])


def test_a_tagger_is_judged_on_the_test_excerpts(mixes, model, tmp_path, capsys):
    assert judge(mixes, tmp_path, model, "--out", tmp_path / "judged") == 0
    out = capsys.readouterr().out
    test = mixes.filter(pa.array([split == "test" for split in mixes["split"].to_pylist()]))
    labels = test["labels"].to_pylist()
    truth = [["dull" in said, "bright" in said] for said in labels]
    expected = f1_scores(truth, [[True, False]] * len(labels))
    assert f"│ {len(labels)} " in out
    assert f"│ {expected.micro:.3f} " in out
    names = [line.split()[1] for line in out.splitlines() if line.startswith("│")]
    assert names == [str(len(labels)), "dull", "bright"]
    assert "Not judged, none of the excerpts: 'oboe'." in out
    sections = json.loads((tmp_path / "judged" / "report.json").read_text())["sections"]
    assert sections["scores"]["f1_micro"] == pytest.approx(expected.micro)
    assert (tmp_path / "judged" / "figures" / "roc.svg").is_file()


def test_another_split_another_threshold_and_classes_of_the_corpus_only(
    mixes, model, tmp_path, capsys
):
    rows = mixes.to_pylist()
    for row in rows:
        row["labels"] = [*row["labels"], "tuba"]
    strange = pa.Table.from_pylist(rows, schema=mixes.schema)
    assert judge(strange, tmp_path, model, "--split", "valid", "--threshold", "0.9") == 0
    out = capsys.readouterr().out
    assert "Not judged, no class of the tagger: 'tuba'." in out
    assert "│ 0.000 " in out.splitlines()[3]


def test_all_are_judged_where_there_are_no_splits(mixes, model, tmp_path, capsys):
    rows = [row | {"split": None} for row in mixes.to_pylist()[:6]]
    assert judge(pa.Table.from_pylist(rows, schema=mixes.schema), tmp_path, model) == 0
    assert "│ 6 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--threshold", "2"], "--threshold must be from 0 to 1"),
        (["--model", "nowhere"], "no such file"),
    ],
)
def test_what_cannot_be_judged_is_told(mixes, model, tmp_path, capsys, options, message):
    assert judge(mixes, tmp_path, model, *options) == 2
    assert message in capsys.readouterr().err


def test_excerpts_of_other_classes_are_refused(mixes, model, tmp_path, capsys):
    rows = [row | {"labels": ["tuba"]} for row in mixes.to_pylist()]
    assert judge(pa.Table.from_pylist(rows, schema=mixes.schema), tmp_path, model) == 2
    assert "none of the classes of the excerpts, tuba, is one" in capsys.readouterr().err


def test_a_split_without_excerpts_is_told(mixes, model, tmp_path, capsys):
    rows = [row | {"split": "valid"} for row in mixes.to_pylist()]
    assert judge(pa.Table.from_pylist(rows, schema=mixes.schema), tmp_path, model) == 2
    assert "no labelled excerpt is of split 'test'; there are" in capsys.readouterr().err
