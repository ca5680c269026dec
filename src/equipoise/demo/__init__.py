"""The whole loop on a real shop's orders."""
