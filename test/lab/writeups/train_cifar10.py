"""MXNet's train_cifar10.py with its options, on made-up pictures: a small residual network by Module.fit on CPUs."""

import argparse
import gc
import logging
import os
import sys
import time

import mxnet as mx
import numpy as np

sys.path.insert(0, os.path.expanduser("~"))
from truth import say  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--network", default="resnet")
parser.add_argument("--num-layers", type=int, default=8)
parser.add_argument("--kv-store", default="device")
parser.add_argument("--num-epochs", type=int, default=2)
parser.add_argument("--batch-size", type=int, default=128)
parser.add_argument("--num-examples", type=int, default=3840)
parser.add_argument("--disp-batches", type=int, default=4)
parser.add_argument("--lr", type=float, default=0.05)
parser.add_argument("--model-prefix", default=None)
parser.add_argument("--gpus", default=None, help="there are none here: taken as the CPU")
options = parser.parse_args()

CLASSES = 10
kv = mx.kvstore.create(options.kv_store)
worker = "rank-%d" % kv.rank


class Said(logging.Handler):
    def emit(self, record):
        say(worker, "INFO:root:" + record.getMessage())


logging.basicConfig(level=logging.INFO, handlers=[Said()])
logging.info("start with rank %d of %d, arguments %s", kv.rank, kv.num_workers, options)


def unit(data, filters, name):
    """One residual unit of two convolutions."""
    shape = {"num_filter": filters, "kernel": (3, 3), "stride": (1, 1), "pad": (1, 1)}
    body = mx.sym.Activation(mx.sym.Convolution(data, name=name + "_conv1", **shape), act_type="relu")
    return data + mx.sym.Convolution(body, name=name + "_conv2", **shape)


shape = {"num_filter": 8, "kernel": (3, 3), "stride": (2, 2), "pad": (1, 1)}
network = mx.sym.Convolution(mx.sym.Variable("data"), name="conv0", **shape)
for index in range((options.num_layers - 2) // 6):
    network = unit(network, 8, "unit%d" % index)
network = mx.sym.Pooling(mx.sym.Activation(network, act_type="relu"), pool_type="avg", kernel=(7, 7), stride=(7, 7))
network = mx.sym.FullyConnected(mx.sym.flatten(network), num_hidden=CLASSES)
network = mx.sym.SoftmaxOutput(network, name="softmax")

centres = np.random.RandomState(0).randn(CLASSES, 3, 28, 28)
random = np.random.RandomState(1000 + kv.rank)


def data(count):
    labels = random.randint(CLASSES, size=count)
    pictures = centres[labels] + random.randn(count, 3, 28, 28)
    return mx.io.NDArrayIter(pictures.astype("float32"), labels.astype("float32"), options.batch_size)


checkpoint = None
if options.model_prefix is not None:
    checkpoint = mx.callback.do_checkpoint(options.model_prefix + ("-%d" % kv.rank if kv.rank else ""))
mx.mod.Module(network, context=mx.cpu()).fit(
    # Every worker has its part of the pictures.
    data(options.num_examples // kv.num_workers),
    eval_data=data(options.batch_size * 2),
    eval_metric=["accuracy"],
    kvstore=kv,
    num_epoch=options.num_epochs,
    optimizer="sgd",
    optimizer_params={"learning_rate": options.lr, "momentum": 0.9, "wd": 0.0001},
    initializer=mx.initializer.Xavier(),
    batch_end_callback=[mx.callback.Speedometer(options.batch_size, options.disp_batches)],
    epoch_end_callback=checkpoint,
)
# The key-value store says goodbye to the servers when it is freed; without that they would wait for ever.
del kv
gc.collect()
