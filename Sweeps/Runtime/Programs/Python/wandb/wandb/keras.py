"""The older place of wandb.integration.keras."""

from wandb.integration.keras import *  # noqa: F401,F403
