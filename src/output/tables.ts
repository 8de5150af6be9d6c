import type { Blueprint } from '../types/blueprint.ts';
import type { CodeStyle, Facts, Found } from '../types/facts.ts';
import type { TableRow } from './layout.ts';
import type { Screen } from './screen.ts';

/** What can be added to the projects of one framework. */
export interface Offer {
  /** As people write it. */
  host: string;
  blueprints: readonly Blueprint[];
}

/**
 * What can be added, as a table for each framework: each with its drivers, the first of which is used where the project
 * has none.
 */
export function showOffers(screen: Screen, [first, ...others]: readonly Offer[]): void {
  showBlueprints(screen, first?.blueprints ?? []);
  for (const { host, blueprints } of others) {
    screen.blank();
    screen.say(`In a ${host} project:`);
    screen.blank();
    showBlueprints(screen, blueprints);
  }
}

function showBlueprints(screen: Screen, blueprints: readonly Blueprint[]): void {
  screen.rows(
    blueprints.map((one): TableRow => {
      const names = [...new Set(one.drivers.map((driver) => driver.package))].filter((name) => name !== one.adapter);
      return [one.name, [one.summary, ['dim', ` (${names.join(', ') || 'built in'})`]]];
    }),
    0,
  );
}

/** The facts about a project with their evidence. */
export function showFacts(screen: Screen, facts: Facts, command: Found<string>): void {
  const row = (name: string, found: Found<unknown> | null, value?: string): TableRow =>
    found ? [name, [value ?? String(found.value ?? 'open'), ['dim', `, because ${found.because}`]]] : [name, 'none'];
  screen.say([['bold', facts.root]]);
  screen.blank();
  screen.rows([
    row(facts.host.value, facts.version),
    row('target', facts.target),
    row('language', facts.language),
    row('source root', facts.sourceRoot),
    row(
      'entry',
      facts.entry,
      facts.entry ? `${facts.entry.value.path} (${facts.entry.value.marker ?? 'not ours'})` : '',
    ),
    row('package manager', facts.packageManager, facts.packageManager.value?.name ?? 'open'),
    row('workspace', facts.workspace),
    row('style', facts.formatter, styleIn(facts.formatter.value)),
    ...facts.packages.map(
      (one): TableRow => [
        'package',
        `${one.name} ${one.specifier ?? one.installed}, in ${one.list ?? 'node_modules only'}`,
      ],
    ),
    ...facts.clients.map(
      (one): TableRow => [
        'client',
        `${one.path}#${one.export} (${one.package})${one.unfit ? `, not to be shared: ${one.unfit}` : ''}`,
      ],
    ),
    ...facts.envDocs.map(
      (doc): TableRow => [
        'env doc',
        `${doc.path} (${doc.kind})${doc.leftAlone ? `, left alone: ${doc.leftAlone.message}` : ''}`,
      ],
    ),
    row('command line', command),
  ]);
}

function styleIn({ style, eol }: CodeStyle): string {
  const settings = Object.entries(style ?? {}).map(([name, value]) => `${name} ${value}`);
  return [...settings, eol === '\n' ? 'LF' : 'CRLF'].join(', ');
}
