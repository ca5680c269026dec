"""How good a model or a policy is."""
