"""What organisers do is written down, so that any of them can see later who did what.

No names and no texts of members are kept here: people are referred to, so that forgetting somebody
forgets them here too.
"""

from datetime import datetime
from typing import Final

from storage import Transaction, audit

# Every action that is written down. handlers/organise/history.py words each of them.
ACTIONS: Final = frozenset(
    {
        # About an event, by an organiser; `fields` are the names of what was changed.
        "event_created",
        "event_changed",
        "event_cancelled",
        "event_held",
        "event_resumed",
        "event_duplicated",
        "events_merged",
        "person_moved",
        "person_added",
        "person_removed",
        "approved",
        "refused",
        "question_added",
        "question_changed",
        "question_removed",
        "invitation_renewed",
        "plan_changed",
        "list_exported",
        "manifest_exported",
        "travellers_reminded",
        # For kinds of events; `of` says whether of them or of their shifts.
        "reminders_set",
        # By the clock.
        "details_purged",
        # At the door.
        "checked_in",
        "check_in_undone",
        # Groups and the team.
        "group_created",
        "group_changed",
        "group_deleted",
        "group_joined",
        "group_removed",
        "organiser_appointed",
        "organiser_dismissed",
        # Volunteers; `minutes` and `reason` with a correction.
        "shift_created",
        "shift_changed",
        "shift_cancelled",
        "shift_approved",
        "shift_refused",
        "leader_appointed",
        "leader_dismissed",
        "came_to_shift",
        "missed_shift",
        "shift_mark_undone",
        "volunteers_asked",
        "hours_corrected",
        "certificate_checked",
        # Messages to many.
        "newsletter_created",
        "newsletter_changed",
        "newsletter_paused",
        "newsletter_resumed",
        "newsletter_deleted",
        # Quizzes; the last is by the clock.
        "quiz_created",
        "quiz_changed",
        "quiz_opened",
        "quiz_closed",
        "quiz_deleted",
        "quiz_exported",
        "quiz_ended",
        "broadcast_started",
        "broadcast_paused",
        "broadcast_resumed",
        "broadcast_stopped",
        "broadcast_submitted",
        "broadcast_approved",
        "broadcast_returned",
        "broadcast_scheduled",
        "broadcast_unscheduled",
        "broadcast_corrected",
        "broadcast_recalled",
        "broadcast_sent_further",
        "broadcast_sent_again",
        "approval_wanted",
        "approval_not_wanted",
        # What the bot answers: `entry` is the question, `n` how many questions of members it concerns.
        "questions_attached",
        "questions_dismissed",
        "entry_added",
        "entry_deleted",
        "wording_added",
        "wording_removed",
        "answer_added",
        "answer_changed",
        "lesson_undone",
        # By the operator, from the command line.
        "calibrated",
        "calibration_undone",
        # The desk; `title` names a ready answer, `days` is 0 for a bar that somebody has to lift.
        "desk_hours_set",
        "desk_barred",
        "desk_bar_lifted",
        "ready_answer_created",
        "ready_answer_changed",
        "ready_answer_deleted",
        # By the clock: failures rose suddenly, or its hour had passed long ago.
        "broadcast_held",
    }
)


async def note(
    tx: Transaction,
    action: str,
    *,
    now: datetime,
    actor_id: int | None,
    event_id: int | None = None,
    shift_id: int | None = None,
    subject_id: int | None = None,
    **params: object,
) -> None:
    """Write down that the organiser (or, with None, the clock) did something, in the same transaction."""
    if action not in ACTIONS:
        raise ValueError(f"not an action that is written down: {action}")
    await audit.add(
        tx,
        action,
        now=now,
        actor_id=actor_id,
        event_id=event_id,
        shift_id=shift_id,
        subject_id=subject_id,
        params=params,
    )
