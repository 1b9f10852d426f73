"""How a topic that the bot can answer on is called."""

from bot import programme, topics
from bot.language import Language
from bot.topics import Reader, Topic
from handlers.answers import nearest
from handlers.turns import Turn
from storage import Transaction
from storage.events import Event
from storage.programmes import Programme, Question


def reader_of(turn: Turn) -> Reader:
    """Whoever is answered, as far as it matters for what they may read."""
    return Reader(turn.person.id, turn.is_organiser)


async def title_of(turn: Turn, tx: Transaction, topic_id: str) -> str:
    """The topic's name in the reader's language; empty when there is none of that id, or none for them."""
    topic = await topics.read(tx, topic_id, now=turn.now, reader=reader_of(turn))
    return "" if topic is None else _title(topic, turn.language)


def _title(topic: Topic, language: Language) -> str:
    match topic:
        case Question(wordings=wordings):
            return wordings[nearest(wordings, language.locale)]
        case Programme(texts=texts):
            return texts[nearest(texts, language.locale)].title
        case Event():
            return programme.text_of(topic, language.locale).title
