"""Which function words each kind of notice; a new kind is one line here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from handlers import (
    cover_notices,
    desk_member_notices,
    desk_notices,
    desk_topics,
    event_notices,
    feedback,
    hold_notices,
    hours_notices,
    letters,
    place_notices,
    quiz_notices,
    shift_notices,
    visit_notices,
    volunteer_notices,
)
from handlers.organise import (
    applications,
    broadcast_approval,
    broadcast_edits,
    broadcast_notices,
    broadcast_polls,
    broadcast_report,
    hold_alerts,
    missed_notices,
    team,
)
from handlers.organise import shift_notices as organise_shift_notices
from handlers.owing import Later, Reading
from handlers.replies import Reply
from storage import Transaction
from storage.notices import Owed

# Words a notice for its reader by what is true now; None when it is not true any more and isn't sent.
Word = Callable[[Owed, Transaction, Reading], Awaitable[Reply | Later | None]]
# Writes down what has to be remembered of a notice that was sent: the id of each message it became.
Remember = Callable[[Owed, Transaction, int], Awaitable[None]]
# Decides what follows when a notice has not arrived, or nobody knows whether it has.
NotArrived = Callable[[Owed, Transaction, datetime], Awaitable[None]]

WORDS: Mapping[str, Word] = {
    "event_reminder": event_notices.remind,
    "broadcast_report": broadcast_report.tell_report,
    "broadcast_changed": broadcast_report.tell_changed,
    "broadcast_alarm": broadcast_report.tell_alarm,
    "broadcast_review": broadcast_approval.tell_waiting,
    "broadcast_approved": broadcast_approval.tell_approved,
    "broadcast_returned": broadcast_approval.tell_returned,
    "broadcast_corrected": broadcast_approval.tell_corrected,
    "broadcast_correct": broadcast_edits.tell_correction,
    "broadcast_recall": broadcast_edits.tell_recall,
    "broadcast_poll": broadcast_polls.tell,
    "seat_freed": place_notices.tell_seat_freed,
    "place_offered": place_notices.tell_offered,
    "offer_ended": place_notices.tell_offer_ended,
    "application_new": applications.tell_new,
    "application_approved": place_notices.tell_approved,
    "application_refused": place_notices.tell_refused,
    "place_taken_back": place_notices.tell_refused,
    "event_merged": place_notices.tell_moved,
    "person_moved": place_notices.tell_moved,
    "person_added": place_notices.tell_added,
    "event_changed": event_notices.tell_changed,
    "event_cancelled": event_notices.tell_cancelled,
    "events_held": hold_notices.tell_held,
    "events_resumed": hold_notices.tell_resumed,
    "events_still_held": hold_alerts.tell,
    "newsletter": letters.tell,
    "role_given": team.tell_given,
    "role_taken": team.tell_taken,
    "shift_reminder": shift_notices.remind,
    "reminders_missed": missed_notices.tell,
    "shift_changed": shift_notices.tell_changed,
    "shift_cancelled": shift_notices.tell_cancelled,
    "shift_approved": volunteer_notices.tell_approved,
    "shift_refused": volunteer_notices.tell_refused,
    "leader_named": volunteer_notices.tell_leader,
    "certificate_accepted": volunteer_notices.tell_certificate_accepted,
    "certificate_refused": volunteer_notices.tell_certificate_refused,
    "certificate_expiring": volunteer_notices.warn_of_expiry,
    "shift_wanted": cover_notices.ask_to_take,
    "cover_wanted": cover_notices.ask_to_take,
    "cover_found": cover_notices.tell_cover_found,
    "cover_ended": cover_notices.tell_cover_ended,
    "swap_asked": cover_notices.ask_swap,
    "swap_agreed": cover_notices.tell_swapped,
    "swap_refused": cover_notices.tell_not_swapped,
    "swap_ended": cover_notices.tell_not_swapped,
    "shift_unfilled": organise_shift_notices.tell_unfilled,
    "shift_freed": organise_shift_notices.tell_unfilled,
    "shift_applied": organise_shift_notices.tell_applied,
    "certificate_given": organise_shift_notices.tell_certificate,
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
    "feedback": feedback.ask,
    "desk_question": desk_notices.put_question,
    "desk_follow_up": desk_notices.put_follow_up,
    "desk_note": desk_notices.note,
    "desk_answer": desk_member_notices.bring_answer,
    "desk_closed": desk_member_notices.tell_closed,
    "quiz_over": quiz_notices.tell_over,
    "quiz_result": quiz_notices.tell_result,
    "desk_reopened": desk_member_notices.tell_reopened,
    "desk_barred": desk_member_notices.tell_barred,
    "desk_delayed": desk_member_notices.tell_delayed,
    "desk_waiting": desk_notices.remind,
    "desk_gone": desk_notices.tell_gone,
    "desk_topic": desk_topics.open_topic,
    "desk_topic_turn": desk_topics.turn,
}

# Those of which many are worded alike are worded together: the replies come in the notices' order.
WordTogether = Callable[[Sequence[Owed], Transaction, Sequence[Reading]], Awaitable[Sequence[Reply | None]]]
TOGETHER: Mapping[str, WordTogether] = {"broadcast": broadcast_notices.tell_all}

# These make no sound and wait for no morning.
UNHEARD = frozenset({"broadcast_correct", "broadcast_recall"})

# Besides news: what may have arrived and would be confusing a second time is never sent again.
ONCE_AT_MOST = frozenset({"desk_question", "desk_follow_up", "desk_note", "desk_answer", "desk_topic"})
# Nor are these after a crash, when nobody knows whether they had left.
NEVER_TWICE = frozenset({"desk_topic"})

AFTERWARDS: Mapping[str, Remember] = {
    "desk_question": desk_notices.remember,
    "desk_follow_up": desk_notices.remember,
    "desk_note": desk_notices.remember,
    "desk_answer": desk_notices.remember,
    "desk_waiting": desk_notices.remember,
    "desk_topic": desk_topics.remember,
    "broadcast_poll": broadcast_polls.remember,
}

NOT_ARRIVED: Mapping[str, NotArrived] = {
    "desk_answer": desk_member_notices.not_delivered,
    "desk_topic": desk_topics.not_opened,
    "desk_topic_turn": desk_topics.not_turned,
}
