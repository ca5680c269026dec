"""Facts into arrays: vocabularies, interactions, histories, item features, logged feedback."""
