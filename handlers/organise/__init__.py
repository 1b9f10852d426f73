"""What organisers do: events, the team, and lists of who comes."""
