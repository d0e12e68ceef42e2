"""Searching the journal: window by window, so that nobody waits; together the windows are the whole journal."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from projections.searching import search
from projections.views import NotACursor, Views
from tests.conftest import MONDAY, Desk

CITY = "6205"


@pytest.fixture
def journal(desk: Desk, catch_up) -> None:
    for n in range(12):
        desk.receive(summary="塔吊司机的工资" if n in (0, 7) else f"第{n}件", on=MONDAY if n % 2 else date(2026, 2, 2))
    catch_up()


def every(views: Views, limit: int = 5, **filters) -> tuple[list[int], int]:
    """The numbers of all that is found, and how many pages it took; no page has time for a second window."""
    found, pages, cursor = [], 0, None
    while pages == 0 or cursor:
        answer = search(views, filters, divisions=CITY, limit=limit, cursor=cursor, seconds=0, windows=(3, 4))
        assert len(answer.rows) <= limit
        found, pages, cursor = found + [row["seq"] for row in answer.rows], pages + 1, answer.further
    return found, pages


class TestTheJournal:
    @pytest.mark.parametrize("limit", [1, 2, 3, 5, 50])
    def test_is_told_whole_and_each_line_once_however_it_is_cut(self, views: Views, journal, limit):
        found, _ = every(views, limit)

        assert found == sorted(found, reverse=True) == list(dict.fromkeys(found))
        assert len(found) == 12

    def test_is_looked_through_window_by_window_for_a_rare_word(self, views: Views, journal):
        found, pages = every(views, q="塔吊司机")

        assert len(found) == 2
        assert pages > 2
        assert len(search(views, {"q": "塔吊司机"}, divisions=CITY, limit=5).rows) == 2, "with time enough all at once"

    def test_says_at_its_end_that_there_is_no_more(self, views: Views, journal):
        assert every(views, q="没有这样的话")[0] == []
        assert search(views, {"q": "没有这样的话"}, divisions=CITY, limit=5).further is None

    @pytest.mark.parametrize("who", [{"officer": "intake.1"}, {"officer": "nobody.1"}, {"record": UUID(int=0)}])
    def test_of_an_officer_or_a_record_is_one_question(self, views: Views, journal, who):
        class Asked(Views):
            times = 0

            def ask(self, query, *, again=True):
                self.times += 1
                return super().ask(query, again=again)

        asked = Asked(views.connections)
        found = search(asked, who, divisions=CITY, limit=50)

        assert (len(found.rows), found.further, asked.times) == (12 if who.get("officer") == "intake.1" else 0, None, 1)

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ({"on": MONDAY}, 6), ({"to": date(2026, 2, 28)}, 6), ({"from": date(2026, 2, 28)}, 6), ({"recorded_on": date(2001, 1, 1)}, 0),
            ({"kind": "petition", "event": "CaseReceived"}, 12), ({"division": "620502"}, 12), ({"division": "620503"}, 0),
            ({"q": '塔吊"'}, 0), ({"q": "summary"}, 0), ({"q": "91110000600037341l"}, 12), ({"q": "%"}, 0),
        ],
    )  # fmt: skip
    def test_is_asked_for_a_day_a_kind_a_place_and_words_in_large_or_small_letters(
        self, views: Views, journal, asked, count
    ):
        assert len(every(views, **asked)[0]) == count

    def test_knows_no_cursor_that_it_did_not_give(self, views: Views, journal):
        with pytest.raises(NotACursor):
            search(views, {}, divisions=CITY, limit=5, cursor="x")
