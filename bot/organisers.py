"""Who is told of what an event's organiser has to know."""

from storage import Transaction, organisers


async def responsible(tx: Transaction, event_id: int) -> list[int]:
    """The event's creator; where that is nobody who can be reached, everybody who may organise."""
    creator = await organisers.find_creator(tx, event_id)
    return [creator] if creator is not None else await organisers.list_all(tx)
