import { renderJob } from '../../launch/jobScript';
import { quote, quotePath } from '../../ssh/quote';
import preflightScript from './remote/preflight.sh';
import type { HostRequest, PreflightRequest } from './request';

/**
 * preflight.sh for one host, with what it is to look at.
 * @param tag letters and digits, used once: begins each line of the answer.
 */
export function renderPreflight(
  request: PreflightRequest,
  { programs, scripts, ports, peers }: HostRequest,
  tag: string,
): string {
  return [
    `tag=@${tag}`,
    `workdir=${quotePath(request.workdir)}`,
    `probe=${quote(renderProbe(request, { programs, scripts }, tag))}`,
    `ports=${quote(ports.join(' '))}`,
    `peers=${quote(peers.join(' '))}`,
    preflightScript,
  ].join('\n');
}

/**
 * The shell of the job with the setup lines of the job; instead of the command, questions. bash tells a line that fails
 * (its ERR trap passes over conditions, and over what happens inside files that a line reads); sh only tells whether
 * the end was reached.
 */
function renderProbe(
  request: PreflightRequest,
  { programs, scripts }: Pick<HostRequest, 'programs' | 'scripts'>,
  tag: string,
): string {
  const tell = (text: string, ...values: string[]): string =>
    `printf '\\n@${tag} ${text}\\n' ${values.join(' ')}`.trimEnd();
  const onError = `[ "\${#BASH_SOURCE[@]}" -gt 1 ] || ${tell('setupfailed=%s %s', '"$rankwise_status"', '"${BASH_COMMAND%%[[:cntrl:]]*}"')}`;
  return renderJob({
    title: 'Looks whether the command can run.',
    env: request.env,
    preamble: `if [ -n "\${BASH_VERSION-}" ]; then trap ${quote(`rankwise_status=$?; ${onError}`)} ERR; fi`,
    workdir: '.',
    setup: request.setup,
    command: [
      `if [ -n "\${BASH_VERSION-}" ]; then trap - ERR; fi`,
      tell('ready=yes'),
      `while IFS= read -r rankwise_line; do ${tell('limit=%s', '"$rankwise_line"')}; done </proc/self/limits`,
      ...programs.map(
        (program, index) =>
          `if command -v ${quotePath(program)} >/dev/null 2>&1; then ${tell(`program=${index} yes`)}; else ${tell(`program=${index} no`)}; fi`,
      ),
      ...scripts.flatMap((script, index) => [
        `if [ -e ${quotePath(script)} ]; then ${tell(`script=${index} %s`, `"$(cksum <${quotePath(script)} 2>/dev/null)"`)}; else ${tell(`script=${index} no`)}; fi`,
      ]),
      'exit 0',
    ].join('\n'),
    hasBash: true,
  });
}
