import type { Blueprint } from '../types/blueprint.ts';

/** Services of which a template writes some: a line that is for one alone ends in its name. */
const marked = /^(.*\S)[ \t]*\/\/ service: (\w+)\n/gm;

/**
 * A template with the lines of the chosen services, and without those of the others. An import that then fits on a line
 * stands on one.
 */
export function withServices(template: string, chosen: readonly string[]): string {
  if (!template.includes('// service: ')) return template;
  return template
    .replace(marked, (_, line: string, name: string) => (chosen.includes(name) ? `${line}\n` : ''))
    .replace(/^import \{\n((?: {2}[\w ]+,\n)+)\} from (.*)\n/gm, (whole, names: string, from: string) => {
      const line = `import { ${names.trim().replace(/,$/, '').replace(/,\n */g, ', ')} } from ${from}\n`;
      return line.length <= 101 ? line : whole;
    });
}

/** The services that an entry makes beside those that every one makes. */
export function servicesIn(text: string, { services = [] }: Blueprint): string[] {
  const named = services.filter(({ always, refused }) => !always && !refused);
  return named.flatMap(({ name }) => (new RegExp(`\\b${name}\\b`).test(text) ? [name] : []));
}

/** A template whose type allows these services to have no value. */
export function withOptional(template: string, names: readonly string[]): string {
  return names.reduce(
    (text, name) => text.replace(new RegExp(`^( +${name}): (?=Redis\\w+;$)`, 'm'), '$1?: '),
    template,
  );
}

/** What `withOptional` did, undone, formatted as it may be by now. */
export function withoutOptional(text: string, { services = [] }: Blueprint): string {
  return services.reduce((one, { name }) => one.replace(new RegExp(`(\\s${name})\\?:`), '$1:'), text);
}
