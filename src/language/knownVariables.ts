/** Variables that trainings are often given, with what they mean. */
export const knownVariables: Readonly<Record<string, string>> = {
  NCCL_DEBUG:
    'How much NCCL prints: `WARN`, `INFO` or `TRACE`. `INFO` shows which interfaces and transports it chose.',
  NCCL_DEBUG_SUBSYS: 'Parts of NCCL that print with `NCCL_DEBUG=INFO`, such as `INIT,NET`.',
  NCCL_SOCKET_IFNAME: 'Network interfaces that NCCL uses: `eth0`, `=eth0` exactly, `^docker` all but these.',
  NCCL_IB_DISABLE: '`1`: NCCL does not use InfiniBand or RoCE.',
  NCCL_IB_HCA: 'InfiniBand adapters that NCCL uses, such as `mlx5_0`.',
  NCCL_P2P_DISABLE: '`1`: GPUs of one host do not exchange data directly.',
  GLOO_SOCKET_IFNAME: 'Network interface that Gloo uses. Rankwise sets it unless it is given here.',
  OMP_NUM_THREADS: 'CPU threads of each process. With several processes on a host: cores ÷ processes.',
  PYTHONUNBUFFERED: 'Python prints at once instead of in blocks. Rankwise sets it to `1`.',
  CUDA_VISIBLE_DEVICES: 'GPUs that a process may see, by number. Rankwise sets it where a launcher does not.',
  CUDA_LAUNCH_BLOCKING: '`1`: each GPU call waits until it is done, so that an error names its place. Slow.',
  TORCH_DISTRIBUTED_DEBUG: 'Checks of torch.distributed: `OFF`, `INFO` or `DETAIL`.',
  TORCH_NCCL_ASYNC_ERROR_HANDLING: '`1`: PyTorch ends the process when a collective of NCCL fails.',
  HOROVOD_TIMELINE: 'File in which Horovod records what it did when.',
  HOROVOD_FUSION_THRESHOLD: 'Bytes of gradients that Horovod sends together.',
  TF_CPP_MIN_LOG_LEVEL:
    'What TensorFlow prints: `0` all, `1` no information, `2` no warnings, `3` no errors.',
  TOKENIZERS_PARALLELISM: '`false`: the tokenizers of Hugging Face use one thread, and do not warn of forks.',
  HF_HOME: 'Folder of downloaded models and data sets of Hugging Face.',
  HF_TOKEN: 'Token for Hugging Face: a secret, `${secret:hf}`.',
  WANDB_API_KEY: 'Key for Weights & Biases: a secret, `${secret:wandb}`.',
  WANDB_MODE: '`online`, `offline` or `disabled`.',
  MXNET_KVSTORE_BIGARRAY_BOUND: 'Arrays with more elements than this are spread over all parameter servers.',
  PS_VERBOSE: 'What the parameter servers of MXNet print: `1` connections, `2` all messages.',
  RAY_DEDUP_LOGS: '`0`: Ray prints equal lines of several workers each. Rankwise sets it.',
};
