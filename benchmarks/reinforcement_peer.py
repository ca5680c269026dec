"""A public agent, PPO of Stable-Baselines3, on the session environment unchanged; for `reinforcement.py`.

    PYTHONPATH=src /path/to/peer/bin/python benchmarks/reinforcement_peer.py --steps 50000 --folder ...

Run it where stable-baselines3, gymnasium and this project are installed, after `reinforcement.py` has made
the shop. It prints the return of an episode over the same number of steps as ours, and steps a second.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from stable_baselines3 import PPO

from equipoise.artifact import load_artifact
from equipoise.simulation.sessions.gym import SessionEnv
from equipoise.simulation.sessions.rules import SessionRules
from equipoise.simulation.sessions.shop import SessionShop


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--steps", type=int, default=50_000)
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=Path("equipoise-data/reinforcement"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    shop = load_artifact(SessionShop, options.folder / "shop")
    agent = PPO(
        "MlpPolicy", SessionEnv(shop, SessionRules(), seed=options.seed), seed=options.seed, device="cpu"
    )
    began = time.process_time()
    agent.learn(options.steps)
    seconds = time.process_time() - began
    earned = [
        episode(agent, SessionEnv(shop, SessionRules(), seed=1_000 + n)) for n in range(options.episodes)
    ]
    found = {
        "return": float(np.mean(earned)),
        "half_interval": float(1.96 * np.std(earned) / len(earned) ** 0.5),
        "steps": options.steps,
        "steps_per_cpu_second": options.steps / seconds,
    }
    (options.folder / f"peer-ppo-{options.seed}.json").write_text(json.dumps(found))
    print(found)


def episode(agent: PPO, env: SessionEnv) -> float:
    """Return what one shopper earns."""
    (seen, _), total, over = env.reset(), 0.0, False
    while not over:
        seen, reward, over, _, _ = env.step(agent.predict(seen, deterministic=True)[0])
        total += reward
    return total


if __name__ == "__main__":
    main()
