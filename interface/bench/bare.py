"""The least a counter could be: one INSERT through a pool, and an answer; or one SELECT, and a page.  Served by gunicorn beside ours."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, request
from psycopg_pool import ConnectionPool

from interface.bench.ground import INSERT

app = Flask(__name__)
pool: ConnectionPool[Any] = ConnectionPool(
    os.environ.get("DATABASE_URL", ""), min_size=1, max_size=4, kwargs={"autocommit": True}, open=False
)


@app.get("/healthz")
def healthz() -> dict[str, bool]:
    return {"ok": True}


@app.get("/page")
def page() -> str:
    pool.open()
    with pool.connection() as connection:
        [now] = connection.execute("SELECT now()::text", prepare=True).fetchone()
    return f"<!doctype html><title>bare</title><p>{now}</p>"


@app.post("/api/cases/<uuid:record>/note")
def note(record: Any) -> tuple[dict[str, int], int, dict[str, str]]:
    version = int(request.headers["If-Match"].strip('"')) + 1
    request.get_json()
    pool.open()
    with pool.connection() as connection:
        [position] = connection.execute(
            INSERT, (record, version, "CaseNoted", request.get_data()), prepare=True
        ).fetchone()
    return {"position": position}, 201, {"ETag": f'"{version}"'}
