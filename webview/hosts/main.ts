import { readHostsToPage, type HostsToExtension, type HostsToPage } from '../../src/protocol/hosts';
import { registerControls } from '../shared/controls';
import { connectHost } from '../shared/hostApi';
import '../shared/page.css';
import './hosts.css';
import { HostsPage } from './hostsPage';

registerControls();
const root = document.getElementById('hosts');
if (root === null) throw new Error('the page has no element with the id "hosts"');
const page = new HostsPage(root, connectHost<HostsToExtension, HostsToPage>(readHostsToPage));
window.addEventListener('pagehide', () => page.dispose());
