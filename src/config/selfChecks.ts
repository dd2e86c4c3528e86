import { checkCluster } from './checks/clusterChecks';
import { checkArguments } from './checks/launcherArguments';
import { checkLaunch } from './checks/launchChecks';
import { checkParameters } from './checks/parameterChecks';
import { checkReferences } from './checks/referenceChecks';
import { Report } from './checks/report';
import { checkSecrets } from './checks/secretChecks';
import { checkWorkdir } from './checks/workdirCheck';
import type { PathProblem } from './readSchema';
import type { YamlNode } from './yamlTree';

/** Checks of one file that a schema cannot say: names that refer to each other, values that must not be visible. */
export function selfChecks(root: YamlNode, text: string): PathProblem[] {
  const report = new Report(root, text);
  for (const name of report.keys(['clusters'])) {
    checkCluster(report, ['clusters', name]);
    checkWorkdir(report, ['clusters', name]);
    checkSecrets(report, ['clusters', name]);
  }
  for (const name of report.keys(['launches'])) {
    checkLaunch(report, ['launches', name]);
    checkArguments(report, ['launches', name]);
    checkParameters(report, ['launches', name]);
    checkSecrets(report, ['launches', name]);
  }
  checkReferences(report, root);
  return report.problems;
}
