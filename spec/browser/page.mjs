// What happens in the page: the package's browser entry, bundled as an application's would be, loads and runs.
import assert from 'node:assert/strict';
import { build } from 'esbuild';

export default async (page) => {
  const { outputFiles } = await build({
    stdin: { contents: `export * from 'rxjs-ws'`, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'iife',
    globalName: 'rxjsWs',
    platform: 'browser',
    write: false,
  });
  await page.setContent('<!doctype html><title>rxjs-ws</title>');
  await page.addScriptTag({ content: outputFiles[0].text });
  assert.equal(await page.evaluate(() => typeof globalThis.rxjsWs), 'object');
};
