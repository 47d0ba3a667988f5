"""The older place of wandb.integration.lightgbm."""

from wandb.integration.lightgbm import *  # noqa: F401,F403
