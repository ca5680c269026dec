"""Values that look beyond the next click: what a choice is worth now and in all that follows from it."""
