from timbrespace.cli import doctor, main


def test_what_is_needed_is_there(capsys):
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    for part in (
        "torch",
        "audio files",
        "default tagger",
        "FluidSynth",
        "SoundFonts",
        "scikit-learn",
    ):
        assert part in out


def broken():
    raise ImportError("libbroken.so: cannot open")


def test_something_needed_that_is_missing_fails_and_says_what_to_do(capsys, monkeypatch):
    check = doctor._Check("part", broken, "install it")
    monkeypatch.setattr(doctor, "_CHECKS", (check,))
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "libbroken" in out
    assert "install it" in out


def test_something_optional_that_is_missing_does_not_fail(capsys, monkeypatch):
    check = doctor._Check("part", broken, "install 'it[all]'", needed=False)
    monkeypatch.setattr(doctor, "_CHECKS", (check,))
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "absent" in out
    assert "'it[all]'" in out
