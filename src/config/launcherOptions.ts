import { launcherNames, type LauncherName } from './model';

/** Launchers whose further arguments are options of a program that is known here: ssh has none, and sbatch has its own list. */
export type OptionOwner = Exclude<LauncherName, 'ssh' | 'slurm'>;
export const optionOwners = launcherNames.filter(
  (name): name is OptionOwner => name !== 'ssh' && name !== 'slurm',
);

/**
 * Names of the options by program, as each lists them itself: Open MPI 4.1 and 5 (without dashes: one and two mean the
 * same), horovodrun 0.28, PyTorch 1.8 to 2.15, DeepSpeed 0.19, Accelerate 1.15, MXNet's launch.py, Ray 1 and 2. In long options of
 * torchrun and accelerate `-` stands as `_`: they take both. The lists are there to recognise what belongs to another
 * program and what is misspelt; an option that no list has may be new and is never a finding.
 */
export const launcherOptions: Readonly<Record<OptionOwner, string>> = {
  mpirun: `
    add-host add-hostfile allow-run-as-root am app append-env bind-to bind-to-core bind-to-socket bycore
    bynode byslot c cartofile cf continuous cpu-list cpu-set cpus-per-proc cpus-per-rank d
    debug debug-daemons debug-daemons-file debug-devel debugger default-hostfile
    disable-recovery display display-allocation display-devel-allocation display-devel-map
    display-diffable-map display-map display-topo do-not-launch do-not-resolve dvm
    dvm-uri enable-instant-on-support enable-recovery exec-agent forward-signals fwd-mpirun-port
    get-stack-traces gmca gpmixmca gprtemca H h help hnp host hostfile
    index-argv-by-rank initial-errhandler keepalive launch-agent leave-session-attached machinefile
    map-by max-restarts max-vm-size mca memory-alloc-kinds merge-stderr-to-stdout N n nolocal
    nooversubscribe noprefix novm np npernode npersocket ompi-server
    output output-filename output-proctable oversubscribe path pernode personality pmixmca
    ppr prefix preload-binary preload-files prepend-env prtemca pset q quiet rank-by rankfile
    report-bindings report-child-jobs-separately report-events report-pid report-state-on-timeout
    report-uri rf rtos runtime-options s set-cwd-to-session-dir set-sid show-progress stdin stdout
    stop-in-app stop-in-init stop-on-exec stream-buffering system-server-first system-server-only
    tag-output timeout timestamp-output tmpdir tune tv unset-env use-hwthread-cpus
    use-regexp V v verbose version wd wdir with-ft x xml xml-file xterm
  `,
  horovodrun: `
    --autotune --autotune-bayes-opt-max-samples --autotune-gaussian-process-noise --autotune-log-file
    --autotune-steps-per-sample --autotune-warmup-samples --binding-args --blacklist-cooldown-range
    --cache-capacity --check-build --config-file --cycle-time-ms --disable-cache --elastic-timeout
    --fusion-threshold-mb --gloo --gloo-timeout-seconds --help --hierarchical-allgather
    --hierarchical-allreduce --host-discovery-script --hostfile --hosts --jsrun --log-level
    --log-without-timestamp --max-np --max-num-proc --min-np --min-num-proc --mpi --mpi-args
    --mpi-threads-disable --network-interface --network-interfaces --nics --no-hierarchical-allgather
    --no-hierarchical-allreduce --no-stall-check --no-torus-allreduce --num-nccl-streams --num-proc
    --output-filename --prefix-output-with-timestamp --reset-limit --slots-per-host --ssh-identity-file
    --ssh-port --stall-check-shutdown-time-seconds --stall-check-warning-time-seconds --start-timeout
    --tcp --tensorflow --thread-affinity --timeline-filename --timeline-mark-cycles --torus-allreduce
    --verbose --version -cb -H -h -hostfile -i -np -p -prefix-timestamp -v
  `,
  torchrun: `
    --duplicate_stderr_filters --duplicate_stdout_filters --event_log_handler --help --local_addr
    --local_ranks_filter --log_dir --log_line_prefix_template --logs_specs --master_addr --master_port
    --max_restarts --module --monitor_interval --nnodes --no_python --node_rank --nproc_per_node
    --numa_binding --print_completion --rdzv_backend --rdzv_conf --rdzv_endpoint --rdzv_id --redirects
    --role --run_path --shutdown_timeout --signals_to_handle --standalone --start_method --tee --use_env
    --virtual_local_rank -h -m -r -t
  `,
  deepspeed: `
    --autotuning --bind_core_list --bind_cores_to_rank --elastic_training --enable_each_rank_log
    --exclude --force_multi --help --hostfile --include --launcher --launcher_args --log_level
    --master_addr --master_port --max_elastic_nodes --min_elastic_nodes --module --no_local_rank
    --no_python --no_ssh --no_ssh_check --node_rank --num_accelerators --num_gpus --num_nodes --quiet
    --save_pid --ssh_port --venv_script -e -H -h -i -q
  `,
  accelerate: `
    --aws_access_key_id --aws_secret_access_key --config_file --cpu --debug --deepspeed_config_file
    --deepspeed_exclusion_filter --deepspeed_hostfile --deepspeed_inclusion_filter
    --deepspeed_moe_layer_cls_names --deepspeed_multinode_launcher --downcast_bf16 --dynamo_backend
    --dynamo_mode --dynamo_use_dynamic --dynamo_use_fullgraph --dynamo_use_regional_compilation
    --enable_cpu_affinity --env --fp16 --fp8_amax_compute_algo --fp8_amax_history_len --fp8_backend
    --fp8_enable_fsdp_float8_all_gather --fp8_format --fp8_interval --fp8_margin --fp8_opt_level
    --fp8_override_linear_precision --fp8_pad_inner_dim --fp8_use_autocast_during_eval
    --fsdp_activation_checkpointing --fsdp_activation_checkpointing_offload --fsdp_auto_wrap_policy
    --fsdp_backward_prefetch --fsdp_cpu_ram_efficient_loading --fsdp_forward_prefetch
    --fsdp_min_num_params --fsdp_offload_params --fsdp_reshard_after_forward --fsdp_sharding_strategy
    --fsdp_state_dict_type --fsdp_sync_module_states --fsdp_transformer_layer_cls_to_wrap
    --fsdp_use_orig_params --fsdp_version --gpu_ids --gradient_accumulation_steps --gradient_clipping
    --help --ipex --log_dir --machine_rank --main_process_ip --main_process_port
    --main_training_function --max_restarts --megatron_lm_attention_backend
    --megatron_lm_attention_dropout --megatron_lm_attention_softmax_in_fp32
    --megatron_lm_calculate_per_token_loss --megatron_lm_context_parallel_size
    --megatron_lm_decoder_last_pipeline_num_layers --megatron_lm_eod_mask_loss
    --megatron_lm_expert_model_parallel_size --megatron_lm_expert_tensor_parallel_size
    --megatron_lm_gradient_clipping --megatron_lm_hidden_dropout --megatron_lm_no_load_optim
    --megatron_lm_no_save_optim --megatron_lm_num_micro_batches --megatron_lm_optimizer_cpu_offload
    --megatron_lm_overlap_cpu_optimizer_d2h_h2d --megatron_lm_pp_degree
    --megatron_lm_recompute_activations --megatron_lm_recompute_granularity
    --megatron_lm_recompute_method --megatron_lm_recompute_num_layers --megatron_lm_sequence_parallelism
    --megatron_lm_tp_degree --megatron_lm_use_custom_fsdp --megatron_lm_use_distributed_optimizer
    --megatron_lm_use_precision_aware_optimizer --megatron_lm_use_rotary_position_embeddings
    --mixed_precision --module --monitor_interval --mpirun_hostfile --multi_gpu --no_hypervisor
    --no_python --no_tpu_cluster --num_cpu_threads_per_process --num_machines --num_processes
    --offload_optimizer_device --offload_optimizer_nvme_path --offload_param_device
    --offload_param_nvme_path --parallelism_config_cp_backend --parallelism_config_cp_comm_strategy
    --parallelism_config_cp_size --parallelism_config_dp_replicate_size
    --parallelism_config_dp_shard_size --parallelism_config_sp_attn_implementation
    --parallelism_config_sp_backend --parallelism_config_sp_seq_length
    --parallelism_config_sp_seq_length_is_variable --parallelism_config_sp_size
    --parallelism_config_tp_size --quiet --rdzv_backend --rdzv_conf --role --same_network --tee --tpu
    --tpu_cluster --tpu_use_sudo --use_cpu --use_deepspeed --use_fsdp --use_megatron_lm --use_mps_device
    --use_parallelism_config --use_xpu --vm --zero3_init_flag --zero3_save_16bit_model --zero_stage -h
    -m -q -t
  `,
  mxnet: `
    --archives --auto-file-cache --cluster --env --env-server --env-worker --files --hdfs-tempdir --help
    --host-file --host-ip --hostfile --jobname --kube-namespace --kube-server-image
    --kube-server-template --kube-worker-image --kube-worker-template --launcher --local-num-attempt
    --log-file --log-level --mesos-master --num-servers --num-workers --p3 --queue --server-cores
    --server-memory --sge-log-dir --ship-libcxx --slurm-server-nodes --slurm-worker-nodes --sync-dir
    --sync-dst-dir --worker-cores --worker-memory --yarn-app-classpath --yarn-app-dir -H -h -n -s
  `,
  ray: `
    --address --autoscaling-config --block --cgroup-path --dashboard-agent-grpc-port
    --dashboard-agent-listen-port --dashboard-host --dashboard-port --disable-usage-stats
    --enable-metrics-collection --enable-object-reconstruction --enable-resource-isolation
    --gcs-server-port --head --help --huge-pages --include-dashboard --include-log-monitor
    --include-webui --java-worker-options --labels --labels-file --log-color --log-style --lru-evict
    --max-worker-port --memory --metrics-export-port --min-worker-port --no-monitor --no-redirect-output
    --node-ip-address --node-manager-port --node-name --num-cpus --num-gpus --num-redis-shards
    --object-manager-port --object-spilling-directory --object-store-memory --plasma-directory
    --plasma-store-socket-name --port --proxy-server-url --ray-client-server-port
    --ray-debugger-external --raylet-socket-name --redis-max-clients --redis-password
    --redis-shard-ports --resources --runtime-env-agent-port --shard-ports --storage --system-config
    --system-reserved-cpu --system-reserved-memory --temp-dir --tracing-startup-hook --verbose
    --webui-host --worker-cgroup --worker-port-list -v
  `,
};
