# Ray in this allocation: one node of Ray per node of the job, the command once all have joined. Set above:
# $rankwise_seconds to wait for that.
rankwise_find_ray || exit
rankwise_nodes=$(scontrol show hostnames "$SLURM_JOB_NODELIST") || exit
export RANKWISE_RAY_HEAD=${SLURMD_NODENAME:-$(uname -n)}
export RANKWISE_RAY_ENDED=$RUN/.$rankwise_id.ray-ended
rm -f "$RANKWISE_RAY_ENDED"
if [ -z "${RAY_AUTH_MODE-}" ]; then
  export RAY_AUTH_MODE=token RAY_AUTH_TOKEN_PATH=$RUN/.$rankwise_id.ray-token
  unset RAY_AUTH_TOKEN
  (umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$RAY_AUTH_TOKEN_PATH") || exit
fi

# The address of this node as the others see it, and free ports for Ray's head, dashboard and client server.
rankwise_meeting=$($rankwise_python - $rankwise_nodes <<'PYTHON'
import os, socket, sys

others = [node for node in sys.argv[1:] if node != os.environ["RANKWISE_RAY_HEAD"]]
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
    try:
        probe.connect((others[0], 9))
        address = probe.getsockname()[0]
    except (IndexError, OSError):
        address = socket.gethostbyname(socket.gethostname())
sockets = [socket.socket() for _ in range(3)]
for one in sockets:
    one.bind(("", 0))
print(address, *[one.getsockname()[1] for one in sockets])
PYTHON
) || exit
read -r rankwise_ip RANKWISE_RAY_PORT RANKWISE_RAY_DASHBOARD RANKWISE_RAY_CLIENT <<END
$rankwise_meeting
END
export RANKWISE_RAY_PORT RANKWISE_RAY_DASHBOARD RANKWISE_RAY_CLIENT RAY_ADDRESS=$rankwise_ip:$RANKWISE_RAY_PORT
echo "rankwise: Ray's head is on $RANKWISE_RAY_HEAD ($RAY_ADDRESS), its dashboard at 127.0.0.1:$RANKWISE_RAY_DASHBOARD there"

rankwise_steps=
for rankwise_node in $rankwise_nodes; do
  (umask 077 && : >"$RUN/ray-$rankwise_node.out") # srun takes its own umask along
  rankwise_srun --nodelist="$rankwise_node" sh "$RUN/ray-step.sh" >"$RUN/ray-$rankwise_node.out" 2>&1 &
  rankwise_steps="$rankwise_steps $!"
done
rankwise_wait_for_ray "$rankwise_seconds" "$RANKWISE_RAY_ENDED" $rankwise_nodes
rankwise_code=$?
if [ "$rankwise_code" -eq 0 ]; then
  rankwise_srun --nodelist="$RANKWISE_RAY_HEAD" sh -c 'exec "$@"' sh $rankwise_interpreter "$RUN/driver.sh"
  rankwise_code=$?
fi

# srun passes the signal on to its step. A signal for this script ends `wait` early.
kill -s TERM $rankwise_steps 2>/dev/null
for rankwise_step in $rankwise_steps; do
  while kill -s 0 "$rankwise_step" 2>/dev/null; do wait "$rankwise_step"; done
done
rm -f "$RUN/.$rankwise_id.ray-token" "$RANKWISE_RAY_ENDED"
exit "$rankwise_code"
