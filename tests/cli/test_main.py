import os
import subprocess
import sys

import pytest

from timbrespace.cli import COMMANDS, main


def test_help_names_every_command(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in COMMANDS)


def test_help_is_there_after_a_command_named_as_a_builtin(capsys):
    assert main(["map", "--embeddings", "absent.csv", "--out", "a.gif"]) == 2
    assert main(["--help"]) == 0
    assert "Commands:" in capsys.readouterr().out


def test_no_command_is_wrong_usage(capsys):
    assert main([]) == 2
    assert "usage: timbrespace" in capsys.readouterr().out


def test_an_unknown_command_lists_the_known_ones(capsys):
    assert main(["lern"]) == 2
    assert "no command 'lern'; commands are corpora, render" in capsys.readouterr().err


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("timbrespace 0.")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_teaches(name, capsys):
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    out = capsys.readouterr().out
    assert f"timbrespace {name}" in out
    assert "Exit code" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_is_wrong_usage(name, capsys):
    with pytest.raises(SystemExit) as stop:
        main([name, "--no-such-option"])
    assert stop.value.code == 2
    assert "no-such-option" in capsys.readouterr().err


def test_help_loads_no_heavy_library():
    heavy = "{'numpy', 'torch', 'pyarrow', 'lightning', 'matplotlib'}"
    for name in COMMANDS:
        code = (
            "import sys; from timbrespace.cli import main\n"
            f"try: main([{name!r}, '--help'])\nexcept SystemExit: pass\n"
            f"sys.stderr.write(str({heavy} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.stderr == "set()", name


def run(code, **options):
    """Run `code` in Python of its own with the command line at hand."""
    code = f"import sys; from timbrespace.cli import main; {code}"
    return subprocess.run(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, **options
    )


@pytest.mark.parametrize("command", ["--help", "corpora list", "verify --help"])
def test_a_reader_that_leaves_ends_a_command_quietly(command):
    reader, writer = os.pipe()
    os.close(reader)
    done = run(f"sys.exit(main({command.split()}))", stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_error_of_the_system_is_one_line(tmp_path):
    (tmp_path / "read-only").touch()
    with (tmp_path / "read-only").open() as unwritable:
        done = run("sys.exit(main(['corpora', 'list']))", stdout=unwritable)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Bad file descriptor" in done.stderr


def test_letters_that_a_terminal_lacks_are_replaced():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = run("sys.exit(main(['verify', '--help']))", stdout=subprocess.PIPE, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "each instrument ?" in done.stdout
