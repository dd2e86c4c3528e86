import type { EditorToExtension, EditorToPage } from '../../src/protocol/editor';
import { readToForms, type FormAsk, type FormEdit, type FormState } from '../../src/protocol/launches';
import { registerControls } from '../shared/controls';
import { connectHost } from '../shared/hostApi';
import '../shared/page.css';
import './launches.css';
import { LaunchesPage } from './launchesPage';

registerControls();
const root = document.getElementById('launches');
if (root === null) throw new Error('the page has no element with the id "launches"');
const page = new LaunchesPage(
  root,
  connectHost<EditorToExtension<FormEdit, FormAsk>, EditorToPage<FormState>>(readToForms),
);
window.addEventListener('pagehide', () => page.dispose());
