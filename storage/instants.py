"""Instants as the database keeps them: whole seconds since 1970, UTC; thousandths where they decide."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as integer seconds so that no driver can drop its offset."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else int(_aware(value).timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_THOUSANDTH = timedelta(milliseconds=1)


class Moment(Instant):
    """An instant to the thousandth of a second, as a contest counts time."""

    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (_aware(value) - _EPOCH) // _THOUSANDTH

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _THOUSANDTH


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value
