"""The API as a program at a hotline, an officer and an auditor meet it."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from application import accounts, tokens
from application.database import connect
from application.office import today
from domain.powers import Actor
from tests.conftest import FACTS, RECEIVED, Counter

ON = "2026-03-02"


def wire(step: str, **more):
    """The facts of an ordinary act as they travel."""
    return json.loads(json.dumps({**FACTS[step], **more}, default=str)) | (
        {"from": FACTS[step]["from_"]} if step == "answer" else {}
    )


class TestReceiving:
    def test_answers_with_the_case_its_version_and_where_it_is(self, counter: Counter):
        answer = counter.ask("POST", "/api/cases", "intake", body={"on": ON, **RECEIVED})

        assert answer.status_code == 201
        assert answer.headers["ETag"] == '"1"'
        assert answer.headers["Location"] == f"/api/cases/{answer.json['id']}"
        assert answer.headers["Position"].isdigit()
        assert (answer.json["status"], answer.json["version"], answer.json["claimed"]) == ("received", 1, "120000.00")
        assert answer.json["event"]["event"] == "CaseReceived"
        assert "assign" in answer.json["may"]

    def test_with_a_key_sent_again_is_answered_to_the_letter(self, counter: Counter):
        body = {"on": ON, **RECEIVED, "contact": {"name": "张三", "phone": "13912345678"}}
        first = counter.ask("POST", "/api/cases", "intake", body=body, Idempotency_Key="k-1")
        again = counter.ask("POST", "/api/cases", "intake", body=body, Idempotency_Key="k-1")
        other = counter.ask("POST", "/api/cases", "intake", body={**body, "persons_claimed": 15}, Idempotency_Key="k-1")

        assert (first.data, first.headers["ETag"], first.headers["Position"]) == (
            again.data,
            again.headers["ETag"],
            again.headers["Position"],
        )
        assert (other.status_code, other.json["type"]) == (422, "urn:qingxin:key-reused")

    def test_keeps_the_contact_out_of_the_answer(self, counter: Counter):
        case = counter.receive(contact={"name": "张三", "phone": "13912345678"})

        assert "张三" not in json.dumps(case, ensure_ascii=False)


class TestTheEightActions:
    def test_each_answers_with_its_event_and_the_case_replays(self, counter: Counter, catch_up):
        case, events = counter.receive(), ["CaseReceived"]
        for step, role in (
            ("assign", "dispatcher"), ("file", "inspector_lead"), ("inspect", "inspector_lead"), ("order", "inspector_lead"),
            ("serve", "inspector_lead"), ("pay", "inspector_lead"), ("refer", "inspector_lead"), ("close_owing", "inspector_lead"),
            ("revisit", "revisit_officer"),
        ):  # fmt: skip
            late = {"on": "2026-03-16"} if step in ("refer", "close_owing", "revisit") else {}
            answer = counter.act(case, step.partition("_")[0], role, **wire(step, **late))
            assert answer.status_code == 201, answer.text
            case = answer.json["case"]
            events.append(answer.json["event"]["event"])
            assert answer.headers["ETag"] == f'"{case["version"]}"'
        catch_up()

        history = counter.ask("GET", f"/api/cases/{case['id']}/history").json
        assert [e["event"] for e in history] == events
        assert [e["version"] for e in history] == list(range(1, 11))
        assert all(e["seq"] and e["sentence"] and e["recorded_at"].endswith("Z") for e in history)
        assert case["status"] == "revisited"
        for query, status in (
            ("version=3", "filed"),
            ("on=2026-03-02", "ordered"),
            ("on=2026-03-12", "overdue"),
            (f"on={today()}", "revisited"),
        ):
            then = counter.ask("GET", f"/api/cases/{case['id']}?{query}")
            assert (then.status_code, then.json["status"], then.json["may"]) == (200, status, []), query
        known = history[4]["recorded_at"]
        then = counter.ask("GET", f"/api/cases/{case['id']}?known={known}").json
        assert (then["version"], then["ordered"], then["paid"]) == (5, "110000.00", "0.00")

    @pytest.mark.parametrize("ref", ["id", "number"])
    def test_a_case_is_found_by_its_id_or_its_number(self, counter: Counter, catch_up, ref):
        case = counter.receive()
        catch_up()

        assert counter.ask("GET", f"/api/cases/{case[ref]}").json["id"] == case["id"]


class TestRefusing:
    """Each with the right status and a sentence, and nothing stored."""

    @pytest.fixture
    def case(self, counter: Counter):
        return counter.receive()

    @pytest.mark.parametrize(
        ("status", "kind", "send"),
        [
            (409, "too-early", lambda c, k: c.act(k, "revisit", "revisit_officer", **wire("revisit"))),
            (409, "too-few-inspectors", lambda c, k: c.act(k, "file", **wire("file", inspectors=["lead.1"]))),
            (409, "approver-is-proposer", lambda c, k: c.act(k, "file", **wire("file", approved_by="lead.1"))),
            (403, "forbidden", lambda c, k: c.act(k, "file", "intake", **wire("file"))),
            (403, "forbidden", lambda c, k: c.act(k, "note", "auditor", text="x")),
            (404, "not-found", lambda c, k: c.ask("POST", f"/api/cases/{k['id']}/note", office="620503-hrss", version=1, body={"on": ON, "text": "x"})),
            (401, "unauthorized", lambda c, k: c.ask("POST", f"/api/cases/{k['id']}/note", None, version=1, body={"on": ON, "text": "x"})),
            (428, "if-match-missing", lambda c, k: c.ask("POST", f"/api/cases/{k['id']}/note", body={"on": ON, "text": "x"})),
            (412, "stale", lambda c, k: c.ask("POST", f"/api/cases/{k['id']}/note", version=7, body={"on": ON, "text": "x"})),
            (400, "if-match-malformed", lambda c, k: c.ask("POST", f"/api/cases/{k['id']}/note", body={"on": ON, "text": "x"}, If_Match="one")),
            (422, "fields", lambda c, k: c.act(k, "note", text="x", mood="good")),
            (422, "fields", lambda c, k: c.act(k, "note")),
            (422, "fields", lambda c, k: c.act(k, "note", text="x" * 4001)),
            (422, "fields", lambda c, k: c.act(k, "note", on="2026-02-30", text="x")),
            (422, "future-day", lambda c, k: c.act(k, "note", on=str(today() + timedelta(days=1)), text="x")),
            (422, "personal-data-in-text", lambda c, k: c.act(k, "note", text="电话13912345678")),
            (422, "fields", lambda c, k: c.act(k, "pay", **wire("pay", amount="-1.00"))),
            (422, "fields", lambda c, k: c.act(k, "pay", **wire("pay", amount="1.234"))),
            (422, "fields", lambda c, k: c.act(k, "pay", **wire("pay", amount=1.5))),
            (422, "fields", lambda c, k: c.act(k, "pay", **wire("pay", persons=True))),
            (422, "fields", lambda c, k: c.act(k, "pay", **wire("pay", kind="bribe"))),
            (422, "not-an-amount", lambda c, k: c.act(k, "pay", **wire("pay", amount="0.00"))),
            (404, "not-found", lambda c, k: c.ask("POST", f"/api/cases/{uuid4()}/note", version=1, body={"on": ON, "text": "x"})),
            (400, "key-malformed", lambda c, k: c.ask("POST", f"/api/cases/{k['id']}/note", version=1, body={"on": ON, "text": "x"}, Idempotency_Key="a b")),
        ],
    )  # fmt: skip
    def test_on_a_case(self, counter: Counter, case, status, kind, send):
        answer = send(counter, case)

        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
        assert answer.json["type"] == f"urn:qingxin:{kind}"
        assert len(answer.json["detail"]) > 5
        assert counter.ask("GET", f"/api/cases/{case['id']}").json["version"] == 1

    @pytest.mark.parametrize(
        ("facts", "pointer"),
        [
            ({"amount_claimed": "-1.00"}, "/amount_claimed"),
            ({"amount_claimed": "1.234"}, "/amount_claimed"),
            ({"employer": {"name": "x", "uscc": "91110000600037342L"}}, "/employer/uscc"),
            ({"employer": {"nam": "x"}}, "/employer/name"),
            ({"persons_claimed": "14"}, "/persons_claimed"),
            ({"channel": "pigeon"}, "/channel"),
            ({"contact": {"telephone": "1"}}, "/contact/telephone"),
            ({"on": None}, "/on"),
            ({"summary": "a\x00b"}, "/summary"),
        ],
    )
    def test_a_bad_field_is_pointed_at(self, counter: Counter, facts, pointer):
        answer = counter.ask("POST", "/api/cases", "intake", body={"on": ON, **RECEIVED, **facts})

        assert answer.status_code == 422
        assert pointer in [error["pointer"] for error in answer.json["errors"]]
        assert counter.ask("GET", "/api/cases", "intake").json == []

    def test_another_division_is_not_ones_own_to_receive(self, counter: Counter):
        assert (
            counter.ask("POST", "/api/cases", "intake", body={"on": ON, **RECEIVED, "division": "620503"}).status_code
            == 403
        )

    @pytest.mark.parametrize(
        ("data", "media", "status"),
        [
            (b"{bad", "application/json", 400),
            (b"[" * 100_000, "application/json", 400),
            (b"\xff\xfe", "application/json", 400),
            (b"[]", "application/json", 422),
            (b"null", "application/json", 422),
            (b"x=1", "application/x-www-form-urlencoded", 415),
            (b'{"a": "' + b"x" * 1_100_000 + b'"}', "application/json", 413),
        ],
    )
    def test_a_body_that_is_none(self, counter: Counter, case, data, media, status):
        answer = counter.client.post(
            f"/api/cases/{case['id']}/note", data=data, content_type=media,
            headers={"Authorization": f"Bearer {counter.token('inspector_lead')}", "If-Match": '"1"'},
        )  # fmt: skip

        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text

    def test_speaks_the_askers_language(self, counter: Counter, case):
        chinese = counter.act(case, "revisit", "revisit_officer", **wire("revisit")).json["detail"]
        english = counter.ask("POST", f"/api/cases/{case['id']}/revisit", "revisit_officer", version=1, body={"on": ON, **wire("revisit")},
                              Accept_Language="en").json["detail"]  # fmt: skip

        assert "尚未结案" in chinese
        assert "until it has been closed" in english

    def test_a_revoked_token_is_refused_at_once(self, counter: Counter, url):
        from application import tokens
        from application.database import connect

        counter.token("intake")
        with connect(url, "owner") as connection:
            tokens.revoke(connection, 1)

        assert counter.ask("GET", "/api/cases", "intake").status_code == 401


class TestTheRegister:
    @pytest.fixture
    def filled(self, counter: Counter, catch_up):
        cases = [counter.receive(project=name) for name in ("安置房二期", "滨河路改造", "引水支渠")]
        counter.act(cases[0], "assign", "dispatcher", **wire("assign"))
        catch_up()
        return cases

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 3), ("q=滨河", 1), ("q=河", 3), ("q=%25", 0), ("q=620502-2026", 3), ("status=assigned", 1), ("status=overdue", 0),
            ("channel=petition", 3), ("division=620500", 3), ("division=620503", 0), ("from=2026-03-03", 0), ("to=2026-03-02", 3),
            ("officer=lead.1", 1), ("employer=91110000600037341L", 3), ("overdue=false", 3), ("overdue=true", 0),
            ("on=2026-03-01", 0), ("on=2026-03-02", 3), ("known=2020-01-01", 0),
        ],
    )  # fmt: skip
    def test_is_filtered_by_the_query(self, counter: Counter, filled, query, count):
        answer = counter.ask("GET", f"/api/cases?{query}")

        assert (answer.status_code, len(answer.json)) == (200, count)

    def test_is_paged_by_links(self, counter: Counter, filled):
        address, seen = "/api/cases?limit=2", []
        while address:
            answer = counter.ask("GET", address)
            seen += [case["id"] for case in answer.json]
            link = answer.headers.get("Link", "")
            address = link[1 : link.index(">")] if 'rel="next"' in link else ""

        assert seen == [case["id"] for case in reversed(filled)]

    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=501", "cursor=nonsense", "colour=red", "from=yesterday", "status=lost"]
    )
    def test_refuses_a_query_that_makes_no_sense(self, counter: Counter, query):
        assert counter.ask("GET", f"/api/cases?{query}").status_code == 422

    def test_read_with_a_position_waits_until_it_is_there(self, counter: Counter, url):
        from tests.projections.test_projector import running

        projector, thread = running(url)
        try:
            for _ in range(5):
                answer = counter.ask("POST", "/api/cases", "intake", body={"on": ON, **RECEIVED})
                listed = counter.ask("GET", "/api/cases", Position=answer.headers["Position"]).json
                assert answer.json["id"] in [case["id"] for case in listed]
        finally:
            projector.stop()
            thread.join()

    def test_read_with_a_position_that_never_comes_says_so(self, counter: Counter, monkeypatch):
        monkeypatch.setattr("interface.api.asking.WAIT_SECONDS", 0.05)

        assert counter.ask("GET", "/api/cases", Position="999").status_code == 503
        assert counter.ask("GET", "/api/cases", Position="soon").status_code == 400


class TestContacts:
    def test_are_read_for_a_purpose_and_the_reading_is_in_the_journal(self, counter: Counter, catch_up):
        case = counter.receive(contact={"name": "张三", "phone": "13912345678"})

        answer = counter.ask("POST", f"/api/cases/{case['id']}/contact", body={"purpose": "核实案情"})
        catch_up()

        assert answer.json == {"name": "张三", "phone": "13912345678"}
        [line] = counter.ask("GET", "/api/journal?event=PersonOpened", "auditor", office="620500-discipline").json
        assert (line["by"], line["data"]["purpose"]) == ("lead.1", "核实案情")

    @pytest.mark.parametrize(("role", "complainant", "status"), [
        ("inspector_second", "complaint", 200), ("inspector_second", "report", 403), ("inspector_lead", "report", 200),
        ("intake", "report", 200), ("auditor", "complaint", 200), ("auditor", "report", 403), ("legal_reviewer", "complaint", 403),
    ])  # fmt: skip
    def test_of_an_informant_are_for_fewer_eyes(self, counter: Counter, role, complainant, status):
        case = counter.receive(contact={"name": "张三"}, complainant_kind=complainant)

        assert (
            counter.ask("POST", f"/api/cases/{case['id']}/contact", role, body={"purpose": "核实案情"}).status_code
            == status
        )

    def test_that_were_never_given_are_not_found(self, counter: Counter):
        assert (
            counter.ask(
                "POST", f"/api/cases/{counter.receive()['id']}/contact", body={"purpose": "核实案情"}
            ).status_code
            == 404
        )


class TestAttachments:
    def attach(self, counter, case, data, name="工资表.pdf", media="application/pdf", **form):
        file = FileStorage(io.BytesIO(data), name, content_type=media)
        boundary, body = encode_multipart({"on": ON, "title": "工资表", **form, "file": file})
        return counter.client.post(
            f"/api/cases/{case['id']}/attach",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"Authorization": f"Bearer {counter.token('inspector_lead')}", "If-Match": '"1"'},
        )

    def test_come_back_by_their_fingerprint(self, counter: Counter):
        case, data = counter.receive(), b"%PDF-1.7 " + b"x" * 3_000_000
        answer = self.attach(counter, case, data)
        assert answer.status_code == 201, answer.text
        kept = answer.json["event"]["data"]

        back = counter.ask("GET", f"/api/cases/{case['id']}/attachments/{kept['sha256']}")

        assert (back.data, back.mimetype, kept["name"], kept["size"]) == (
            data,
            "application/pdf",
            "工资表.pdf",
            len(data),
        )
        assert back.headers["Content-Disposition"].startswith("attachment")
        assert (
            counter.ask(
                "GET", f"/api/cases/{case['id']}/attachments/{kept['sha256']}", office="620503-hrss"
            ).status_code
            == 404
        )

    @pytest.mark.parametrize(
        ("data", "name", "media", "status"),
        [
            (b"<script>", "a.html", "text/html", 422),
            (b"MZ", "a.pdf", "application/pdf", 422),
            (b"", "a.txt", "text/plain", 422),
            (b"%PDF-" + b"x" * 21_000_000, "a.pdf", "application/pdf", 413),
            (b"%PDF-1", "身份证620502197001010014.pdf", "application/pdf", 422),
        ],
    )
    def test_of_the_wrong_kind_are_refused(self, counter: Counter, data, name, media, status):
        case = counter.receive()

        assert self.attach(counter, case, data, name, media).status_code == status
        assert counter.ask("GET", f"/api/cases/{case['id']}").json["version"] == 1

    def test_need_a_form_with_its_fields(self, counter: Counter):
        assert self.attach(counter, counter.receive(), b"%PDF-1", mood="good").status_code == 422


class TestReports:
    def test_count_what_happened_in_the_window(self, counter: Counter, catch_up):
        case = counter.receive()
        for step in ("file", "inspect", "order", "serve", "pay", "pay_rest", "close", "revisit"):
            role = "revisit_officer" if step == "revisit" else "inspector_lead"
            case = counter.act(case, step.partition("_")[0], role, **wire(step)).json["case"]
        catch_up()

        values = counter.ask("GET", "/api/reports/six-mechanisms?from=2026-03-01&to=2026-03-31").json["values"]

        assert values == {
            "divisions_inspected": 1, "sites_supervised": 0, "employers_inspected": 1, "inspection_visits": 1, "rectification_orders": 1,
            "cases_publicised": 0, "employers_listed": 0, "clues_received": 1, "petitions_closed": 1, "first_answer_satisfaction": 100.0,
            "answered": 1, "asked": 1, "trainings": 0, "leaflets": 0, "consultations": 0, "discipline_referrals": 0,
            "police_referrals": 0, "arrears_recovered": "110000.00", "persons_paid": 14,
        }  # fmt: skip

    def test_of_an_empty_window_have_no_rate(self, counter: Counter):
        values = counter.ask("GET", "/api/reports/six-mechanisms?from=2020-01-01&to=2020-12-31").json["values"]

        assert (values["first_answer_satisfaction"], values["arrears_recovered"]) == (None, "0.00")

    def test_with_the_same_stamp_are_the_same_bytes(self, counter: Counter, catch_up):
        counter.receive()
        catch_up()
        first = counter.ask("GET", "/api/reports/six-mechanisms?from=2026-01-01&to=2026-12-31")
        counter.receive()
        catch_up()
        stamp = first.json["stamp"]

        again = counter.ask("GET", f"/api/reports/six-mechanisms?from=2026-01-01&to=2026-12-31&known={stamp['known']}")
        now = counter.ask("GET", "/api/reports/six-mechanisms?from=2026-01-01&to=2026-12-31")

        assert again.data == first.data
        assert now.json["values"]["clues_received"] == first.json["values"]["clues_received"] + 1

    def test_say_what_they_mean(self, counter: Counter):
        answer = counter.ask("GET", "/api/reports/six-mechanisms?explain=true").json

        assert set(answer["definitions"]) == set(answer["values"])

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("nothing", 404),
            ("six-mechanisms?from=2026-02-01&to=2026-01-01", 422),
            ("six-mechanisms?division=620503", 403),
            ("six-mechanisms?from=x", 422),
        ],
    )
    def test_refuse_what_makes_no_sense(self, counter: Counter, path, status):
        assert counter.ask("GET", f"/api/reports/{path}").status_code == status


class TestHealth:
    def test_is_told_without_a_token(self, counter: Counter, catch_up):
        assert counter.ask("GET", "/healthz", None).json == {"status": "ok"}
        assert counter.ask("GET", "/readyz", None).status_code == 200
        assert "qingxin_projection_lag_events" in counter.ask("GET", "/metrics", None).text

    def test_a_poisonous_event_is_an_alarm(self, counter: Counter, office, catch_up):
        import eventsourcing.persistence as es

        office.recorder.append([es.StoredEvent(uuid4(), 1, "CaseVanished", b"{}")])
        catch_up()

        answer = counter.ask("GET", "/readyz", None)
        assert (answer.status_code, answer.json["set_aside"]) == (503, 1)


def test_a_fault_tells_nothing_of_itself(counter: Counter, monkeypatch, capsys):
    monkeypatch.setattr("interface.api.cases.shown_case", lambda *a, **k: 1 / 0)

    answer = counter.ask("POST", "/api/cases", "intake", body={"on": ON, **RECEIVED, "contact": {"name": "张三"}})

    assert (answer.status_code, answer.json["type"]) == (500, "urn:qingxin:fault")
    assert "ZeroDivision" not in answer.text
    assert "张三" not in capsys.readouterr().err


class TestClocks:
    def test_explain_each_date(self, counter: Counter):
        case = counter.receive()
        case = counter.act(case, "file", **wire("file", on="2026-03-04")).json["case"]

        clocks = {clock["clock"]: clock for clock in counter.ask("GET", f"/api/cases/{case['id']}/clocks").json}

        assert (clocks["C01"]["started"], clocks["C01"]["due"], clocks["C01"]["stopped"], clocks["C01"]["state"]) == (
            "2026-03-02", "2026-03-09", "2026-03-04", "met",
        )  # fmt: skip
        assert (clocks["C02"]["due"], clocks["C02"]["state"]) == ("2026-06-01", "late")
        assert len(clocks["C02"]["derivation"]) > 3
        then = counter.ask("GET", f"/api/cases/{case['id']}/clocks?on=2026-03-10").json
        assert {c["clock"]: c["state"] for c in then}["C02"] == "running"

    def test_order_the_queue_by_urgency(self, counter: Counter, catch_up):
        fresh = counter.receive(on=str(today()))
        late = counter.receive()
        for case in (fresh, late):
            counter.act(case, "assign", "dispatcher", **wire("assign", on=str(today())))
        catch_up()

        queue = counter.ask("GET", "/api/queue").json

        assert [case["id"] for case in queue] == [late["id"], fresh["id"]]
        assert [case["clock"]["state"] for case in queue] == ["late", "running"]
        assert "file" in queue[0]["may"]
        assert counter.ask("GET", "/api/queue", "auditor", office="620500-discipline").json == []
        assert counter.ask("GET", "/api/queue", office="620503-hrss").json == []


class TestWhoApproved:
    def test_is_known_here_or_the_entry_says_that_they_are_not(self, counter: Counter, url):
        """A mayor may approve on paper; but an auditor sees at once that the name is nobody's here."""
        facts = {**FACTS["file"], "approved_by": "mayor.1"}
        unknown, known, gone = (counter.receive() for _ in range(3))

        answer = counter.act(unknown, "file", **facts)
        assert answer.json["event"]["warnings"] == ["approver_unknown"]
        assert answer.json["event"]["data"]["approved_by"] == "mayor.1"

        with connect(url, "owner") as connection:
            tokens.issue(connection, Actor("mayor.1", "lead_cadre", "620502-hrss", "620502"))
            assert counter.act(known, "file", **facts).json["event"]["warnings"] == []
            [token] = [each for each in tokens.listed(connection) if each.officer == "mayor.1"]
            assert tokens.revoke(connection, token.id)
            assert counter.act(gone, "file", **facts).json["event"]["warnings"] == ["approver_unknown"]
            accounts.add(
                connection, "mayor", "correct horse battery", Actor("mayor.1", "lead_cadre", "620502-hrss", "620502")
            )
            assert accounts.on_the_roll(connection, "mayor.1")
        history = counter.ask("GET", f"/api/cases/{unknown['id']}/history").json
        assert [event["warnings"] for event in history] == [[], ["approver_unknown"]], "as it was when it was recorded"
