"""From the log to a published artifact."""
