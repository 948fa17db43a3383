import pytest

from timbrespace.manifest import manifest_from_rows
from timbrespace.reproduction.plan import Plan, Request
from timbrespace.reproduction.scores import Scores
from timbrespace.reproduction.shi2022 import ABLATIONS, FRONT_ENDS
from timbrespace.reproduction.tables import eer_section, trained_section


def as_rows(scores, rows):
    """The same runs as runs of other rows."""
    return {protocol: Scores(of.found, rows) for protocol, of in scores.items()}


def test_a_table_has_its_rows_then_the_baseline(scores):
    (table,) = eer_section("ablations", "Table II.", ABLATIONS, scores).tables
    base, baseline = table.rows
    rates = [
        f"{100 * summary.mean:.2f} ± {100 * summary.deviation:.2f}"
        for summary in (scores[protocol].summaries["base"] for protocol in ("paper", "exhaustive"))
    ]
    assert [*base[:3], base[4]] == ["base", *rates, "2.935 (seed 100)"]
    low, high = map(float, base[3].split("–"))
    assert low < float(base[2].split(" ± ")[0]) < high
    assert baseline[0] == "MFCC statistics, not trained"
    assert "±" not in baseline[1]
    assert "mean over 3 seeds ± their standard deviation" in table.caption
    assert "60 target and 60 non-target trials a draw under “paper”" in table.caption


def test_the_record_holds_every_run_unrounded(scores):
    record = eer_section("ablations", "Table II.", ABLATIONS, scores).record
    assert record["base"]["published_eer"] == 0.02935
    found = scores["paper"].found["base-100"]
    assert record["base"]["paper"]["base-100"]["eers"] == found.eers


def test_numbers_that_are_not_known_are_not_invented(scores):
    rows = {"base-10": "base", "base-100": "mel80", "base-1000": "band-energy", "mfcc": "mfcc"}
    (table,) = eer_section("front-ends", "", FRONT_ENDS, as_rows(scores, rows)).tables
    published = [row[4] for row in table.rows]
    assert published == ["2.935 (seed 100)", "not available here", "–", "–"]


def test_a_table_without_rows_says_so(scores):
    rows = {name: "mel80" if name != "mfcc" else "mfcc" for name in scores["paper"].found}
    section = eer_section("ablations", "", ABLATIONS, as_rows(scores, rows))
    assert section.skipped == "none of its rows was asked for."


@pytest.fixture
def manifest():
    notes = [
        {"instrument": name, "split": split}
        for name, split in (("a", "train"), ("b", "train"), ("c", "test"), ("d", "test"))
        for _ in range(32)
    ]
    return manifest_from_rows({"id": str(k), "path": "x", **note} for k, note in enumerate(notes))


def test_what_was_trained_is_told_in_full(manifest):
    request = Request(sounds="s", corpus="nsynth", rows=("base",), seeds=(7,), budget_min=9.0)
    settings = ("sampling.batch_size=32", "schedule={epochs: null, steps: 50}")
    section = trained_section(
        Plan(request=request, settings=settings, step_s={"base": 0.25}), manifest
    )
    text = " ".join(section.text)
    for told in (
        "Sounds: nsynth, s.",
        "To train: 64 notes of 2 instruments; to test: 64 notes of 2 instruments.",
        "Seeds: 7. Time to train: 9 min in all.",
        "changed in every recipe: sampling.batch_size=32, schedule={epochs: null, steps: 50}.",
        "8 LDE centres",
    ):
        assert told in text
    assert section.tables[0].rows == [("base", "50", "32", "25", "0.25")]


def test_without_a_budget_the_recipe_tells_the_length(manifest):
    request = Request(sounds="m.parquet", rows=("base",))
    changes = ("sampling.batch_size=16",)
    section = trained_section(Plan(request=request, settings=changes), manifest)
    assert section.tables[0].rows == [("base", "120", "16", "30", "–")]
