import * as module from 'node:module';
import { adapters, empty, entryExtensions, standIn } from './stand-ins.ts';

interface Resolved {
  url: string;
  shortCircuit?: boolean;
}

type Resolve = (specifier: string, context: { parentURL?: string }) => Resolved;

interface Hooks {
  registerHooks?: (hooks: {
    resolve(specifier: string, context: { parentURL?: string }, next: Resolve): Resolved;
  }) => void;
}

/**
 * The same for what Node itself loads: an adapter that is imported by a package, and everything where the project has
 * no Vite. Node 22.15 and newer have these hooks; where there are none, nothing is done. Gives whether there are.
 */
export function registerHooks(): boolean {
  const { registerHooks: register } = module as unknown as Hooks;
  register?.({
    resolve: (specifier, context, next) => {
      if (adapters.includes(specifier)) return { url: standIn.href, shortCircuit: true };
      if (/^(?:server|client)-only$/.test(specifier)) return { url: empty.href, shortCircuit: true };
      try {
        return next(specifier, context);
      } catch (error) {
        const found = asTypeScript(specifier).find((one) => resolves(() => next(one, context)));
        if (found === undefined) throw error;
        return next(found, context);
      }
    },
  });
  return register !== undefined;
}

/** What a specifier that is not there may mean in TypeScript. */
function asTypeScript(specifier: string): string[] {
  if (!/^\.{0,2}\//.test(specifier)) return [];
  const bare = specifier.replace(/\.([mc]?)js$/, '.$1ts');
  return [
    ...(bare === specifier ? [] : [bare]),
    ...entryExtensions.flatMap((one) => [specifier + one, `${specifier}/index${one}`]),
  ];
}

function resolves(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
