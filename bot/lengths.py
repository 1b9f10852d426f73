"""How long something took, in words."""

from bot.language import Language


def length(language: Language, minutes: int) -> str:
    """Minutes as hours and minutes: "3 hours 30 minutes", "45 minutes", "0 hours"."""
    hours, rest = divmod(minutes, 60)
    in_hours = language.ngettext("{n} hour", "{n} hours", hours)
    if not rest:
        return in_hours
    in_minutes = language.ngettext("{n} minute", "{n} minutes", rest)
    if not hours:
        return in_minutes
    # Translators: a length of time, such as "3 hours 30 minutes". In Chinese without a space between them.
    return language.gettext("{hours} {minutes}", hours=in_hours, minutes=in_minutes)


def change(language: Language, minutes: int) -> str:
    """By how much something became longer or shorter."""
    if minutes < 0:
        # Translators: a length of time that was taken off, such as "− 30 minutes".
        return language.gettext("− {length}", length=length(language, -minutes))
    # Translators: a length of time that was added, such as "+ 30 minutes".
    return language.gettext("+ {length}", length=length(language, minutes))
