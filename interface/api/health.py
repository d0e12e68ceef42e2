"""/healthz: alive; /readyz: database and projection within bounds; /metrics: Prometheus."""

from __future__ import annotations

import os
import time

from eventsourcing.persistence import PersistenceError
from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from interface.api.asking import shown, views

bp = Blueprint("health", __name__)

MOST_BEHIND_SECONDS = 30

REQUESTS = Counter("qingxin_requests_total", "HTTP requests by route, method and status", ["route", "method", "status"])
SECONDS = Histogram("qingxin_request_seconds", "Seconds a request took, by route", ["route"])


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return shown({"status": "ok"})


@bp.get("/readyz")
def readyz() -> Response:
    """The database answers, the projection is not far behind, and no event is set aside."""
    try:
        state = views().health()
    except PersistenceError:
        return shown({"status": "unavailable", "database": False}, 503)
    behind = float(state["seconds"] or 0)
    ready = behind <= MOST_BEHIND_SECONDS and not state["set_aside"]
    body = {
        "status": "ready" if ready else "degraded",
        "database": True,
        "seq": state["seq"],
        "lag": state["lag"],
        "behind_seconds": round(behind, 3),
        "set_aside": state["set_aside"],
    }
    return shown(body, 200 if ready else 503)


@bp.get("/metrics")
def metrics() -> Response:
    """Requests of all workers, and how far the projection is behind."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    now = CollectorRegistry()
    try:
        state = views().health()
    except PersistenceError:
        state = None
    Gauge("qingxin_database_up", "Whether the database answers", registry=now).set(state is not None)
    if state:
        Gauge("qingxin_projection_lag_events", "Events not projected yet", registry=now).set(state["lag"])
        Gauge("qingxin_projection_lag_seconds", "Age of the oldest of them", registry=now).set(
            float(state["seconds"] or 0)
        )
        Gauge("qingxin_journal_seq", "Last event projected", registry=now).set(state["seq"])
        Gauge("qingxin_events_set_aside", "Events that could not be projected", registry=now).set(state["set_aside"])
    return Response(generate_latest(registry) + generate_latest(now), content_type=CONTENT_TYPE_LATEST)


def watch(app: Flask) -> None:
    """Count and time every request."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "none"
        REQUESTS.labels(route, request.method, response.status_code).inc()
        if began := g.get("began"):
            SECONDS.labels(route).observe(time.perf_counter() - began)
        return response
