import { readToPage } from '../../src/protocol/dashboardGuards';
import type { ToExtension, ToPage } from '../../src/protocol/dashboard';
import { registerControls } from '../shared/controls';
import { connectHost } from '../shared/hostApi';
import '../shared/page.css';
import './dashboard.css';
import { DashboardPage } from './dashboardPage';
import { LineChart } from './lineChart';

registerControls();
const root = document.getElementById('dashboard');
if (root === null) throw new Error('the page has no element with the id "dashboard"');
const api = connectHost<ToExtension, ToPage>(readToPage);
const page = new DashboardPage(
  root,
  api,
  document.body.dataset['run'] ?? '',
  (canvas, theme) => new LineChart(canvas, theme),
);
window.addEventListener('pagehide', () => page.dispose());
