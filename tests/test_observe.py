"""The figures for Prometheus, read back by its own parser."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from kgpub.web.counters import Answers


@pytest.fixture(scope="module")
def samples() -> dict[tuple[str, str], float]:
    answers = Answers()
    for seconds in (0.001, 0.0011, 0.2, 99.0):
        answers.note("sparql", 200, seconds)
    answers.note("sparql", 503, 0.004)
    answers.note("page", 200, 0.004)
    registry = CollectorRegistry()
    registry.register(answers)
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {(one.name, " ".join(one.labels.values())): one.value for family in families for one in family.samples}


@pytest.mark.parametrize(
    ("name", "labels", "value"),
    [
        ("kgpub_requests_total", "sparql 200", 4),
        ("kgpub_requests_total", "sparql 503", 1),
        ("kgpub_requests_total", "page 200", 1),
        ("kgpub_request_seconds_bucket", "sparql 0.001", 1),  # a bucket holds its border
        ("kgpub_request_seconds_bucket", "sparql 0.0025", 2),
        ("kgpub_request_seconds_bucket", "sparql 0.005", 3),
        ("kgpub_request_seconds_bucket", "sparql 30.0", 4),
        ("kgpub_request_seconds_bucket", "sparql +Inf", 5),
        ("kgpub_request_seconds_count", "sparql", 5),
        ("kgpub_request_seconds_count", "page", 1),
        ("kgpub_request_seconds_sum", "page", 0.004),
    ],
)
def test_a_figure(samples: dict[tuple[str, str], float], name: str, labels: str, value: float) -> None:
    assert samples[name, labels] == value
