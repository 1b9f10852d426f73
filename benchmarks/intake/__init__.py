"""What an update costs from Telegram's door to the answer, and how long a member waits for it."""
