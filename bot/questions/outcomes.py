"""What came of a question, whatever it was."""

from bot.questions.decide import Answer, Choices, Found, Nothing


def all_found(found: Answer | Choices | Nothing) -> tuple[Found, ...]:
    """Everything that was near, likeliest first."""
    match found:
        case Answer(best, others):
            return (best, *others)
        case Choices(several):
            return several
        case Nothing(near):
            return near
