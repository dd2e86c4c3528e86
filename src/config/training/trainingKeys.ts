/** What the value of a known key must be. */
export type TrainingValue = 'whole' | 'number' | 'boolean' | 'level';

/** A key of a training configuration. */
export interface TrainingKey {
  value: TrainingValue;
  /** The least value that the key can have; below it nothing can be trained. */
  least?: number;
  /** `least` itself is allowed, but trains nothing (0 epochs). */
  idleAtLeast?: true;
  /** A list of values is a search space, as tuners read it. */
  search?: true;
  /** Markdown, one or two sentences. */
  description: string;
  /** As it is written in JSON. */
  example: string;
}

/** `workers`: nodes × gpus processes of Ray's trainer. `replicas`: copies of the model that share a batch. */
export type TrainingShapeName = 'workers' | 'replicas';

export interface TrainingShape {
  name: TrainingShapeName;
  keys: Readonly<Record<string, TrainingKey>>;
}

const epochs: Omit<TrainingKey, 'description'> = {
  value: 'whole',
  least: 0,
  idleAtLeast: true,
  search: true,
  example: '20',
};

/** The two shapes that are known, from the programs of their users. */
export const trainingShapes: readonly TrainingShape[] = [
  {
    name: 'workers',
    keys: {
      lr: {
        value: 'number',
        least: 0,
        idleAtLeast: true,
        search: true,
        description: 'Learning rate: how far each step of the optimiser goes.',
        example: '0.001',
      },
      epochs: { ...epochs, description: 'How often the model sees all training data.' },
      verbose: {
        value: 'level',
        least: 0,
        description: 'How much the program prints.',
        example: '1',
      },
      nodes: { value: 'whole', least: 1, description: 'Number of hosts.', example: '2' },
      gpus: { value: 'whole', least: 0, description: 'GPUs on each host.', example: '4' },
      batch_size: {
        value: 'whole',
        least: 1,
        search: true,
        description: 'Samples in one step of one worker. All workers together take this times `num_workers`.',
        example: '16',
      },
      num_workers: {
        value: 'whole',
        least: 1,
        description: 'Processes that train: `nodes` × `gpus`, one for each GPU.',
        example: '8',
      },
      use_gpu: {
        value: 'boolean',
        description: 'Whether each worker takes a GPU.',
        example: 'true',
      },
    },
  },
  {
    name: 'replicas',
    keys: {
      num_replicas: {
        value: 'whole',
        least: 1,
        description: 'Copies of the model that share each batch, one for each GPU. Without this key: 1.',
        example: '4',
      },
      batch_size_per_replica: {
        value: 'whole',
        least: 1,
        search: true,
        description:
          'Samples in one step of one replica. All replicas together take this times `num_replicas`.',
        example: '2',
      },
      num_epochs: { ...epochs, description: 'How often the model sees all training data.' },
      debug: {
        value: 'boolean',
        description: 'Whether the program prints every step and writes no event files.',
        example: 'false',
      },
    },
  },
];

/** From how many keys on a file is of a shape without anything naming it. */
export const claimingKeys = 4;

/** The shape that a file has most keys of; undefined where it has none. */
export function shapeOf(keys: Iterable<string>): TrainingShape | undefined {
  const present = [...keys];
  const count = (shape: TrainingShape): number =>
    // `debug` is in configuration files of all kinds.
    present.filter((key) => key !== 'debug' && Object.hasOwn(shape.keys, key)).length;
  const [best] = [...trainingShapes].sort((a, b) => count(b) - count(a));
  return best !== undefined && count(best) > 0 ? best : undefined;
}

/** How many keys of a shape a file has. */
export function keysOf(shape: TrainingShape, keys: Iterable<string>): number {
  return [...keys].filter((key) => Object.hasOwn(shape.keys, key)).length;
}
