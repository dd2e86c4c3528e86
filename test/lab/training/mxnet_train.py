"""MXNet's Module.fit over a dist_sync key-value store, on CPUs; prints as its image-classification examples do."""

import argparse
import gc
import logging
import time

import mxnet as mx
import numpy as np
from truth import say

parser = argparse.ArgumentParser()
parser.add_argument("--kv-store", default="dist_sync")
parser.add_argument("--num-epochs", type=int, default=2)
parser.add_argument("--batches", type=int, default=60, help="per epoch")
parser.add_argument("--disp-batches", type=int, default=20)
parser.add_argument("--model-prefix", default=None)
parser.add_argument("--pace", type=float, default=0.0, help="seconds added to a batch")
options = parser.parse_args()

BATCH, CLASSES, FEATURES = 64, 10, 32
kv = mx.kv.create(options.kv_store)
worker = "rank-%d" % kv.rank


class Said(logging.Handler):
    def emit(self, record):
        say(worker, "INFO:root:" + record.getMessage())


logging.basicConfig(level=logging.INFO, handlers=[Said()])
logging.info("start with rank %d of %d, arguments %s", kv.rank, kv.num_workers, options)

random = np.random.RandomState(0)
centres = random.randn(CLASSES, FEATURES)
random = np.random.RandomState(1000 + kv.rank)


def data(batches):
    labels = random.randint(CLASSES, size=batches * BATCH)
    inputs = centres[labels] + 1.5 * random.randn(len(labels), FEATURES)
    return mx.io.NDArrayIter(inputs.astype("float32"), labels.astype("float32"), BATCH)


network = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=64)
network = mx.sym.FullyConnected(mx.sym.Activation(network, act_type="relu"), num_hidden=CLASSES)
network = mx.sym.SoftmaxOutput(network, name="softmax")
checkpoint = None
if options.model_prefix is not None:
    checkpoint = mx.callback.do_checkpoint(options.model_prefix + ("-%d" % kv.rank if kv.rank else ""))
mx.mod.Module(network).fit(
    data(options.batches),
    eval_data=data(10),
    eval_metric=["accuracy"],
    kvstore=kv,
    num_epoch=options.num_epochs,
    optimizer_params={"learning_rate": 0.05},
    batch_end_callback=[mx.callback.Speedometer(BATCH, options.disp_batches), lambda _: time.sleep(options.pace)],
    epoch_end_callback=checkpoint,
)
# The key-value store says goodbye to the servers when it is freed; without that they would wait for ever.
del kv
gc.collect()
