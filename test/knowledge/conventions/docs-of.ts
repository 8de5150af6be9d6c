import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sourcesOf } from '../../../src/inspect/sources.ts';
import { findEnvDocs } from '../../../src/knowledge/conventions/index.ts';
import { isVariable } from '../../../src/knowledge/engines/family.ts';
import { isOwnCode } from '../../../src/knowledge/hosts/flue/layout.ts';
import { openProject } from '../../../src/knowledge/package-managers/open.ts';
import { isSignOfOwner } from '../../../src/knowledge/schema-owners/index.ts';
import { readManifest } from '../../../src/project/manifest.ts';
import type { EnvDoc } from '../../../src/types/env-docs.ts';
import { scratch } from '../../flue.ts';

const libraries = [
  ...['@t3-oss/env-core', 'zod', 'valibot', 'arktype', 'arkenv', 'znv', 'envsafe', 'envalid', 'joi', 'yup', 'effect'],
  ...['@sinclair/typebox', 'class-validator', 'astro'],
];

/**
 * The env docs of a project of those files. It declares every library that checks the environment unless it has a
 * package.json.
 */
export async function docsOf(files: Record<string, string>): Promise<EnvDoc[]> {
  const root = scratch('docs');
  const dependencies = Object.fromEntries(libraries.map((name) => [name, '*']));
  for (const [file, text] of Object.entries({ 'package.json': JSON.stringify({ dependencies }), ...files })) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  const project = openProject(root);
  const manifest = readManifest(project, '.')!;
  return findEnvDocs({
    project,
    manifest,
    workspace: null,
    from: '.',
    sourceRoot: 'src',
    entry: 'src/db.ts',
    isOwnCode: (file) => isOwnCode('src', file),
    isOfDatabase: isVariable,
    isSignOfOwner,
    source: sourcesOf(project, manifest, 'src', async () => []),
  });
}
