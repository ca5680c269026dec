"""A reward model that learns how fast to forget: a bank of state-space models."""

from equipoise.policies.bank.reward_model import RewardModel

__all__ = ["RewardModel"]
