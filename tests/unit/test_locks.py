import subprocess
import sys

import pytest

from timbrespace.errors import InputError
from timbrespace.locks import exclusive

_HOLDER = """
import sys, time
from pathlib import Path
from timbrespace.locks import exclusive
with exclusive(Path(sys.argv[1]), work="testing"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_and_a_dead_one_leaves_no_lock(tmp_path):
    file = tmp_path / "new" / ".lock"
    command = [sys.executable, "-c", _HOLDER, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError, match=r"\.lock: another process is testing here"):
            exclusive(file, work="testing").__enter__()
        holder.kill()
    with exclusive(file, work="testing"):
        pass
