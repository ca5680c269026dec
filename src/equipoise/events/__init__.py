"""What happened: facts and the durable log that keeps them."""
