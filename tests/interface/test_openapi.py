"""The description of the API is valid, and true: schemathesis finds no fault and no answer it does not tell of."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from interface.api.records import PLURALS
from interface.app import create_app
from tests.conftest import Counter
from tests.interface.conftest import OPENING

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


def made() -> dict:
    """The description, made without a database."""
    return json.loads(create_app(lambda: None, lambda: None).extensions["openapi"])


DESCRIPTION = made()
OPERATIONS = [
    (path, method) for path, item in DESCRIPTION["paths"].items() for method in item if method in ("get", "post")
]


def test_is_valid_openapi_3_1():
    validate(DESCRIPTION)
    assert DESCRIPTION["openapi"].startswith("3.1")


def test_tells_of_every_route():
    app = create_app(lambda: None, lambda: None)
    routes = {
        str(rule).replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if str(rule).startswith("/api")
    }
    assert routes - {"/api/openapi.json", "/api/docs"} == set(DESCRIPTION["paths"])


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_tells_of_its_problems(path, method):
    answers = DESCRIPTION["paths"][path][method]["responses"]
    assert {"401", "403", "422"} <= set(answers)
    acts = method == "post" and ("{ref}" in path or "/rulebook/" in path) and not path.endswith("/contact")
    assert ("428" in answers) == acts == ("412" in answers)
    assert ("If-Match" in {parameter["name"] for parameter in DESCRIPTION["paths"][path][method]["parameters"]}) == acts
    assert ("429" in answers) == path.endswith("/status")


def test_page_shows_it_with_assets_of_our_own(counter: Counter):
    page = counter.ask("GET", "/api/docs", None)

    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    for asset in ("vendor/swagger-ui/swagger-ui.css", "vendor/swagger-ui/swagger-ui-bundle.js", "api-docs.js"):
        assert f"/static/{asset}" in page.text
        with counter.ask("GET", f"/static/{asset}", None) as sent:
            assert sent.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text


def opened(counter: Counter, path: str) -> str:
    """The id of a record for the routes of its sort."""
    sort = next((sort for sort, (plural, _) in PLURALS.items() if path.startswith(f"/api/{plural}")), None)
    if sort is None:
        return str(counter.receive(contact={"name": "张三"})["id"])
    body = {"on": "2026-03-10", "division": "620502", **OPENING[sort]}
    return str(counter.ask("POST", f"/api/{PLURALS[sort][0]}", "body_head", body=body).json["id"])


@pytest.fixture(scope="module")
def schema(app: Flask) -> Any:
    """The description as schemathesis reads it: once for all operations."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    return schema


@pytest.fixture(scope="module")
def known(schema: Any) -> FeedbackSources:
    """The values that stand in our own code, of which some are asked: looked for once, for that is a third of such a test."""
    return FeedbackSources(constants_value_source=make_constants_value_source(schema))


# hypothesis takes it for a strategy's own doing when another thread - the pool of connections, which waits a random while - draws meanwhile
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
class TestEveryAnswerIsAsDescribed:
    @pytest.mark.parametrize(("path", "method"), OPERATIONS)
    def test_whatever_is_asked(self, counter: Counter, catch_up, schema, known, path, method):
        ids = opened(counter, path)
        catch_up()
        operation = schema[path][method.upper()]
        audited = "journal" in path or "oversight" in path
        role, office = ("auditor", "620500-discipline") if audited else ("office_head", "620500-hrss")
        token = counter.token(role, office)

        @settings(
            max_examples=12 if path.startswith("/api/cases") else 6,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(operation.as_strategy(feedback=known))
        def asked(generated):
            if "ref" in generated.path_parameters:
                generated.path_parameters["ref"] = ids
            if "name" in generated.path_parameters:
                generated.path_parameters["name"] = "six-mechanisms"
            generated.headers = {**dict(generated.headers or {}), "Authorization": f"Bearer {token}"}
            generated.headers.pop("Position", None)
            generated.call_and_validate(checks=CHECKS)

        asked()
