import * as vscode from 'vscode';
import { Cancelled } from '../../base/errors';
import { resourceNames, resourceProblem, type ResourceName } from '../../config/argumentLists';
import type { LaunchModel } from '../../config/model';
import type { LaunchOptions } from '../../runs/launchOptions';

type Step = { kind: 'launch' } | { kind: 'preset' } | { kind: 'name' } | { kind: 'value'; name: string };
type Item = vscode.QuickPickItem & { step?: Step };

/**
 * Asks what a launch is to start with: a preset, parameters, resources, a name. Values stand beside their names and
 * nothing is kept for the next time. @throws Cancelled
 */
export async function askLaunchOptions(launch: LaunchModel): Promise<LaunchOptions> {
  const set: Record<string, string> = {};
  let [preset, name]: (string | undefined)[] = [];
  for (;;) {
    const chosen: LaunchOptions = { set };
    if (preset !== undefined) chosen.preset = preset;
    if (name !== undefined) chosen.name = name;
    const values = { ...(preset === undefined ? {} : launch.presets[preset]), ...set };
    const choice = await vscode.window.showQuickPick(items(launch, preset, name, values), {
      title: `Launch ${launch.name} With…`,
      placeHolder: 'Choose what to change, then Launch',
      matchOnDescription: true,
    });
    switch (choice?.step?.kind) {
      case undefined:
        throw new Cancelled();
      case 'launch':
        return chosen;
      case 'preset':
        preset = await askPreset(launch, preset);
        break;
      case 'name':
        name = (await ask('Name of the run', name ?? '', 'It stands in its title.')) || undefined;
        break;
      case 'value': {
        const key = choice.step.name;
        const value = await askValue(key, values[key] ?? defaultOf(launch, key) ?? '');
        if (value !== undefined) set[key] = value;
      }
    }
  }
}

function items(
  launch: LaunchModel,
  preset: string | undefined,
  name: string | undefined,
  values: Readonly<Record<string, string>>,
): Item[] {
  const row = (key: string): Item => ({
    label: `$(edit) ${key}`,
    description: values[key] ?? defaultText(launch, key),
    step: { kind: 'value', name: key },
  });
  const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const varied = Object.keys(launch.matrix?.axes ?? {});
  const free = (key: string): boolean => !varied.includes(key);
  return [
    { label: '$(play) Launch', step: { kind: 'launch' } },
    { label: '$(tag) Name', description: name ?? 'none', step: { kind: 'name' } },
    ...(Object.keys(launch.presets).length === 0
      ? []
      : [
          {
            label: '$(list-selection) Preset',
            description: preset ?? 'none',
            step: { kind: 'preset' as const },
          },
        ]),
    heading('parameters'),
    ...Object.keys(launch.params).filter(free).map(row),
    heading('resources'),
    ...resourceNames.filter((key) => free(key) && mayBeSet(launch, key)).map(row),
  ];
}

/** A partition is of Slurm alone. */
function mayBeSet({ launcher, slurm }: LaunchModel, name: ResourceName): boolean {
  return name !== 'partition' || launcher === 'slurm' || slurm.partition !== undefined;
}

function defaultOf(launch: LaunchModel, key: string): string | undefined {
  if (Object.hasOwn(launch.params, key)) return launch.params[key];
  if (key === 'partition') return launch.slurm.partition;
  const value = key === 'np' || key === 'nodes' || key === 'gpus' ? launch[key] : undefined;
  return value === undefined ? undefined : String(value);
}

function defaultText(launch: LaunchModel, key: string): string {
  const value = defaultOf(launch, key);
  return value === undefined ? 'as the cluster says' : `${value} (default)`;
}

async function askPreset(launch: LaunchModel, now: string | undefined): Promise<string | undefined> {
  const presets = Object.entries(launch.presets).map(([preset, values]) => ({
    label: preset,
    description: Object.entries(values)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    preset,
  }));
  const none = { label: 'none', description: 'the defaults', preset: undefined };
  const choice = await vscode.window.showQuickPick([none, ...presets], { placeHolder: 'Which preset?' });
  return choice === undefined ? now : choice.preset;
}

async function askValue(key: string, value: string): Promise<string | undefined> {
  const resource = resourceNames.find((name) => name === key);
  return ask(`Value of ${key}`, value, 'For this launch only.', (text) => {
    const problem = resource === undefined ? undefined : resourceProblem(resource, text);
    return problem === undefined ? undefined : `${key} must be ${problem}.`;
  });
}

async function ask(
  title: string,
  value: string,
  prompt: string,
  validateInput?: (text: string) => string | undefined,
): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title,
    value,
    prompt,
    ...(validateInput === undefined ? {} : { validateInput }),
  });
}
