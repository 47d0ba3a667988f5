"""The older place of wandb.integration.xgboost."""

from wandb.integration.xgboost import *  # noqa: F401,F403
