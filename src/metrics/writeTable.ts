/** Ways to write a table as text. */
export type TableFormat = 'markdown' | 'csv' | 'latex';

/** Cells as text; the first column is a name, the others are numbers. */
export interface Table {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** Up to six digits that count, without an exponent where people read it; empty where nothing is known. */
export function plain(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(6)));
}

/** A fraction, as `12 %`. */
export function percent(fraction: number, digits: number, format: TableFormat): string {
  return `${(fraction * 100).toFixed(digits)}${format === 'latex' ? '\\,\\%' : ' %'}`;
}

/** The table as Markdown, CSV (RFC 4180) or LaTeX. Cells are escaped here, but for LaTeX, see {@link latexText}. */
export function writeTable({ columns, rows }: Table, format: TableFormat): string {
  switch (format) {
    case 'markdown': {
      const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
      const alignment = columns.map((_, index) => (index === 0 ? '---' : '---:'));
      return [line(columns), `| ${alignment.join(' | ')} |`, ...rows.map(line), ''].join('\n');
    }
    case 'csv':
      return [columns, ...rows].map((cells) => `${cells.map(csvText).join(',')}\r\n`).join('');
    case 'latex': {
      const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;
      const alignment = columns.map((_, index) => (index === 0 ? 'l' : 'r')).join('');
      return [
        `\\begin{tabular}{${alignment}}`,
        '\\hline',
        line(columns),
        '\\hline',
        ...rows.map(line),
        '\\hline',
        '\\end{tabular}',
        '',
      ].join('\n');
    }
  }
}

function markdownText(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|`*_<>[\]]/g, (character) => `\\${character}`);
}

/** RFC 4180; what a spreadsheet would take for a formula is kept as text. */
function csvText(text: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const latexNames: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** Text as LaTeX prints it; cells that are LaTeX already (`$\\pm$`) do not pass here. */
export function latexText(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\~^&%$#_{}]/g, (character) => latexNames[character] ?? `\\${character}`);
}
