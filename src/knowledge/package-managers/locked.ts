import { inFolder, type Project } from '../../project/project.ts';

/** A search for lines, not a parse: a pnpm-lock of 0.8 MB takes 650 ms to parse. `NAME` stands for the package. */
const lockPatterns: [file: string, pattern: string][] = [
  ['package-lock.json', 'node_modules/NAME": \\{\\s*"version": "([^"]+)"'],
  ['npm-shrinkwrap.json', 'node_modules/NAME": \\{\\s*"version": "([^"]+)"'],
  ['pnpm-lock.yaml', "^ {2}'?/?NAME@([^(':]+)"],
  ['yarn.lock', '^"?NAME@[^\\n]*:\\n {2}version:? "?([^"\\n]+)"?'],
  ['bun.lock', '"NAME": \\["NAME@([^"]+)"'],
];

/** The version of a package that the lockfile has; null also where it has two: a repository may be on both lines. */
export function lockedVersion(project: Project, name: string): { version: string; path: string } | null {
  for (const folder of project.upward) {
    for (const [file, pattern] of lockPatterns) {
      const path = inFolder(folder, file);
      const text = project.has(path) ? (project.read(path) ?? '') : '';
      const named = new RegExp(pattern.replaceAll('NAME', name.replaceAll('.', '\\.')), 'gm');
      const versions = [...new Set([...text.matchAll(named)].map((match) => match[1]!))];
      if (versions.length === 1) return { version: versions[0]!, path };
      if (versions.length > 1) return null;
    }
  }
  return null;
}
