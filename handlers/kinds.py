"""What each kind of event is called."""

from bot.kinds import Kind
from bot.language import Language


def kind_name(language: Language, kind: Kind | str) -> str:
    match kind:
        case "forum":
            return language.gettext("Forum")
        case "seminar":
            return language.gettext("Seminar or lecture")
        case "visit":
            return language.gettext("Cultural visit")
        case "delegation":
            return language.gettext("Delegation or study mission")
        case "commemoration":
            return language.gettext("Commemoration")
        case "school":
            return language.gettext("School programme")
        case "contest":
            return language.gettext("Contest")
        case "camp":
            return language.gettext("Camp")
        case "training":
            return language.gettext("Training")
        case "charity":
            return language.gettext("Charity or community work")
        case _:
            raise ValueError(f"not a kind of event: {kind}")
