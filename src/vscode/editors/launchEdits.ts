import { RankwiseError } from '../../base/errors';
import { practiceCluster } from '../../config/checks/clusterChecks';
import { parseYaml } from '../../config/yamlTree';
import { applyEdits } from '../../language/applyEdits';
import { rankwiseRename } from '../../language/rankwiseNames';
import { duplicateEntry } from '../../language/yamlEditsCopy';
import { at, type EditValue } from '../../language/yamlEditsMeaning';
import { YamlSource } from '../../language/yamlEditsSource';
import { setValue } from '../../language/yamlEdits';
import { yamlKey } from '../../language/yamlEntryText';
import { insertEntry } from '../../language/yamlInsert';
import type { TextEdit } from '../../language/types';
import type { FieldValue, FormEdit, Section } from '../../protocol/launches';
import { readingAt } from './launchFields';

/**
 * The edits of a `rankwise.yaml` for a change in its form.
 * @throws RankwiseError `editor.cannotEdit` where it cannot be made without touching something else
 */
export function launchEdits(text: string, edit: FormEdit): TextEdit[] {
  const edits = editsOf(text, edit);
  if (edits !== undefined) return edits;
  throw new RankwiseError(
    'editor.cannotEdit',
    `${whatOf(edit)} cannot be changed here without touching something else`,
    {
      nextStep: 'An anchor, alias, merge key, comment or a name that is taken is in the way: edit the text.',
    },
  );
}

function editsOf(text: string, edit: FormEdit): TextEdit[] | undefined {
  switch (edit.kind) {
    case 'set':
      return setValue(text, edit.path, edit.value === null ? undefined : editValue(edit.path, edit.value));
    case 'add':
      return insertEntry(text, edit.section, edit.name, newEntry(text, edit.section));
    case 'duplicate':
      return duplicateEntry(text, edit.section, edit.name, edit.newName);
    case 'remove':
      return setValue(text, [edit.section, edit.name], undefined);
    case 'rename':
      return renameEntry(text, edit.section, edit.name, edit.newName);
  }
}

/** With all that refers to it. */
function renameEntry(text: string, section: Section, name: string, newName: string): TextEdit[] | undefined {
  const key = YamlSource.read(text)?.find([section, name])?.places[1]?.pair.key;
  if (key?.range == null) return undefined;
  const renamed = rankwiseRename(text, key.range[0], newName);
  if ('refused' in renamed) throw new RankwiseError('editor.cannotEdit', renamed.refused.replace(/\.$/, ''));
  const { root, problems } = parseYaml(applyEdits(text, renamed.edits));
  const isThere = root !== undefined && problems.length === 0 && at(root, [section, newName]) !== undefined;
  return isThere ? renamed.edits : undefined;
}

function whatOf(edit: FormEdit): string {
  return edit.kind === 'set' ? `\`${edit.path.slice(2).join('.')}\`` : `\`${edit.name}\``;
}

function editValue(path: string[], value: FieldValue): EditValue | undefined {
  const reading = readingAt(path, value.kind);
  switch (value.kind) {
    case 'text':
      return value.text === '' ? undefined : { kind: 'scalar', text: value.text, reading };
    case 'lines':
      return { kind: 'list', items: value.lines, reading };
    case 'pairs':
      return { kind: 'map', entries: value.pairs.map(({ name, value: text }) => [name, text]), reading };
  }
}

/** What a new cluster or launch begins with: little, and nothing that does harm when it is started by mistake. */
function newEntry(text: string, section: Section): string {
  if (section === 'clusters') return 'hosts:\n  - node1\n';
  const { root } = parseYaml(text);
  const clusters = root && at(root, ['clusters']);
  const [cluster = practiceCluster] = clusters?.kind === 'map' ? clusters.entries.keys() : [];
  return `cluster: ${yamlKey(cluster)}\nlauncher: ssh\ncommand: hostname\n`;
}
