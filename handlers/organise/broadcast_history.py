"""What organisers do with broadcasts, in the words of the history."""

from markupsafe import Markup

from bot.language import NATIVE_NAMES, Language
from storage.audit import Entry


def tell_broadcast(entry: Entry, language: Language) -> Markup | None:
    """What was done with a broadcast; None when it was done with something else."""
    match entry.action:
        case "broadcast_submitted":
            return language.html("Asked for approval of a broadcast")
        case "broadcast_approved":
            return language.html("Approved a broadcast")
        case "broadcast_returned":
            return language.html("Made a draft again of a broadcast that waited for approval")
        case "broadcast_scheduled":
            return language.html("Scheduled a broadcast")
        case "broadcast_unscheduled":
            return language.html("Made a draft again of a scheduled broadcast")
        case "broadcast_started":
            return language.html("Sent a broadcast")
        case "broadcast_paused":
            return language.html("Paused a broadcast")
        case "broadcast_held":
            return language.html("A broadcast was paused by the bot")
        case "broadcast_resumed":
            return language.html("Went on with a broadcast")
        case "broadcast_stopped":
            return language.html("Stopped a broadcast")
        case "broadcast_corrected" if entry.params.get("locale") in NATIVE_NAMES:
            name = NATIVE_NAMES[entry.params["locale"]]
            return language.html("Corrected a broadcast ({language})", language=name)
        case "broadcast_corrected":
            return language.html("Corrected a broadcast")
        case "broadcast_recalled":
            return language.html("Took a broadcast back")
        case "broadcast_sent_further":
            return language.html("Sent a broadcast to those who came later")
        case "broadcast_sent_again":
            return language.html("Sent a broadcast again where it may not have arrived")
        case "approval_wanted":
            return language.html("Asked for a second organiser before a broadcast goes out")
        case "approval_not_wanted":
            return language.html("Let every organiser send broadcasts by themselves")
        case _:
            return None
