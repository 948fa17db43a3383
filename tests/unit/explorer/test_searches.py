import os
import signal
from concurrent.futures import wait

import pytest

from timbrespace.errors import InputError, TimbrespaceError
from timbrespace.explorer.searches import Searches

NO_FILTERS = {"words": "", "ranges": {}, "only": {}, "tags": [], "weights": {}, "vector": None}


def liking(*ids, n=5):
    return {"like": list(ids), "unlike": [], "n": n} | NO_FILTERS


@pytest.fixture(scope="module")
def searches(shared_library):
    searches = Searches(shared_library)
    yield searches
    searches.close()


def test_what_is_asked_at_once_is_answered_as_if_alone(searches, ids):
    futures = [searches.submit(liking(number, n=1 + number % 7)) for number in ids]
    wait(futures)
    for number, future in list(zip(ids, futures, strict=True))[::9]:
        alone = searches.submit(liking(number, n=1 + number % 7)).result()
        assert future.result()["id"] == alone["id"]
        assert future.result()["score"] == pytest.approx(alone["score"], abs=1e-3)  # of 16 bits
        assert len(alone["id"]) == 1 + number % 7


def test_a_bad_query_spoils_no_other(searches, ids):
    futures = [searches.submit(liking(number)) for number in (*ids[:5], 10**6, *ids[5:9])]
    with pytest.raises(InputError, match="1000000"):
        futures[5].result()
    assert all(len(future.result()["id"]) == 5 for future in futures[:5] + futures[6:])


def test_a_process_that_dies_is_started_again(searches, ids):
    searches.submit(liking(ids[0])).result()
    os.kill(searches._worker.pid, signal.SIGSTOP)
    future = searches.submit(liking(ids[0]))
    os.kill(searches._worker.pid, signal.SIGKILL)
    with pytest.raises(TimbrespaceError, match="has died"):
        future.result()
    assert len(searches.submit(liking(ids[0])).result()["id"]) == 5


def test_what_was_asked_before_the_end_is_answered(shared_library, ids):
    searches = Searches(shared_library)
    future = searches.submit(liking(ids[0]))
    searches.close()
    assert len(future.result(timeout=0)["id"]) == 5
