"""Which function words each kind of notice; a new kind is one line here."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from handlers import desk_notices, event_notices, hours_notices, shift_notices, visit_notices
from handlers.organise import broadcast_notices, team
from handlers.owing import Reading
from handlers.replies import Reply
from storage import Transaction
from storage.notices import Owed

# Words a notice for its reader by what is true now; None when it is not true any more and isn't sent.
Word = Callable[[Owed, Transaction, Reading], Awaitable[Reply | None]]
# Writes down what has to be remembered of a notice that was sent: the id of each message it became.
Remember = Callable[[Owed, Transaction, int], Awaitable[None]]
# Decides what follows when a notice has not arrived, or nobody knows whether it has.
NotArrived = Callable[[Owed, Transaction, datetime], Awaitable[None]]

WORDS: Mapping[str, Word] = {
    "event_reminder": event_notices.remind,
    "broadcast": broadcast_notices.tell,
    "broadcast_report": broadcast_notices.report,
    "seat_freed": event_notices.tell_seat_freed,
    "event_changed": event_notices.tell_changed,
    "event_cancelled": event_notices.tell_cancelled,
    "role_given": team.tell_given,
    "role_taken": team.tell_taken,
    "shift_reminder": shift_notices.remind,
    "shift_changed": shift_notices.tell_changed,
    "shift_cancelled": shift_notices.tell_cancelled,
    "hours_corrected": hours_notices.tell_corrected,
    "who_came": hours_notices.ask_who_came,
    "details_needed": visit_notices.ask_details,
    "plan_changed": visit_notices.tell_plan_changed,
    "consent_needed": visit_notices.ask_consent,
    "consent_given": visit_notices.tell_given,
    "consent_refused": visit_notices.tell_refused,
    "consent_missing": visit_notices.tell_missing,
    "guardian_changed": visit_notices.tell_guardian_changed,
    "guardian_cancelled": visit_notices.tell_guardian_cancelled,
    "desk_question": desk_notices.put_question,
    "desk_follow_up": desk_notices.put_follow_up,
    "desk_note": desk_notices.note,
    "desk_answer": desk_notices.bring_answer,
    "desk_closed": desk_notices.tell_closed,
}

AFTERWARDS: Mapping[str, Remember] = {
    "desk_question": desk_notices.remember,
    "desk_follow_up": desk_notices.remember,
    "desk_note": desk_notices.remember,
    "desk_answer": desk_notices.remember,
}

NOT_ARRIVED: Mapping[str, NotArrived] = {
    "desk_answer": desk_notices.not_delivered,
}
