"""Lightning's DDP on CPUs under srun: one process per task, or each node trains alone where the tasks are wrong."""

import argparse
import os
import time

import lightning as L
import torch
from lightning.pytorch.plugins.environments import SLURMEnvironment
from torch.utils.data import DataLoader, TensorDataset
from truth import leave, say

parser = argparse.ArgumentParser()
parser.add_argument("--nodes", type=int, default=int(os.environ.get("SLURM_NNODES", 1)))
parser.add_argument("--tasks", type=int, default=1, help="per node")
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--pace", type=float, default=0.0, help="seconds added to a step")
options = parser.parse_args()
worker = "rank-%s" % os.environ.get("SLURM_PROCID", "0")
torch.manual_seed(0)
centres = torch.randn(10, 32)


class Classifier(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.network = torch.nn.Linear(32, 10)

    def training_step(self, batch, index):
        loss = torch.nn.functional.cross_entropy(self.network(batch[0]), batch[1])
        self.log("train_loss", loss, prog_bar=True)
        time.sleep(options.pace)
        return loss

    def validation_step(self, batch, index):
        accuracy = (self.network(batch[0]).argmax(1) == batch[1]).float().mean()
        self.log("val_acc", accuracy, prog_bar=True, sync_dist=True)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.05)


def loader(count):
    labels = torch.randint(10, (count,))
    return DataLoader(TensorDataset(centres[labels] + 1.5 * torch.randn(count, 32), labels), batch_size=32)


torch.set_num_threads(1)
began = time.time()
plugins = [SLURMEnvironment(auto_requeue=False)] if "SLURM_PROCID" in os.environ else []
shape = {"accelerator": "cpu", "num_nodes": options.nodes, "devices": options.tasks, "plugins": plugins}
trainer = L.Trainer(max_epochs=options.epochs, strategy="ddp", log_every_n_steps=1, **shape)
say(worker, "node %s rank %d of %d" % (os.uname().nodename, trainer.global_rank, trainer.world_size))
trainer.fit(Classifier(), loader(1280), loader(320))
say(worker, "--- %s seconds ---" % (time.time() - began))
leave()
