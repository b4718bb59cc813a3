"""Figures for Prometheus. Those of the installation are asked of the database when they are asked for; each node tells its own disk and
its own search index. How long Django takes is counted by every process of a node into files that they share.
"""

import os
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from backnumber.monitoring import findings

SECONDS = Histogram(
    "backnumber_django_seconds",
    "How long Django took for a request; stored pages are sent without it.",
    ["status"],
    registry=None,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_HELP = {
    "disk_free_bytes": "Bytes that are free for the var folder of this node.",
    "database_up": "1 when the database answers.",
    "migrations_pending": "Migrations that are not applied.",
    "workers": "Workers heard of within the last minute.",
    "jobs_failed": "Jobs that failed for good in the last seven days.",
    "search_changes_behind": "Changes that the search index of this node has not heard of.",
    "mail_refused": "Mails that were refused in the last seven days.",
    "payments_differ": "Payments that differ from the providers' books and need a decision.",
    "tax_rates": "Countries and kinds that need a tax rate and have none.",
}
_STATES = {"ok": 0, "note": 1, "wrong": 2}


def as_text(now: datetime) -> bytes:
    """Promise: every figure, in the format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Findings(now))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(SECONDS)
    return generate_latest(registry)


class _Findings:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        attention = GaugeMetricFamily(
            "backnumber_attention",
            "0: all is well. 1: look at it. 2: something must be done.",
            labels=["what"],
        )
        for finding in findings.look(self.now):
            attention.add_metric([finding.name], _STATES[finding.state])
            if finding.value is not None:
                yield GaugeMetricFamily(
                    f"backnumber_{finding.name}", _HELP[finding.name], value=finding.value
                )
        yield attention
        try:
            age = findings.oldest_job_seconds(self.now)
        except DatabaseError:
            return
        yield GaugeMetricFamily(
            "backnumber_oldest_job_seconds", "How long the job due longest has waited.", value=age
        )
