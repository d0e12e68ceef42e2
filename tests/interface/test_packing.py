"""Answers are compressed for who takes them so - and never where a stranger could learn from their length."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from interface.packing import packed

ASKED = {"Accept-Encoding": "gzip, deflate, br"}
STATIC = Path(__file__).parents[2] / "interface" / "static"


@pytest.fixture
def browser(at_work: Flask) -> FlaskClient:
    return at_work.test_client()


class TestPacking:
    def test_a_page_says_the_same_packed_or_not(self, browser: FlaskClient):
        plain, packed = browser.get("/sign-in"), browser.get("/sign-in", headers=ASKED)

        def without_token(page: bytes) -> bytes:
            return re.sub(rb'name="csrf_token" value="[^"]+"', b"", page)

        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
        assert without_token(gzip.decompress(packed.data)) == without_token(plain.data)
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert {"Accept-Encoding", "Cookie"} <= packed.vary.as_set(preserve_casing=True)

    def test_what_the_api_answers_is_left_as_it_is_for_its_etag_is_a_version(self, browser: FlaskClient):
        answer = browser.get("/api/openapi.json", headers=ASKED)

        assert "Content-Encoding" not in answer.headers

    def test_a_file_of_ours_is_packed_and_known_again(self, browser: FlaskClient):
        path = "/static/vendor/bootstrap/bootstrap.min.css"
        answer = browser.get(path, headers=ASKED)

        assert gzip.decompress(answer.data) == (STATIC / "vendor/bootstrap/bootstrap.min.css").read_bytes()
        assert answer.headers["ETag"].startswith("W/")
        with browser.get(path, headers={**ASKED, "If-None-Match": answer.headers["ETag"]}) as again:
            assert (again.status_code, again.data) == (304, b"")

    @pytest.mark.parametrize(
        "headers",
        [
            {}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0"}, {**ASKED, "Sec-Fetch-Site": "cross-site"},
            {**ASKED, "Sec-Fetch-Site": "same-site"},
        ],
    )  # fmt: skip
    def test_who_takes_nothing_packed_or_was_sent_by_another_site_gets_it_plain(self, browser: FlaskClient, headers):
        answer = browser.get("/sign-in", headers=headers)

        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers

    def test_small_answers_and_answers_to_forms_stay_plain(self, browser: FlaskClient):
        for answer in (
            browser.get("/healthz", headers=ASKED),
            browser.post("/sign-in", headers=ASKED, data={"name": "x", "password": "y"}),
            browser.get("/nowhere", headers=ASKED),
        ):
            assert "Content-Encoding" not in answer.headers

    def test_the_length_of_a_page_varies_by_chance(self):
        data = b"<p>" + b"x" * 5000
        lengths = {len(packed(data, padding)) for padding in range(100)}

        assert len(lengths) > 90
        assert all(gzip.decompress(packed(data, padding)) == data for padding in range(100))
