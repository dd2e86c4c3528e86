# Hands the job to Ray and shows its output until it is over; asked to end, stops the job. Set above:
# $rankwise_job, its id, and $rankwise_address; as "$@" what follows them in `ray job submit`.
rankwise_stopped=
trap 'rankwise_stopped=130' INT
trap 'rankwise_stopped=143' HUP TERM
ray job submit --log-color=false --address="$rankwise_address" --submission-id="$rankwise_job" "$@"
rankwise_code=$?
if [ -n "$rankwise_stopped" ]; then
  trap '' HUP INT TERM
  ray job stop --log-color=false --address="$rankwise_address" "$rankwise_job"
  rankwise_code=$rankwise_stopped
fi
