"""Arrays to scores: learners, and the scorers they fit."""
