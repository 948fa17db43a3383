import time

import pytest

from timbrespace.corpora.threads import in_threads


def test_results_keep_the_order_of_the_items() -> None:
    delays_s = [0.02, 0.0, 0.01]
    assert list(in_threads(lambda delay_s: time.sleep(delay_s) or delay_s, delays_s)) == delays_s


def test_items_not_begun_are_dropped_when_nobody_listens() -> None:
    begun: list[int] = []
    results = in_threads(lambda number: begun.append(number) or time.sleep(0.005), range(1000))
    next(results)
    results.close()
    assert len(begun) < 1000


def test_error_in_an_item_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda number: 1 / number, [1, 0]))
