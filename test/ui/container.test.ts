// Sigil's place in the side bar, before anything ran.

import { fixture, useWorkbench } from './support.ts';

describe('the side bar', () => {
  const wb = useWorkbench({ folder: fixture('knobs') });

  it('has a view container that opens', async () => {
    await wb().openViewContainer('Sigil');
    await wb().page.locator('.part.sidebar .pane-header, .part.sidebar .composite.title', { hasText: /runs/i }).first().waitFor();
  });
});
