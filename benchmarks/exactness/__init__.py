"""Whether everybody gets a broadcast exactly once, whatever happens to the process and to the network."""
