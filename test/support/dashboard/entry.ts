export { ChartBuilder } from '../../../src/vscode/dashboard/charts';
export { pageHtml } from '../../../src/vscode/pageHtml';
export { RunEvents } from '../../../src/vscode/dashboard/runEvents';
export { snapshot } from '../../../src/vscode/dashboard/snapshot';
export { scenarios } from './scenarios';
export { themes } from './themes';
