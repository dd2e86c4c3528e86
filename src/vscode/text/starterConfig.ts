/** What "Create rankwise.yaml" writes: it runs as it is, on the practice cluster, and shows what to change. */
export const starterConfig = `# Rankwise: clusters to train on, and launches to start on them.
# Problems are underlined as you type. A launch starts from the line above it, from the sidebar,
# or by the command "Rankwise: Launch…".
version: 1

# clusters:
#   lab:
#     hosts: hosts            # a hostfile ("node1 slots=2" on each line), or a list:
#     # hosts:
#     #   - { host: 10.0.0.5, slots: 8 }
#     #   - gpu2.example.com
#     user: me                # further keys: port, identityFile, proxyJump
#     workdir: ~/project      # where commands run
#     setup:                  # run before each command, in the same login shell
#       - source ~/venv/bin/activate
#     env: { NCCL_DEBUG: INFO }

launches:
  # Runs as it is: the practice cluster is built in, four hosts on this machine.
  digits:
    cluster: practice
    launcher: ssh             # one process per slot, with RANK, WORLD_SIZE, MASTER_ADDR, …
    command: practice-training

  # resnet50:
  #   cluster: lab
  #   launcher: mpirun
  #   np: 8                   # default: all slots
  #   command: python train.py --epochs 10
  #   files: [train.py]       # copied to the workdir before the start
  #   mpirun: { bindTo: none, mapBy: slot }
`;
