"""The callback for Stable-Baselines3: the records of its logger become rows of wandb.log."""

import wandb
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import KVWriter

__all__ = ["WandbCallback"]


class _Rows(KVWriter):
    """An output of the algorithm's logger. W&B's own callback takes the values from TensorBoard's files."""

    def write(self, key_values, key_excluded, step=0):
        wandb.log(dict(key_values), step=step)

    def close(self):
        pass


class WandbCallback(BaseCallback):
    """Logs what the algorithm writes to its logger: `rollout/ep_rew_mean`, `train/loss`, …"""

    def __init__(self, verbose=0, model_save_path=None, model_save_freq=0, gradient_save_freq=0, log="all"):
        super().__init__(verbose)
        if wandb.run is None:
            raise wandb.Error("You must call wandb.init() before WandbCallback()")
        self.model_save_path, self.model_save_freq = model_save_path, model_save_freq

    def _on_training_start(self):
        self.logger.output_formats.append(_Rows())

    def _on_step(self):
        if self.model_save_path and self.model_save_freq > 0 and self.n_calls % self.model_save_freq == 0:
            self.model.save("%s/model.zip" % self.model_save_path)
        return True

    def _on_training_end(self):
        if self.model_save_path:
            self.model.save("%s/model.zip" % self.model_save_path)
