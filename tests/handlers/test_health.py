"""What operators see of the bot, and that it is nobody's business but numbers."""

import json
import re
from pathlib import Path

import aiohttp
import yaml

from handlers import metrics
from tests.conftest import amity_running
from tests.making import agreed

MONITORING = Path(__file__).parents[2] / "docs" / "monitoring"


async def get(address: str | None, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}{path}") as response:
        return response.status, await response.text()


async def test_health_tells_the_last_poll_the_queues_and_the_oldest_notice(tmp_path: Path) -> None:
    async with amity_running(tmp_path, listen="127.0.0.1:0") as amity:
        await agreed(amity.telegram, "Ming Example")
        status, text = await get(amity.service.web_address, "/healthz")
        told = json.loads(text)
    assert status == 200, told
    assert told["well"] is True
    assert told["leads"] is True
    assert 0 <= told["last_good_poll_seconds"] < 30
    assert (told["updates_waiting"], told["notices_due"], told["oldest_notice_due_seconds"]) == (0, 0, 0)


async def test_metrics_count_what_happened_and_name_nobody(tmp_path: Path) -> None:
    async with amity_running(tmp_path, listen="127.0.0.1:0") as amity:
        await agreed(amity.telegram, "Ming Example")
        status, text = await get(amity.service.web_address, "/metrics")
    assert status == 200
    assert re.search(r'^amity_updates_total\{outcome="decided"\} [1-9]', text, re.M)
    assert re.search(r'^amity_telegram_calls_total\{method="sendMessage",outcome="sent"\} [1-9]', text, re.M)
    assert "amity_leads 1.0" in text
    assert "Ming" not in text
    assert amity.telegram.token not in text


def test_the_board_and_the_alerts_ask_for_metrics_that_there_are() -> None:
    there = (
        {sample.name for family in metrics.REGISTRY.collect() for sample in family.samples}
        | {f"{family.name}_total" for family in metrics.REGISTRY.collect() if family.type == "counter"}
        | {f"{family.name}_bucket" for family in metrics.REGISTRY.collect() if family.type == "histogram"}
    )
    board = json.loads((MONITORING / "grafana.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text())
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    named = {name for one in asked for name in re.findall(r"\b(?:amity|process)_\w+", one)}
    assert len(named) >= 10
    assert named <= there
