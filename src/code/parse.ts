import { type ParserPlugin, parse } from '@babel/parser';
import type { Module, Node } from './module.ts';

/**
 * Rules of the language that code may break and still be read: a parser that only reads need not be the judge of them.
 */
const tolerant = {
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowUndeclaredExports: true,
  allowImportExportEverywhere: true,
  allowNewTargetOutsideFunction: true,
  allowSuperOutsideMethod: true,
};

/**
 * Parses a TypeScript or JavaScript module, of either kind where `path` does not tell; null where it does not parse.
 * `strict`: null also where a rule of the language is broken (a name declared twice), as for a text that is to be
 * edited.
 */
export function parseModule(text: string, path = '', strict = true): Module | null {
  for (const decorators of text.includes('@') ? decoratorPlugins : [decoratorPlugins[0]]) {
    for (const attempt of attemptsFor(path)) {
      const body = bodyOf(text, attempt, { strict, decorators });
      if (body) return { path, text, body };
    }
  }
  return null;
}

/** TypeScript's own, with those of parameters, and the standard's, which may stand behind `export`. */
const decoratorPlugins = ['decorators-legacy', 'decorators'] as const;

interface Attempt {
  jsx: boolean;
  sourceType: 'module' | 'script';
}

/** `<T>x` is a cast in .ts and an element in .tsx; a script may use names that a module may not. */
function attemptsFor(path: string): Attempt[] {
  const plain = /\.[mc]?ts$/.test(path) || path === '';
  const module: Attempt = { jsx: !plain, sourceType: 'module' };
  if (/\.(?:[mc]?tsx?|mjs)$/.test(path)) return [module];
  return path === ''
    ? [module, { ...module, jsx: true }]
    : [module, { ...module, sourceType: 'script' }, { ...module, jsx: false }];
}

const language: ParserPlugin[] = [
  ['estree', { classFeatures: true }],
  'typescript',
  'decoratorAutoAccessors',
  'explicitResourceManagement',
  'deferredImportEvaluation',
  'sourcePhaseImports',
];

function bodyOf(
  text: string,
  { jsx, sourceType }: Attempt,
  { strict, decorators }: { strict: boolean; decorators: (typeof decoratorPlugins)[number] },
): Node[] | null {
  const plugins: ParserPlugin[] = [...language, decorators, ...(jsx ? ['jsx' as const] : [])];
  try {
    const { program, errors } = parse(text, {
      ...tolerant,
      ...(sourceType === 'script' && { allowImportExportEverywhere: true }),
      sourceType,
      errorRecovery: !strict,
      attachComment: false,
      createImportExpressions: true,
      plugins,
    });
    return strict && (errors?.length ?? 0) > 0 ? null : (program.body as unknown as Node[]);
  } catch {
    // It does not parse, or it is nested deeper than a parser can go.
    return null;
  }
}
