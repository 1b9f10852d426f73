"""What Amity decides; nothing here speaks Telegram or SQL."""
