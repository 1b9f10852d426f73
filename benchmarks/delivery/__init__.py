"""What a message costs, and how delivery behaves under Telegram's limits."""
