import { packageImports, templateOf } from '../blueprints/template.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Step } from '../types/plan.ts';

/**
 * What tsconfig has to say otherwise, or TypeScript does not take the db entry. What the entry can do about it itself
 * it does when it is rendered.
 */
export function compilerSteps(facts: Facts, choice: Choice, { templates }: Pick<Shelved, 'templates'>): Step[] {
  if (choice.entry.value === 'keep' || !/\.m?ts$/.test(choice.entry.path)) return [];
  const { value: compiler, because: file } = facts.compiler;
  // A driver's subpath, such as `mysql2/promise`, is a file of that name; the runtime's are known by `exports` alone.
  const isExport = (name: string) => name.startsWith(`${hostOf(facts).runtime}/`);
  const { defaults, subpaths } = packageImports(templates[templateOf(choice.driver.value, choice.client)]!);
  const lacking = [
    ...(compiler.packageExports
      ? []
      : subpaths.filter(isExport).map((name) => `have TypeScript find \`${name}\`: ${resolution}`)),
    ...(compiler.defaultImports ? [] : defaults.map((name) => `have TypeScript import \`${name}\` whole: ${interop}`)),
  ];
  return lacking.map((text) => ({ kind: 'edit', text: `${text} in ${file}` }));
}

const resolution = '`"module": "nodenext"`, or `"moduleResolution": "bundler"`,';
const interop = '`"esModuleInterop": true`';
