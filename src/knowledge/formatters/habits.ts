import type { Project } from '../../project/project.ts';
import type { Settings } from './index.ts';

/** Quotes, semicolons and indentation of flue.config or the Vite config: code that nearly every project has. */
export function habitsOf(project: Project): { settings: Settings; because: string | null } {
  const names = project.list('.').map((entry) => entry.name);
  const [name] = [/^flue\.config\.[mc]?[jt]s$/, /^vite\.config\.[mc]?[jt]s$/].flatMap((one) =>
    names.filter((n) => one.test(n)),
  );
  const lines = (name ? (project.read(name) ?? '') : '')
    .split(/\r?\n/)
    .filter((line) => !/^\s*(?:\/[/*]|\*)/.test(line));
  const code = lines.join('\n');
  const quotes = /['"](?=[^'"\n]*['"])/.exec(code)?.[0];
  const statements = lines.filter((line) => /^(?:import|export|const)\b.*[)'"};]$/.test(line.trim()));
  const indent = /^(\t| +)\S/m.exec(code)?.[1];
  if (!name || !quotes) return { settings: {}, because: null };
  const settings = {
    singleQuote: quotes === "'",
    ...(statements.length > 0 && { semi: statements.some((line) => line.trimEnd().endsWith(';')) }),
    ...(indent && { useTabs: indent === '\t' }),
    ...(indent && /^(?: {2,4}| {8})$/.test(indent) && { tabWidth: indent.length }),
  };
  return { settings, because: `the hand of ${name}` };
}
