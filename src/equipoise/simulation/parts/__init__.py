"""The parts that simulated shops are put together from."""
