import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { HostGuide } from '../types/guide.ts';
import type { Plan, Step } from '../types/plan.ts';
import { print } from './stdout.ts';
import { presentable } from './untrusted.ts';

/** What the guide is about. `all`: the databases that this host can have. */
interface GuideSubject {
  facts: Facts;
  choice: Choice;
  plan: Plan;
  blueprint: Blueprint;
  host: HostGuide;
  all: readonly Blueprint[];
}

/** Everything about adding this database to this project, as one Markdown document for an agent or a reader. */
export function printGuide({ facts, choice, plan, blueprint, host, all }: GuideSubject): void {
  const sections = [
    ['', overview(choice, blueprint, host)],
    ['What is done', operations(plan)],
    ['Configure', configure(choice, blueprint, host)],
    ['The driver', driver(choice, blueprint, host)],
    ['Isolation', blueprint.guide.isolation.join('\n\n')],
    ['Migrations and stored data', stored(blueprint, host)],
    ['What to do now', bullets(stepTexts(plan, (kind) => kind !== 'know'))],
    ['What to know', bullets(stepTexts(plan, (kind) => kind === 'know'))],
    ['Verify durability', durability(blueprint, host)],
    ['Which database', choosing(all, host)],
    [host.entryTitle, entry(plan, choice, facts)],
  ];
  const text = sections.map(([title, body]) => (title ? `## ${title}\n\n${body}\n` : `${body}\n`)).join('\n');
  print(presentable(text));
}

function stepTexts({ next }: Plan, wanted: (kind: Step['kind']) => boolean): string[] {
  return next.filter(({ kind }) => wanted(kind)).map(({ text }) => text);
}

function overview(choice: Choice, { title, summary, website, adapter }: Blueprint, host: HostGuide): string {
  const [version, driver] = [choice.adapterVersion.value, choice.driver.value.package];
  return `# ${title} for this ${host.title} project

${summary} [${title}](${website}) is reached through \`${adapter}\` ${version} and the project's own driver,
\`${driver}\`; \`${choice.entry.path}\` joins the two. ${host.target} Deployment configuration is not touched.`;
}

function operations({ operations }: Plan): string {
  if (operations.length === 0) return 'Nothing: everything is as it should be.';
  return bullets(
    operations.map((one) =>
      one.kind === 'run'
        ? `run \`${one.command.join(' ')}\`: ${one.because}`
        : `${one.before === null ? 'create' : 'edit'} \`${one.path}\`: ${one.because}`,
    ),
  );
}

function configure(choice: Choice, blueprint: Blueprint, { whenRead }: HostGuide): string {
  const variables = blueprint.variables.filter(({ name }) => choice.names[name]);
  if (variables.length === 0) return whoseClient(choice) ?? 'There is no variable to set.';
  const rows = variables.map(
    ({ name, purpose }) => `| \`${choice.names[name]!.value}\` | **Required.** ${capital(purpose)} |`,
  );
  const reasons = variables.map(
    ({ name }) => `\`${choice.names[name]!.value}\`, because ${choice.names[name]!.because}.`,
  );
  return `| Variable | Purpose |\n| --- | --- |\n${rows.join('\n')}\n\n${reasons.join(' ')} ${whenRead}`;
}

function whoseClient({ client, ...choice }: Choice): string | undefined {
  if (!client) return undefined;
  const { specifier, export: exported } = client.value;
  return `\`${fileOf(choice)}\` uses \`${exported}\` of \`${specifier}\`, which the application makes and closes.`;
}

function driver(choice: Choice, { drivers, refused }: Blueprint, { title }: HostGuide): string {
  const known = [...new Set(drivers.map((one) => `\`${one.package}\``))].join(', ');
  const chosen =
    `\`${choice.driver.value.package}\`, because ${choice.driver.because}. ` +
    `There is a template for ${known}; \`--driver\` chooses.`;
  if (refused.length === 0) return chosen;
  const reasons = refused.map((one) => `\`${one.package}\`: ${one.because}`);
  return `${chosen}\n\nThese cannot carry ${title}'s state:\n\n${bullets(reasons)}`;
}

function stored({ title }: Blueprint, { migrations, stored: rows }: HostGuide): string {
  const table = rows.map(([inside, outside]) => `| ${inside || ' '} | ${outside} |`.replace('|   |', '| |')).join('\n');
  return `${migrations}\n\n| In ${title} | Not in ${title} |\n| --- | --- |\n${table}`;
}

function durability({ guide }: Blueprint, { verified }: HostGuide): string {
  return `${guide.durability}\n\n${verified}`;
}

function choosing(all: readonly Blueprint[], { nothingToAdd }: HostGuide): string {
  const rows = all.map(({ name, title, guide }) => `| ${capital(guide.chooseWhen)} | ${title} (\`${name}\`) |`);
  const last = nothingToAdd ? [`| ${nothingToAdd.join(' | ')} |`] : [];
  return `| When | Database |\n| --- | --- |\n${[...rows, ...last].join('\n')}`;
}

function fileOf({ entry: { path } }: Choice): string {
  return path.split('/').at(-1)!;
}

function entry(plan: Plan, choice: Choice, facts: Facts): string {
  const written = plan.operations.find((one) => one.kind === 'write' && one.path === choice.entry.path);
  const text = (written?.kind === 'write' ? written.after : facts.entry?.value.text) ?? '';
  const language = /\.m?ts$/.test(choice.entry.path) ? 'ts' : 'js';
  return `\`${choice.entry.path}\`:\n\n\`\`\`${language}\n${text.replaceAll('\r\n', '\n')}\`\`\``;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function capital(text: string): string {
  const first = /^[a-z]+[\s,]/.test(text) ? text[0]!.toUpperCase() : (text[0] ?? '');
  return `${first}${text.slice(1)}.`.replace(/\.\.$/, '.');
}
