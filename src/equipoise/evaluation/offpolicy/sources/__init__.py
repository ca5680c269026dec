"""Where logged rounds are read from: a table, an open-bandit folder, the log of decisions."""
