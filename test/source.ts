import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openCode, type SourceCode } from '../src/code/source-code.ts';
import type { LocalPackage } from '../src/code/specifiers.ts';
import { libraries } from '../src/knowledge/conventions/keyed/index.ts';
import { openProject } from '../src/knowledge/package-managers/open.ts';
import { scratch } from './flue.ts';

/** A project of these files, read as code. */
export async function codeOf(
  files: Record<string, string>,
  packages: readonly LocalPackage[] = [],
): Promise<SourceCode> {
  const cwd = scratch('code');
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), text);
  }
  const modules = Object.keys(files).filter((name) => !name.endsWith('.json'));
  return openCode(openProject(cwd), { files: modules, complete: true }, packages, libraries);
}
