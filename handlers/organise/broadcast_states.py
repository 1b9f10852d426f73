"""How broadcasts of each state are marked and called."""

from bot.language import Language
from storage.broadcasts import Broadcast

_MARKS = {
    "draft": "📝",
    "review": "🔎",
    "scheduled": "🕘",
    "sending": "📤",
    "paused": "⏸",
    "cancelled": "⏹",
    "done": "✅",
}


def state_mark(broadcast: Broadcast) -> str:
    return _MARKS[broadcast.state]


def state_name(broadcast: Broadcast, language: Language) -> str:
    match broadcast.state:
        case "draft":
            return language.gettext("Draft")
        case "review":
            return language.gettext("Waits for approval")
        case "scheduled":
            return language.gettext("Scheduled")
        case "sending":
            return language.gettext("Being sent")
        case "paused":
            return language.gettext("Paused")
        case "cancelled":
            return language.gettext("Stopped")
        case "done":
            return language.gettext("Finished")
        case _:
            raise ValueError(f"not a state: {broadcast.state}")
