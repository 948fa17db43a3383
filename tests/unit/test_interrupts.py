import os
import signal
import subprocess
import sys
import threading

import pytest

from timbrespace.interrupts import interrupts_held, starting_processes

BLOCKED = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"


@pytest.fixture(autouse=True)
def heard():
    """Ctrl-C is heard, also where the tests run with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def elsewhere():
    """A thread that may take the signal in place of the main one."""
    thread = threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT))
    thread.start()
    thread.join()


@pytest.mark.parametrize("hold", [interrupts_held, starting_processes])
@pytest.mark.parametrize("interrupt", [lambda: signal.raise_signal(signal.SIGINT), elsewhere])
def test_an_interrupt_comes_after_the_body(hold, interrupt):
    done = []

    def body():
        with hold():
            interrupt()
            done.append(sum(range(1_000)))

    with pytest.raises(KeyboardInterrupt):
        body()
    assert done == [499_500]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    ("hold", "blocked"), [(interrupts_held, False), (starting_processes, True)]
)
def test_processes_that_are_started_hear_no_interrupt(hold, blocked):
    with hold():
        said = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True)
    assert said.stdout.strip() == str(blocked)


def test_where_interrupts_are_ignored_they_stay_so():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interrupts_held():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_another_thread_may_hold_them():
    done = []

    def body():
        with interrupts_held():
            done.append(True)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    assert done == [True]
