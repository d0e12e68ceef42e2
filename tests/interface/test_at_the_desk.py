"""What an officer meets at the desk: files, what an input method types, a form that has expired, an address that makes no sense."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from tests.conftest import RECEIVED
from tests.interface.conftest import DISCIPLINE, OFFICE, text_of

HTMX = {"HX-Request": "true"}
PDF = b"%PDF-1.7\n" + b"x" * 3_000_000


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.partition("<main")[2] or page)
    names = ((re.search(r'name="([^"]+)"', field), re.search(r'value="([^"]*)"', field)) for field in hidden)
    return {name[1]: unescape(value[1]) for name, value in names if name and value}


def upload(window: Any, address: str, data: dict[str, Any], **more: Any) -> Any:
    """Send a form with files, encoded in memory: the test client would leave the temporary file open that it sends from."""
    files = {
        name: FileStorage(part[0], part[1], content_type=(*part, None)[2])
        for name, part in data.items()
        if isinstance(part, tuple)
    }
    body, _length, boundary = stream_encode_multipart({**data, **files}, use_tempfile=False)
    return window.client.post(
        address, data=body.read(), content_type=f'multipart/form-data; boundary="{boundary}"', **more
    )


class TestAFile:
    def test_of_more_than_a_mebibyte_is_attached(self, window, counter, ids):
        looking, address = window(), f"/cases/{ids['case']}/do/attach"
        said = {**form_of(looking.see(address)), "on": "2026-03-10", "title": "花名册"}

        answer = upload(looking, address, data={**said, "file": (io.BytesIO(PDF), "花名册.pdf", "application/pdf")})

        assert answer.status_code == 303, text_of(answer.text)
        assert "花名册" in looking.see(f"/cases/{ids['case']}")

    def test_that_is_too_large_or_empty_is_told_once_with_the_limit(self, window, ids):
        looking, address = window(), f"/cases/{ids['case']}/do/attach"
        said = {**form_of(looking.see(address)), "on": "2026-03-10", "title": "花名册"}

        large = upload(
            looking, address, data={**said, "file": (io.BytesIO(PDF[:9] + b"x" * 23_000_000), "a.pdf")}, headers=HTMX
        )
        empty = upload(
            looking, address, data={**said, "file": (io.BytesIO(b""), "a.pdf", "application/pdf")}, headers=HTMX
        )

        assert large.status_code == 413
        assert "20 MiB" in large.text
        assert large.headers["HX-Retarget"] == "#fault", "the form stays as it is"
        assert "<html" not in large.text
        assert empty.status_code == 422
        assert text_of(empty.text).count("文件是空的") == 1

    def test_of_exports_is_screened(self, window, ids):
        looking, address = window("body_head"), f"/projects/{ids['project']}/do/screen"
        said = {**form_of(looking.see(address)), "on": "2026-03-10", "source_platform": "实名制平台"}
        lines = "项目名称,姓名\n" + "别的项目,张三\n" * 90_000

        answer = upload(
            looking, address, data={**said, "attendance": (io.BytesIO(lines.encode()), "考勤.csv", "text/csv")}
        )

        assert answer.status_code != 413, text_of(answer.text)[:300]

    def test_is_for_those_who_are_signed_in(self, window, ids):
        answer = upload(
            window(None), f"/cases/{ids['case']}/do/attach", data={"file": (io.BytesIO(PDF), "a.pdf")}, headers=HTMX
        )

        assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#fault")

    def test_of_other_forms_has_the_limit_of_a_form(self, window, ids):
        answer = upload(window(), f"/cases/{ids['case']}/do/note", data={"text": "x" * 1_100_000})

        assert answer.status_code == 413
        assert "1 MiB" in text_of(answer.text)


class TestWhatAnInputMethodTypes:
    def test_is_what_was_meant(self, window, counter, catch_up):
        looking = window("intake")
        said = {
            **form_of(looking.see("/intake")), "on": "２０２６年3月2日", "channel": "petition", "division": "620502", "complainant_kind": "complaint",
            "employer-name": "渭河（天水）建筑有限公司", "employer-uscc": "９１１１００００６０００３７３４１ｌ", "persons_claimed": "１２", "amount_claimed": "￥１，２００．５０元",
            "period_from": "2026/1", "period_to": "2026年2月", "summary": "拖欠工资，共１２人；请查处",
        }  # fmt: skip

        answer = looking.client.post("/intake", data=said)
        catch_up()
        row = counter.ask("GET", "/api/cases", "intake").json[0]
        first = counter.ask("GET", f"/api/cases/{row['id']}/history", "intake").json[0]

        assert answer.status_code == 200, text_of(answer.text)
        assert row["employer"] == {"name": "渭河（天水）建筑有限公司", "uscc": "91110000600037341L"}
        assert (row["persons_claimed"], row["claimed"], row["summary"]) == (12, "1200.50", said["summary"]), (
            "free text stays"
        )
        assert (row["received_on"], first["data"]["period_from"], first["data"]["period_to"]) == (
            "2026-03-02",
            "2026-01",
            "2026-02",
        )

    def test_parts_officers_by_a_comma_of_any_width(self, window, counter, ids):
        looking, address = window(), f"/cases/{ids['case']}/do/inspect"
        said = {
            **form_of(looking.see(address)), "on": "2026-03-10", "kind": "verification", "inspectors": "lead.1，second.1；third.1",
            "finding": "true_arrears", "persons_confirmed": "14", "amount_confirmed": "110000",
        }  # fmt: skip

        answer = looking.client.post(address, data=said)
        entry = counter.ask("GET", f"/api/cases/{ids['case']}/history").json[-1]

        assert answer.status_code == 303, text_of(answer.text)
        assert entry["data"]["inspectors"] == ["lead.1", "second.1", "third.1"]

    def test_what_is_wrong_with_one_of_several_stands_beside_the_field(self, window, ids):
        looking, address = window(), f"/cases/{ids['case']}/do/inspect"
        said = {
            **form_of(looking.see(address)),
            "on": "2026-03-10",
            "inspectors": "lead.1、" + "长" * 300,
            "persons_confirmed": "-1",
        }

        page = looking.client.post(address, data=said, headers=HTMX).text

        assert 'id="inspectors-wrong"' in page
        assert re.search(r'id="persons_confirmed-wrong">应在 0 至', page)
        assert "/inspectors" not in text_of(page)


class TestAFormThatCameLate:
    def test_of_an_expired_token_is_good_again(self, window, counter, ids):
        looking, address = window(), f"/cases/{ids['case']}/do/note"
        said = {**form_of(looking.see(address)), "text": "备注", "on": "2026-03-10"}

        late = looking.client.post(address, data={**said, "csrf_token": "expired"}, headers=HTMX)
        token = re.search(r'data-token="([^"]+)"', late.text)
        again = looking.client.post(address, data={**said, "csrf_token": unescape(token[1])}, headers=HTMX)

        assert (late.status_code, late.headers["HX-Retarget"]) == (400, "#fault")
        assert again.headers["HX-Redirect"].startswith("/cases/")

    def test_of_a_session_that_ended_leads_back_to_the_form(self, window, ids):
        address = f"/cases/{ids['case']}/do/note"
        part = window(None).client.post(address, data={"text": "x"}, headers=HTMX)
        whole = window(None).client.post(address, data={"text": "x"})

        assert (part.status_code, "HX-Redirect" in part.headers) == (401, False)
        assert 'href="/sign-in?next=' in part.text
        assert whole.location == f"/sign-in?next={address}"

    def test_whose_command_is_used_up_gets_another(self, window, counter, ids):
        looking, address = window(), f"/cases/{ids['case']}/do/note"
        said = {**form_of(looking.see(address)), "text": "第一条备注", "on": "2026-03-10"}
        looking.client.post(address, data=said)

        changed = looking.client.post(address, data={**said, "text": "另一条备注"}, headers=HTMX)
        sent = looking.client.post(address, data={**said, **form_of(changed.text), "text": "另一条备注"})

        assert "Idempotency-Key" not in changed.text
        assert "另一条备注" in changed.text
        assert "第一条备注" in changed.text, "what was recorded first is shown"
        assert sent.status_code == 303, text_of(sent.text)

    def test_of_intake_leads_to_the_case_that_was_registered_first(self, window, counter):
        looking = window("intake")
        said = {
            **form_of(looking.see("/intake")), "on": "2026-03-02", "channel": "petition", "division": "620502", "complainant_kind": "complaint",
            "employer-name": "渭河建筑有限公司", "persons_claimed": "14", "summary": "拖欠工资",
        }  # fmt: skip
        first = looking.client.post("/intake", data=said).text
        number = re.search(r'id="number">([^<]+)', first)[1]

        changed = looking.client.post("/intake", data={**said, "summary": "拖欠工资三个月"})
        again = looking.client.post("/intake", data={**said, **form_of(changed.text), "summary": "拖欠工资三个月"})

        assert changed.status_code == 422
        assert f'href="/cases/{number}"' in changed.text
        assert "Idempotency-Key" not in changed.text
        assert again.status_code == 200
        assert f'id="number">{number}<' not in again.text


class TestAnAddress:
    @pytest.mark.parametrize(
        "address",
        ["/cases.csv?status=bogus", "/cases.xlsx?on=notadate", "/cases.csv?overdue=maybe", "/cases.csv?page=0", "/cases.csv?sort=x", "/cases.csv?unknown=1",
         "/cases.csv?division=999999", "/projects.csv?unattended=x", "/employers.xlsx?listed=maybe"],
    )  # fmt: skip
    def test_of_a_file_that_is_not_understood_gives_no_file(self, window, ids, address):
        page = window("body_head").see(address, 422)

        assert "填写有误" in page

    @pytest.mark.parametrize(
        ("query", "said"), [("page=0", "页"), ("page=abc", "页"), ("sort=x", "排序"), ("division=999999", "行政区划")]
    )
    def test_of_a_list_is_told_what_was_left_out(self, window, ids, query, said):
        for room in ("cases", "projects"):
            assert re.search(f"未采用.*{said}", text_of(window("body_head").see(f"/{room}?{query}"))), room

    def test_beyond_the_last_page_is_the_last_page(self, window, counter, catch_up):
        for n in range(51):
            counter.receive(summary=f"第{n}件")
        catch_up()

        assert "第 2 / 2 页" in text_of(window().see("/cases?page=99999"))

    def test_of_a_moment_at_the_end_of_time_is_one(self, window, ids):
        looking = window("body_head")
        for address in (
            "/cases",
            "/cases.csv",
            "/projects",
            f"/cases/{ids['case']}",
            f"/projects/{ids['project']}",
            f"/cases/{ids['case']}/difference",
        ):
            names = ("a_known", "b_known") if address.endswith("difference") else ("known",)
            answer = looking.ask(f"{address}?" + "&".join(f"{name}=9999-12-31T23:59:59Z" for name in names))
            assert answer.status_code == 200, (address, text_of(answer.text)[:200])

    @pytest.mark.parametrize(
        ("method", "address", "status"),
        [("GET", "/static/nowhere.css", 404), ("PUT", "/static/desk.css", 405), ("GET", "/healthzz", 404), ("PUT", "/healthz", 405),
         ("DELETE", "/readyz", 405), ("POST", "/metrics", 405), ("GET", "/static/", 404)],
    )  # fmt: skip
    def test_that_programs_ask_is_answered_without_a_session(self, window, method, address, status):
        assert window(None).client.open(address, method=method).status_code == status


class TestACharacterThatCannotBeKept:
    def test_is_in_no_account_and_in_no_name_of_a_view(self, window):
        stranger = window(None)
        said = form_of(stranger.see("/sign-in"))

        answer = stranger.client.post("/sign-in", data={**said, "name": "a\0b", "password": "x" * 20})

        assert answer.status_code == 401
        window().send("/views", 422, name="我\0的", list="cases", query="status=received")


class TestWhatIsSaidOfAFault:
    def test_names_the_field_and_not_its_pointer(self, window, ids):
        looking = window("body_head")
        status = looking.send("/status", 422, form_at="/status", number="", code="")

        assert 'id="code-wrong"' in status
        assert "/code" not in text_of(status)
        assert "截至" in text_of(looking.see("/board?on=nonsense", 422))
        assert 'id="year-wrong"' in looking.see("/numbers?year=abc", 422)

    def test_names_the_role_and_the_room_in_words(self, window):
        said = text_of(window("supervisor", OFFICE).see("/journal", 403))

        assert "supervisor" not in said
        assert "(journal)" not in said
        assert "journal" not in text_of(window("auditor", DISCIPLINE).see("/journal"))


class TestARecordThatAFormNames:
    def test_is_found_by_its_number_or_its_name(self, window, counter, ids, catch_up):
        looking, address = window("body_head"), "/trainings/new"
        page = looking.see(address)
        said = {
            **form_of(page),
            "on": "2026-03-10",
            "division": "620502",
            "kind": "policy",
            "topic": "条例",
            "attendance": "1",
            "leaflets": "1",
            "consultations": "1",
        }
        number = counter.ask("GET", f"/api/projects/{ids['project']}").json["number"]

        wrong = looking.client.post(address, data={**said, "projects": "没有这个项目"})
        sent = [
            looking.client.post(address, data={**said, **form_of(looking.see(address)), "projects": name})
            for name in ("安置房", number or "安置房")
        ]
        catch_up()

        assert "安置房" in page.partition('id="known-projects"')[2].partition("</datalist>")[0]
        assert wrong.status_code == 422
        assert "没有“没有这个项目”" in wrong.text.partition('id="projects-wrong"')[2]
        assert [answer.status_code for answer in sent] == [303, 303], text_of(sent[0].text)
        assert "安置房" in text_of(looking.see(sent[0].location))

    def test_that_the_address_names_is_shown_by_its_number(self, window, ids):
        page = window("body_head").see(f"/inspections/new?project_id={ids['project']}&draw={ids['draw']}")

        assert ids["project"] not in re.search(r'<input[^>]*name="project_id"[^>]*>', page)[0]
        assert ids["draw"] not in re.search(r'<input[^>]*name="draw"[^>]*>', page)[0]


class TestAPaper:
    def test_is_asked_for_only_where_the_kind_of_entry_has_one(self, window, counter, ids, catch_up):
        looking, address = window(), f"/cases/{ids['case']}/do/assign"
        dispatcher = window("dispatcher")
        page = dispatcher.see(address)

        assert 'data-kinds="forward task reassign"' in page
        assert 'name="issue" value="1">' in page, "not ticked by itself"
        said = {
            **form_of(page),
            "on": "2026-03-10",
            "kind": "joint_team",
            "to_office": OFFICE,
            "officers": "lead.1",
            "issue": "1",
        }
        answer = dispatcher.client.post(address, data=said)
        assert answer.status_code == 303, text_of(answer.text)
        assert "共同办理" in looking.see(f"/cases/{ids['case']}") or "联合" in looking.see(f"/cases/{ids['case']}")

    def test_is_made_for_what_a_complainant_is_to_bring(self, window, counter, decided):
        decided(suspension_allowed="1")
        case, looking = counter.receive(), window()
        address = f"/cases/{case['id']}/do/suspend"
        page = looking.see(address)
        assert 'data-told-by="clock" data-kinds="C01"' in page

        said = {"on": "2026-03-02", "clock": "C01", "reason": "补交考勤记录", "approved_by": "head.1", "issue": "1"}
        looking.client.post(address, data={**form_of(page), **said})

        assert "补正告知书" in text_of(looking.see(f"/cases/{case['id']}"))


class TestTheJournal:
    def test_is_searched_by_words_kind_number_and_office(self, window, counter, ids, catch_up):
        case = counter.receive(summary="塔吊司机的工资")
        counter.act(case, "note", text="已核对考勤表")
        catch_up()
        auditor = window("auditor", DISCIPLINE)

        def lines(query: str) -> list[str]:
            return re.findall(r'<a href="/journal\?record=([^"]+)', auditor.see(f"/journal?{query}"))

        assert lines("q=塔吊司机") == lines("q=考勤表") == [case["id"]]
        assert lines("q=summary") == []
        assert set(lines(f"record={case['number']}")) == {case["id"]}
        assert len(lines("office=秦州区人社局")) == len(lines(f"office={OFFICE}")) > 2
        assert case["id"] in lines("kind=petition&event=CaseReceived")
        assert lines("kind=nonsense") == []
        assert "没有该编号" in auditor.see("/journal?record=620502-2026-999999")
        assert "未采用" in auditor.see("/journal?mood=good")
        assert "未采用" in auditor.see("/oversight?mood=good")

    def test_offers_every_kind_of_entry_there_is_in_words(self, window):
        page = window("auditor", DISCIPLINE).see("/journal")
        offered = dict(
            re.findall(
                r'<option value="([^"]+)">([^<]+)</option>', page.partition('id="kind"')[2].partition("</select>")[0]
            )
        )

        assert {"onsite", "rectification", "police", "petition"} <= set(offered)
        assert all(re.search(r"[\u3400-\u9fff]", text) for text in offered.values()), offered

    def test_has_no_codes_among_its_choices(self, window):
        page = window("auditor", DISCIPLINE).see("/journal")

        assert "record_" not in re.sub(r'"[^"]*"', "", page)


class TestARecordThatIsSpokenOf:
    def test_is_called_by_its_number_wherever_it_is_within_sight(self, window, counter, ids, catch_up):
        body = {"on": "2026-03-02", **RECEIVED, "division": "620503"}
        first = counter.ask("POST", "/api/cases", "intake", office="620503-hrss", body=body).json
        here, link = counter.receive(), {"on": "2026-03-02", "to": first["id"], "reason": "同一事项。"}
        sent = counter.ask(
            "POST", f"/api/cases/{here['id']}/link", "office_head", office="620500-hrss", body=link, version=1
        )
        assert sent.status_code == 201, sent.text
        catch_up()
        address, linked = f"/cases/{here['id']}", re.compile(r"关联至(\S+)\(")

        def said(page: str) -> str:
            return linked.search(text_of(page))[1]

        city = window("office_head", "620500-hrss").see(address)
        assert said(city) == first["number"]
        assert "同一事项。。" not in city
        assert said(window("auditor", DISCIPLINE).see(f"/journal?record={here['number']}")) == first["number"]
        assert said(window().see(address)) == first["id"], "of another county: what it is called is not told"


class TestCodes:
    def test_are_words_on_a_board_and_in_a_file(self, window, counter, ids, catch_up):
        catch_up()
        looking = window("body_head")

        assert OFFICE not in looking.ask("/cases.csv").get_data(as_text=True)
        assert not re.search(r"\b(many_persons|large_yuan|fast_persons|from_above)\b", text_of(looking.see("/board")))

    def test_of_a_choice_that_is_none_are_words(self, window, ids):
        looking, address = window("dispatcher"), f"/cases/{ids['case']}/do/assign"
        page = looking.client.post(
            address, data={**form_of(looking.see(address)), "on": "2026-03-10", "kind": "nonsense"}
        ).text

        assert "转办" in page.partition('id="kind-wrong"')[2][:60]
        assert "joint_team" not in page.partition('id="kind-wrong"')[2][:60]


class TestWhoeverMayNotReadTheContact:
    def test_is_offered_no_way_there(self, window, counter, catch_up):
        case = counter.receive(complainant_kind="report", contact={"name": "张三", "phone": "13900001234"})
        catch_up()

        for role in ("inspector_lead", "body_head", "intake"):
            looking = window(role)
            offered = "/contact" in looking.see(f"/cases/{case['id']}")
            assert offered == (looking.ask(f"/cases/{case['id']}/contact").status_code == 200), role
