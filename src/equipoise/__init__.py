"""equipoise: an e-commerce recommender system that balances exploration and exploitation."""

__version__ = "0.1.0"
