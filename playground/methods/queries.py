"""Methods that answer presses and inline queries."""

import json
from typing import Any

from playground.forms import Call
from playground.refusals import Violation, bad_request
from playground.telegram import Telegram

Json = dict[str, Any]

ANSWER_TEXT = 200
QUERY_SECONDS = 150
INLINE_RESULTS = 50
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(telegram: Telegram, call: Call) -> bool:
    """Answer a press once, within about 150 seconds, with at most 200 characters."""
    text = call.text("text")
    if len(text) > ANSWER_TEXT:
        raise Violation("MESSAGE_TOO_LONG")
    number = call.text("callback_query_id")
    query = telegram.queries.get(number)
    if query is None or query.answer is not None:
        raise bad_request(_TOO_OLD)
    if telegram.clock.now().timestamp() - query.asked > QUERY_SECONDS:
        raise bad_request(_TOO_OLD)
    query.answer = {"text": text, "show_alert": call.flag("show_alert"), "url": call.text("url")}
    telegram.answered.ring()
    telegram.tell(query.person_id, {"type": "answer", "callback_query_id": number, **query.answer})
    return True


def answer_inline_query(telegram: Telegram, call: Call) -> bool:
    """Keep the answer to an inline query: at most 50 results, ids of 1 to 64 bytes, each once."""
    results = call.structure("results")
    if not isinstance(results, list):
        raise Violation("can't parse results: an Array of InlineQueryResult is expected")
    if len(results) > INLINE_RESULTS:
        raise Violation("RESULTS_TOO_MUCH")
    ids = [str(r.get("id", "")) if isinstance(r, dict) else "" for r in results]
    if not all(1 <= len(i.encode()) <= 64 for i in ids):
        raise Violation("RESULT_ID_INVALID")
    if len(set(ids)) != len(ids):
        raise Violation("RESULT_ID_DUPLICATE")
    if len(json.dumps(results, ensure_ascii=False)) > 1_000_000:
        raise Violation("RESULTS_TOO_MUCH")
    telegram.inline_answers[call.text("inline_query_id")] = {"results": results}
    telegram.answered.ring()
    return True


METHODS = {"answerCallbackQuery": answer_callback_query, "answerInlineQuery": answer_inline_query}
