// Runs the scenarios of page.mjs and chat.mjs in Chromium. Without Chromium there is nothing to run it in; CI must have it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const wanted = process.argv.slice(2);
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.log(`browser: not run, there is no ${executablePath}`);
  process.exit(process.env.CI ? 1 : 0);
}

const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  context.on('console', (message) => console.log('page:', message.text()));
  context.on('weberror', (error) => console.log('page:', error.error().message));
  for (const name of wanted.length > 0 ? wanted : ['page', 'chat']) {
    const begun = performance.now();
    const page = await context.newPage();
    const { default: scenario } = await import(`./${name}.mjs`);
    await scenario(page);
    await page.close();
    console.log(`ok     ${name} (${Math.round(performance.now() - begun)} ms)`);
  }
  console.log('browser: ok in Chromium', context.browser()?.version() ?? '');
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
