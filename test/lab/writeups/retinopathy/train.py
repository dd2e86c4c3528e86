"""
Diabetic retinopathy with Lightning: the loop, the loss, the optimizer and what is logged are the write-up's. Its network
(Inception v3) is a small one here, and without --serialized its images are random tensors.
"""

import argparse
import os
import sys
import time

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import TQDMProgressBar
from torch.utils.data import DataLoader, Dataset

import images

sys.path.append(os.path.expanduser("~"))
from truth import leave  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--nodes", type=int, default=1)
parser.add_argument("--gpus", type=int, default=0, help="of each node")
parser.add_argument("--epochs", type=int, default=1000)
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--images", type=int, default=5000)
parser.add_argument("--serialized", choices=["yes", "no"])
parser.add_argument("--pace", type=float, default=0.0, help="seconds added to a step")
options = parser.parse_args()


class Retinas(Dataset):
    def __init__(self, first, count):
        self.indices = range(first, first + count)

    def __len__(self):
        return len(self.indices)

    def __getitem__(self, position):
        index = self.indices[position]
        if options.serialized == "yes":
            return torch.load(images.path("tensors", index)), images.label(index)
        if options.serialized == "no":
            return images.transformed(index), images.label(index)
        noise = torch.Generator().manual_seed(index)
        return torch.rand(3, images.SIZE, images.SIZE, generator=noise), images.label(index)


class RetinaModel(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self._model = torch.nn.Sequential(
            torch.nn.Conv2d(3, 4, 5, stride=3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.LazyLinear(images.CLASSES)
        )
        self._model(torch.zeros(1, 3, images.SIZE, images.SIZE))
        self._loss_criterion = torch.nn.CrossEntropyLoss()

    def training_step(self, train_batch, batch_idx):
        X, y = train_batch
        loss = self._loss_criterion(self._model(X), y)
        self.log("train_loss", loss, prog_bar=True)
        time.sleep(options.pace)
        return loss

    def validation_step(self, batch, batch_idx):
        X, y = batch
        self.log("valid_loss", self._loss_criterion(self._model(X), y), prog_bar=True, sync_dist=True)
        return batch_idx

    def configure_optimizers(self):
        return torch.optim.Adam(self._model.parameters(), lr=1e-4)


torch.manual_seed(0)
torch.set_num_threads(1)
training, validation = (180, 20) if options.serialized else (options.images, options.images // 10)
trainer = pl.Trainer(
    max_epochs=options.epochs,
    num_nodes=options.nodes,
    devices=max(1, options.gpus),
    # There is no real GPU here.
    accelerator="cpu",
    strategy="ddp" if options.nodes > 1 else "auto",
    log_every_n_steps=1,
    enable_model_summary=False,
    # Where rich is installed Lightning would take its bar, which a log has only at the end.
    callbacks=[TQDMProgressBar()],
)
place = (os.uname().nodename, trainer.global_rank, trainer.world_size, os.environ.get("CUDA_VISIBLE_DEVICES", "none"))
print("node %s rank %d of %d, GPUs %s" % place, flush=True)
start_time = time.time()
trainer.fit(
    RetinaModel(),
    DataLoader(Retinas(0, training), batch_size=options.batch_size),
    DataLoader(Retinas(training, validation), batch_size=options.batch_size),
)
print("--- %s seconds ---" % (time.time() - start_time), flush=True)
leave()
