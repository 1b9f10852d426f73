"""Each thing that organisers do, in words."""

from collections.abc import Mapping

from markupsafe import Markup, escape

from bot.language import NATIVE_NAMES, Language, isolate
from handlers.kinds import kind_name
from handlers.organise.broadcast_history import tell_broadcast
from handlers.organise.lessons import tell_lesson
from storage.audit import Entry


def tell_action(entry: Entry, groups: Mapping[int, str], language: Language) -> Markup:
    """What was done, without who did it and with which event."""
    subject = isolate(entry.subject[:64]) if entry.subject else language.gettext("somebody")
    group = groups.get(entry.params.get("group", -1), language.gettext("a group"))
    said = _tell_event(entry, language)
    if said is None:
        said = _tell_people(entry, subject, group, language)
    if said is None:
        said = _tell_shift(entry, subject, language)
    if said is None:
        said = _tell_newsletter(entry, language)
    if said is None:
        said = tell_lesson(entry, language)
    if said is None:
        said = _tell_quiz(entry, language)
    if said is None:
        said = _tell_desk(entry, subject, language)
    if said is None:
        raise ValueError(f"an action without words: {entry.action}")
    return said


def _tell_event(entry: Entry, language: Language) -> Markup | None:
    match entry.action:
        case "event_created":
            return language.html("Published the event")
        case "event_changed":
            return _tell_changed(entry, language)
        case "event_cancelled":
            return language.html("Cancelled the event")
        case "event_held":
            return language.html("Put the event on hold")
        case "event_resumed":
            return language.html("Let the event take place after all")
        case "reminders_set":
            return _tell_reminders(entry, language)
        case "event_duplicated":
            return language.html("Made it as a copy of another event")
        case "events_merged":
            return language.html("Merged another event's list into this one")
        case "question_added":
            return language.html("Added a question")
        case "question_changed":
            return language.html("Changed a question")
        case "question_removed":
            return language.html("Removed a question")
        case "invitation_renewed":
            return language.html("Made a new invitation link")
        case "plan_changed":
            return language.html("Changed the visit's programme")
        case "list_exported":
            return language.html("Took the list as a file")
        case "manifest_exported":
            return language.html("Took the travellers' details as a file")
        case "details_purged":
            return language.html("Travellers' details and consents were deleted")
        case "travellers_reminded":
            return language.html("Asked travellers for the details that are missing")
        case _:
            return tell_broadcast(entry, language)


def _tell_newsletter(entry: Entry, language: Language) -> Markup | None:
    match entry.action:
        case "newsletter_created":
            return language.html("Made a newsletter")
        case "newsletter_changed":
            return language.html("Changed a newsletter")
        case "newsletter_paused":
            return language.html("Paused a newsletter")
        case "newsletter_resumed":
            return language.html("Went on with a newsletter")
        case "newsletter_deleted":
            return language.html("Deleted a newsletter")
        case _:
            return None


def _tell_quiz(entry: Entry, language: Language) -> Markup | None:
    match entry.action:
        case "quiz_created":
            return language.html("Made a quiz")
        case "quiz_changed":
            return language.html("Changed a quiz")
        case "quiz_opened":
            return language.html("Opened a quiz")
        case "quiz_closed":
            return language.html("Closed a quiz")
        case "quiz_deleted":
            return language.html("Deleted a quiz")
        case "quiz_ended":
            return language.html("The quiz closed at its time")
        case "quiz_exported":
            return language.html("Took a quiz's results as a file")
        case _:
            return None


def _tell_desk(entry: Entry, subject: str, language: Language) -> Markup | None:
    title = isolate(str(entry.params.get("title", ""))[:64])
    match entry.action:
        case "desk_hours_set":
            return language.html("Set the desk's hours")
        case "desk_barred":
            return language.html("Kept {name} from writing to the team", name=subject)
        case "desk_bar_lifted":
            return language.html("Let {name} write to the team again", name=subject)
        case "ready_answer_created":
            return language.html("Wrote the ready answer “{title}”", title=title)
        case "ready_answer_changed":
            return language.html("Changed the ready answer “{title}”", title=title)
        case "ready_answer_deleted":
            return language.html("Deleted the ready answer “{title}”", title=title)
        case _:
            return None


def _tell_changed(entry: Entry, language: Language) -> Markup:
    fields = [field_label(name, language) for name in entry.params.get("fields", ())]
    named = language.joined(list(dict.fromkeys(fields)))
    if not named:
        return language.html("Changed the event")
    locale = entry.params.get("locale")
    if locale in NATIVE_NAMES:
        return language.html("Changed: {fields} ({language})", fields=named, language=NATIVE_NAMES[locale])
    return language.html("Changed: {fields}", fields=named)


def _tell_reminders(entry: Entry, language: Language) -> Markup:
    kinds = language.joined([kind_name(language, kind) for kind in entry.params.get("kinds", ())])
    if entry.params.get("of") == "shift":
        return language.html("Set the usual reminders of shifts: {kinds}", kinds=kinds)
    return language.html("Set the usual reminders of events: {kinds}", kinds=kinds)


def _tell_people(entry: Entry, subject: str, group: str, language: Language) -> Markup | None:
    match entry.action:
        case "person_moved" if "to" in entry.params:
            return language.html("Moved {name} to another event", name=subject)
        case "person_moved":
            return language.html("Moved {name} here from another event", name=subject)
        case "person_added":
            return language.html("Signed {name} up", name=subject)
        case "person_removed":
            return language.html("Took {name} off the list", name=subject)
        case "approved":
            return language.html("Approved {name}", name=subject)
        case "refused":
            return language.html("Refused {name}", name=subject)
        case "checked_in":
            return language.html("Checked {name} in", name=subject)
        case "check_in_undone":
            return language.html("Took back the check-in of {name}", name=subject)
        case "group_created":
            return language.html("Made the group “{group}”", group=group)
        case "group_changed":
            return language.html("Changed the group “{group}”", group=group)
        case "group_deleted":
            return language.html("Deleted a group")
        case "group_joined":
            return language.html("Joined the group “{group}” by its link", group=group)
        case "group_removed":
            return language.html("Took {name} out of the group “{group}”", name=subject, group=group)
        case "organiser_appointed":
            return language.html("Made {name} an organiser", name=subject)
        case "organiser_dismissed":
            return language.html("Made {name} a member again", name=subject)
        case _:
            return None


def _tell_shift(entry: Entry, subject: str, language: Language) -> Markup | None:
    match entry.action:
        case "shift_created":
            return language.html("Added a shift")
        case "shift_changed":
            return language.html("Changed a shift")
        case "shift_cancelled":
            return language.html("Cancelled a shift")
        case "shift_approved":
            return language.html("Approved {name} for a shift", name=subject)
        case "shift_refused":
            return language.html("Refused {name} for a shift", name=subject)
        case "leader_appointed":
            return language.html("Made {name} a shift's leader", name=subject)
        case "leader_dismissed":
            return language.html("{name} leads the shift no more", name=subject)
        case "came_to_shift":
            return language.html("Marked {name} as come to the shift", name=subject)
        case "missed_shift":
            return language.html("Marked {name} as missing from the shift", name=subject)
        case "shift_mark_undone":
            return language.html("Took back whether {name} came to the shift", name=subject)
        case "volunteers_asked":
            return language.html("Asked volunteers to take a shift")
        case "hours_corrected":
            return _tell_hours(entry, subject, language)
        case "certificate_checked":
            if entry.params.get("accepted") is False:
                return language.html("Rejected a certificate of {name}", name=subject)
            return language.html("Checked a certificate of {name}", name=subject)
        case _:
            return None


def _tell_hours(entry: Entry, subject: str, language: Language) -> Markup:
    minutes = int(entry.params.get("minutes", 0))
    said = language.html("Corrected the hours of {name} by {n} minutes", name=subject, n=f"{minutes:+}")
    reason = str(entry.params.get("reason", ""))[:200]
    return said + Markup(": {}").format(escape(reason)) if reason else said


def field_label(name: str, language: Language) -> str:
    """What organisers call a column of an event; the same word for several that belong together."""
    match name:
        case "kind":
            return language.gettext("Kind")
        case "title":
            return language.gettext("Title")
        case "description":
            return language.gettext("Description")
        case "starts_at":
            return language.gettext("Start")
        case "ends_at":
            return language.gettext("End")
        case "zone":
            return language.gettext("Time zone")
        case "place":
            return language.gettext("Place")
        case "bring":
            return language.gettext("What to bring")
        case "latitude" | "longitude":
            return language.gettext("Map")
        case "online_url":
            return language.gettext("Online link")
        case "capacity" | "online_capacity":
            return language.gettext("Places")
        case "ways":
            return language.gettext("On the spot or online")
        case "companions" | "companion_names":
            return language.gettext("Companions")
        case "deadline_at":
            return language.gettext("Deadline")
        case "opens_at":
            return language.gettext("Opening")
        case "reminders":
            return language.gettext("Reminders")
        case "shift_reminders":
            return language.gettext("Reminders of shifts")
        case "audience" | "group_id":
            return language.gettext("For whom")
        case "approval" | "apply_again":
            return language.gettext("Approval")
        case "offer_minutes" | "smaller_first":
            return language.gettext("Waitlist")
        case "series_id":
            return language.gettext("Series")
        case "traveller_details" | "purge_days":
            return language.gettext("Travellers' details")
        case "guardian_consent":
            return language.gettext("Guardian's consent")
        case "unfilled_hours" | "hold_shifts":
            return language.gettext("Volunteers")
        case "feedback":
            return language.gettext("Feedback")
        case "held_at" | "held_because":
            return language.gettext("On hold")
        case _:
            return name
