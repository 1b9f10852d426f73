"""What operators watch, as Prometheus reads it: numbers alone, nobody's name and nobody's words.

Metrics belong to the process, as Prometheus has it: several bots in one process would be counted together.
"""

from collections import Counter as Counted
from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from storage.notices import Settled

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

updates = Counter(
    "amity_updates",
    "Updates from Telegram that were seen through, by outcome.",
    ["outcome"],
    registry=REGISTRY,
)
answering_seconds = Histogram(
    "amity_answering_seconds",
    "From taking an update in hand until its answer has arrived at Telegram.",
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
    registry=REGISTRY,
)
notices = Counter(
    "amity_notices",
    "What was owed and is settled, by kind and outcome.",
    ["kind", "outcome"],
    registry=REGISTRY,
)
calls = Counter(
    "amity_telegram_calls",
    "Calls of the Bot API, by method and outcome.",
    ["method", "outcome"],
    registry=REGISTRY,
)
updates_waiting = Gauge(
    "amity_updates_waiting", "Updates that are stored and not decided, 10,000 at most.", registry=REGISTRY
)
replies_waiting = Gauge(
    "amity_replies_waiting", "Answers that are decided and not sent, 10,000 at most.", registry=REGISTRY
)
notices_due = Gauge("amity_notices_due", "Notices that could leave by now, up to 10,000.", registry=REGISTRY)
oldest_due_seconds = Gauge(
    "amity_oldest_notice_due_seconds", "For how long the oldest of these has been due.", registry=REGISTRY
)
last_good_poll_seconds = Gauge(
    "amity_last_good_poll_seconds",
    "Seconds since Telegram last answered a poll or confirmed the webhook; -1 if it never has.",
    registry=REGISTRY,
)
leads = Gauge("amity_leads", "1 where this process sends what is owed, else 0.", registry=REGISTRY)
in_hand = Gauge("amity_updates_in_hand", "Updates that this process is at.", registry=REGISTRY)


# What is counted at each call is looked up once.
_counted_calls: dict[tuple[str, str], Counter] = {}
OUTCOMES = {
    "Sent": "sent",
    "Blocked": "blocked",
    "Refused": "refused",
    "Held": "held",
    "NotSent": "not_sent",
    "Unknown": "unknown",
}


def count_settled(settled: Iterable[Settled]) -> None:
    for (kind, outcome), many in Counted((one.notice.kind, one.state) for one in settled).items():
        notices.labels(kind, outcome).inc(many)


def count_call(method: str, outcome: str) -> None:
    """Count a call by what became of it, as the wire names it."""
    found = _counted_calls.get((method, outcome))
    if found is None:
        found = _counted_calls[method, outcome] = calls.labels(method, OUTCOMES[outcome])
    found.inc()


def written() -> bytes:
    """All of them in Prometheus' text format."""
    return generate_latest(REGISTRY)
