import { passingOf } from './follow.ts';
import type { SourceCode } from './source-code.ts';

/** Specifiers as they stand in a text, behind the words that bring a module in. */
const brought = /\b(?:from|import|require)\s*(?:\(\s*)?(?:\/\*[^*]{0,200}\*\/\s*)?(['"`])([^'"`\s]{1,300})\1/g;

/**
 * Whether a file can reach what a module declares: it brings in the module itself, or one that passes on what leads
 * there. By the texts, nothing is parsed; what one file brings in is looked up once.
 */
export function reachingIn(code: SourceCode): (file: string, home: string) => boolean {
  const known = new Map<string, readonly string[]>();
  const modulesOf = (file: string): readonly string[] => {
    const before = known.get(file);
    if (before) return before;
    const specifiers = new Set([...(code.project.read(file) ?? '').matchAll(brought)].map((match) => match[2]!));
    const found = [...specifiers].flatMap((specifier) => code.leadTo(file, specifier) ?? []);
    known.set(file, found);
    return found;
  };
  const barren = new Map<string, Set<string>>();
  return (file, home) => {
    const without = barren.get(home) ?? new Set<string>();
    barren.set(home, without);
    const passed = new Set([file]);
    // What is added on the way is looked at, too.
    for (const one of passed) {
      const modules = modulesOf(one);
      if (modules.includes(home)) return true;
      const passing = modules.filter((next) => !without.has(next) && passingOf(code, next).names);
      for (const module of passing) passed.add(module);
    }
    for (const one of passed) without.add(one);
    return false;
  };
}
