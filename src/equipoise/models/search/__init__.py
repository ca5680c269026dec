"""The best of many: exact search over score rows and over products with item vectors."""
