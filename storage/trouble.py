"""Telling the database's passing trouble from a bug of ours."""

import sqlite3

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError

PASSING_WORDS = ("locked", "busy", "disk is full", "readonly", "unable to open", "disk i/o error")
PASSING_KINDS = {
    "OperationalError",
    "SerializationFailure",
    "DeadlockDetected",
    "AdminShutdown",
    "CannotConnectNow",
    "ConnectionTimeout",
    "CrashShutdown",
    "DiskFull",
    "LockNotAvailable",
    "OutOfMemory",
    "QueryCanceled",
    "TooManyConnections",
    "ReadOnlySqlTransaction",
    "InterfaceError",
}


class Unavailable(Exception):
    """The database can't be used just now: locked, full, read-only, gone. Worth trying again."""


def explained(error: Exception, dialect: Dialect, sql: str = "") -> Exception:
    """What to raise for a driver's error: Unavailable, or SQLAlchemy's error of that name.

    The values of the query are left out, as they are people's.
    """
    if is_passing(error):
        return Unavailable(_in_short(error))
    if isinstance(error, DBAPIError):
        return error
    return DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
    )


def is_passing(error: Exception) -> bool:
    """Whether this is the database's trouble and not the query's."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (isinstance(error.orig, Exception) and is_passing(error.orig))
    if isinstance(error, sqlite3.OperationalError):
        said = str(error).lower()
        return any(word in said for word in PASSING_WORDS)
    return type(error).__name__ in PASSING_KINDS and not isinstance(error, sqlite3.Error)


def _in_short(error: Exception) -> str:
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return said.splitlines()[0] if said else type(error).__name__
