import type { Found, Language } from '../types/facts.ts';
import { declaration, type Manifest } from './manifest.ts';
import { inFolder, type Project } from './project.ts';

/**
 * TypeScript or JavaScript: a tsconfig in the folder or the package, TypeScript among the dependencies, or source files
 * that are TypeScript in one of the folders.
 */
export function inspectLanguage(
  project: Project,
  manifest: Manifest,
  { root, folders }: { root: string; folders: readonly string[] },
): Found<Language> {
  const config = ['tsconfig.json', inFolder(root, 'tsconfig.json')].find((file) => project.has(file));
  if (config) return { value: 'typescript', because: `\`${config}\`` };
  const declared = declaration(manifest, 'typescript');
  if (declared) return { value: 'typescript', because: `\`typescript\` in \`${declared.list}\`` };
  for (const folder of new Set(folders)) {
    const file = project.list(folder).find((entry) => /(?<!\.d)\.[mc]?tsx?$/.test(entry.name));
    if (file) return { value: 'typescript', because: `\`${inFolder(folder, file.name)}\`` };
  }
  return { value: 'javascript', because: 'no `tsconfig.json`, no `typescript` dependency and no TypeScript source' };
}
