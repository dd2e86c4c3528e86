/** Keys that are known by their shape, with whose they are. Each is matched as a whole word. */
const shapes: readonly [owner: string, pattern: RegExp][] = [
  ['AWS', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['Hugging Face', /\bhf_[A-Za-z0-9]{30,60}\b/],
  ['GitHub', /\b(?:gh[pousr]_[A-Za-z0-9]{36,80}|github_pat_[A-Za-z0-9_]{50,100})\b/],
  ['GitLab', /\bglpat-[A-Za-z0-9_-]{20,60}\b/],
  ['OpenAI', /\bsk-(?:proj-)?[A-Za-z0-9]{20,200}\b/],
  ['Anthropic', /\bsk-ant-[A-Za-z0-9_-]{20,200}\b/],
  ['Slack', /\bxox[abprs]-[A-Za-z0-9-]{10,100}\b/],
  ['Google', /\bAIza[0-9A-Za-z_-]{35}\b/],
  ['a private key', /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/],
];

/** `NAME=value` in text for a shell, where the name says that the value is a secret. Quotes around the value are not part of it. */
const assignment =
  /(?<![\w$])([A-Z][A-Z0-9_]{0,60}_(?:TOKEN|API_?KEY|PASSWORD|SECRET|SECRET_KEY|ACCESS_KEY))=["']?([^\s"'$;&|<>`~/.]{8,200})/;

/** `wandb login` and `huggingface-cli login` with the key itself. */
const login = /\bwandb login (?:--\S{1,40} ){0,4}([0-9a-f]{40})\b/;

/** A text without the keys that are known by their shape; `…` stands for each. */
export function withoutKeys(text: string): string {
  let result = text.replaceAll(/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*/g, '…');
  for (const [, pattern] of shapes) result = result.replaceAll(new RegExp(pattern.source, 'g'), '…');
  return result.replaceAll(new RegExp(login.source, 'g'), (found, key: string) => found.replace(key, '…'));
}

/** A secret in a text, and whose it is; undefined where none can be seen. */
export function secretIn(text: string): { part: string; owner: string } | undefined {
  for (const [owner, pattern] of shapes) {
    const [part] = pattern.exec(text) ?? [];
    if (part !== undefined) return { part, owner };
  }
  const [, wandb] = login.exec(text) ?? [];
  if (wandb !== undefined) return { part: wandb, owner: 'Weights & Biases' };
  const [, name, value] = assignment.exec(text) ?? [];
  return name === undefined || value === undefined ? undefined : { part: value, owner: `\`${name}\`` };
}
