import type { KnownMetric, MetricName } from '../point';

const aliases: Readonly<Record<KnownMetric, string>> = {
  throughput:
    'throughput samples_s samples_sec samples_per_sec samples_per_second img_s img_sec imgs_s imgs_sec ' +
    'images_s images_sec images_per_sec images_per_second examples_s examples_sec examples_per_sec ' +
    'examples_per_second',
  accuracy: 'accuracy acc acc@1 acc1 top1 top_1 prec@1 prec1',
  val_accuracy:
    'val_accuracy val_acc valid_accuracy valid_acc validation_accuracy validation_acc eval_accuracy eval_acc ' +
    'test_accuracy test_acc',
  train_accuracy: 'train_accuracy train_acc training_accuracy training_acc',
  top5: 'top5 top_5 acc@5 acc5 prec@5 prec5',
  val_top5: 'val_top5 val_acc5 val_top_5',
  loss: 'loss train_loss training_loss',
  val_loss: 'val_loss valid_loss validation_loss eval_loss test_loss',
  lr: 'lr learning_rate',
  step_time: 'step_time batch_time iter_time iteration_time time_per_step time_per_batch',
  epoch_time: 'epoch_time time_per_epoch',
  run_time: 'run_time runtime train_runtime total_time',
  compute_time: 'compute_time',
  wait_time: 'wait_time',
};

/** Names that are given to a program rather than measured by it; a line with one of them is a dump of settings. */
const settings = new Set(
  (
    'batch_size global_batch_size local_batch_size epochs num_epochs max_epochs max_steps num_workers workers ' +
    'momentum mom weight_decay wd seed optimizer model arch network dtype num_classes num_layers hidden_size ' +
    'dropout warmup_steps gamma beta1 beta2 eps'
  ).split(' '),
);

/** Words that may stand before a name without changing what it is: `current loss`, `epoch loss`. */
const neutral = new Set(['current', 'mean', 'avg', 'average', 'step', 'epoch', 'batch']);

/** Words that make another name of the one they stand before. */
const qualifiers: Readonly<Record<string, string>> = {
  train: 'train_',
  training: 'train_',
  val: 'val_',
  valid: 'val_',
  validation: 'val_',
  eval: 'val_',
  test: 'val_',
  learning: 'learning_',
  step: 'step_',
  epoch: 'epoch_',
  batch: 'batch_',
  compute: 'compute_',
  wait: 'wait_',
};

const names = new Map<string, KnownMetric>();
for (const [name, list] of Object.entries(aliases)) {
  for (const alias of list.split(' ')) names.set(alias, name as KnownMetric);
}

function normal(word: string): string {
  return word.toLowerCase().replace(/[-/]/g, '_');
}

/** The metric that a printed name means: `Val-Acc`, `img/sec`, … */
export function metricNamed(printed: string): MetricName | undefined {
  return names.get(normal(printed));
}

/** True for `batch_size`, `epochs`, …: values that are set, not measured. */
export function isSetting(printed: string): boolean {
  return settings.has(normal(printed));
}

/**
 * The metric of two words (`val loss`, `Training accuracy`, `learning rate`). Undefined when the word in front makes
 * it something else: `packet loss`, `best accuracy`.
 */
export function metricOfTwoWords(qualifier: string, printed: string): MetricName | undefined {
  const word = qualifier.toLowerCase();
  const prefix = Object.hasOwn(qualifiers, word) ? qualifiers[word] : undefined;
  const joined = prefix === undefined ? undefined : names.get(prefix + normal(printed));
  return joined ?? (neutral.has(word) ? metricNamed(printed) : undefined);
}
