"""Amity's ears and mouth: everything that speaks Telegram."""
