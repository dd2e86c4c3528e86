import { isAlias, isCollection, isMap, isNode, isScalar, isSeq, visit, type Node } from 'yaml';
import type { Path } from '../config/yamlPath';
import { isMissing, keyOf, type KeyValue, type YamlSource } from './yamlEditsSource';

/** What is written at a path, and what a form has to know before it offers to change it. */
export interface Written {
  /** Where the key begins, or where it would stand. */
  offset: number;
  /** The value as it is written; undefined where the file has none there. */
  text: string | undefined;
  /** Why a form cannot change it, as the rest of a sentence; undefined: it can. */
  locked: string | undefined;
}

/** Tells what is written at paths of one text. */
export class WrittenValues {
  private readonly aliased = new Set<string>();

  constructor(private readonly source: YamlSource) {
    visit(source.root, {
      Alias: (_key, { source: name }) => {
        this.aliased.add(name);
      },
    });
  }

  at(path: Path): Written {
    const found = this.source.find(path);
    if (found === undefined) return this.behindAlias(path);
    const { places, rest } = found;
    const offset = places.at(-1)?.pair.key.range?.[0] ?? this.source.root.range?.[0] ?? 0;
    const shared = places.flatMap(({ pair }) => this.sharedAnchor(pair.value) ?? [])[0];
    const inShared = shared && `it belongs to \`&${shared}\`, which other places use`;
    const last = places.at(-1)?.pair;
    if (rest.length > 0 || last === undefined) return { offset, text: undefined, locked: inShared };
    return { offset, text: this.textOf(last), locked: inShared ?? this.lockOf(last) };
  }

  /** True where the mapping at a path takes entries from elsewhere (`<<`). */
  merges(path: Path): boolean {
    const value = this.source.find(path)?.places.at(-1)?.pair.value;
    return isMap(value) && (value.items as KeyValue[]).some(({ key }) => keyOf(key) === '<<');
  }

  private behindAlias(path: Path): Written {
    for (let length = path.length - 1; length > 0; length--) {
      const last = this.source.find(path.slice(0, length))?.places.at(-1)?.pair;
      if (last === undefined) continue;
      const offset = last.key.range?.[0] ?? 0;
      const name = isAlias(last.value) ? ` of \`*${last.value.source}\`` : '';
      return { offset, text: undefined, locked: `it is a part${name} that is written elsewhere` };
    }
    return { offset: 0, text: undefined, locked: 'it is written elsewhere' };
  }

  private textOf({ value }: KeyValue): string | undefined {
    if (value === null || isMissing(value)) return undefined;
    return this.source.text.slice(value.range?.[0], this.source.endOf(value));
  }

  private lockOf(pair: KeyValue): string | undefined {
    const { value } = pair;
    if (this.source.afterColon(pair) === undefined) return 'its key is written with `?`, or has no colon';
    if (isAlias(value)) return `it is the alias \`*${value.source}\``;
    const tag = isScalar(value) || isCollection(value) ? value.tag : undefined;
    if (tag !== undefined) return `it has the tag \`${tag}\``;
    const below: unknown[] = isSeq(value)
      ? value.items
      : isMap(value)
        ? (value.items as KeyValue[]).flatMap((one) => [one.key, one.value])
        : [];
    if (isMap(value) && (value.items as KeyValue[]).some(({ key }) => keyOf(key) === '<<')) {
      return 'it takes entries from elsewhere (`<<`)';
    }
    return below.some((node) => isNode(node) && this.isNamed(node))
      ? 'an anchor, alias or tag is in it'
      : undefined;
  }

  private isNamed(node: Node): boolean {
    if (isAlias(node)) return true;
    if (!isScalar(node) && !isCollection(node)) return false;
    return node.tag !== undefined || node.anchor !== undefined;
  }

  /** The anchor of a value that is used elsewhere too. */
  private sharedAnchor(node: Node | null): string | undefined {
    if (!isScalar(node) && !isCollection(node)) return undefined;
    return node.anchor !== undefined && this.aliased.has(node.anchor) ? node.anchor : undefined;
  }
}
