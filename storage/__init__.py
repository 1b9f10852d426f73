"""What Amity remembers: tables, and one module of named queries for each."""

from storage.database import Database, Transaction, Unavailable, connect

__all__ = ["Database", "Transaction", "Unavailable", "connect"]
