import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Plan, Step } from '../types/plan.ts';
import { print } from './stdout.ts';
import { presentable } from './untrusted.ts';

/** Everything about adding this database to this project, as one Markdown document for an agent or a reader. */
export function printGuide(
  facts: Facts,
  choice: Choice,
  plan: Plan,
  blueprint: Blueprint,
  all: readonly Blueprint[],
): void {
  const sections = [
    ['', overview(choice, blueprint)],
    ['What is done', operations(plan)],
    ['Configure', configure(choice, blueprint)],
    ['The driver', driver(choice, blueprint)],
    ['Isolation', blueprint.guide.isolation.join('\n\n')],
    ['Migrations and stored data', stored(blueprint)],
    ['What to do now', bullets(textsOf(plan, (kind) => kind !== 'know'))],
    ['What to know', bullets(textsOf(plan, (kind) => kind === 'know'))],
    ['Verify durability', durability(blueprint)],
    ['Which database', choosing(all)],
    ['db entry', entry(plan, choice, facts)],
  ];
  const text = sections.map(([title, body]) => (title ? `## ${title}\n\n${body}\n` : `${body}\n`)).join('\n');
  print(presentable(text));
}

function textsOf({ next }: Plan, wanted: (kind: Step['kind']) => boolean): string[] {
  return next.filter(({ kind }) => wanted(kind)).map(({ text }) => text);
}

function overview(choice: Choice, { title, summary, website, adapter }: Blueprint): string {
  return `# ${title} for this Flue project

${summary} [${title}](${website}) is reached through \`${adapter}\` ${choice.adapterVersion.value} and the project's own driver,
\`${choice.driver.value.package}\`; \`${choice.entry.path}\` joins the two. It is for the Node target; on Cloudflare, Durable Object
SQLite is built in and a \`db.ts\` fails every build. Deployment configuration is not touched.`;
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

function configure(choice: Choice, blueprint: Blueprint): string {
  const variables = blueprint.variables.filter(({ name }) => choice.names[name]);
  const { client } = choice;
  const whose =
    client &&
    `\`db.ts\` uses \`${client.value.export}\` of \`${client.value.specifier}\`, which the application makes and closes.`;
  if (variables.length === 0) return whose ?? 'There is no variable to set.';
  const rows = variables.map(
    ({ name, purpose }) => `| \`${choice.names[name]!.value}\` | **Required.** ${capital(purpose)} |`,
  );
  const reasons = variables.map(
    ({ name }) => `\`${choice.names[name]!.value}\`, because ${choice.names[name]!.because}.`,
  );
  return `| Variable | Purpose |\n| --- | --- |\n${rows.join('\n')}\n\n${reasons.join(' ')} It is read when the server starts, not when it is built.`;
}

function driver(choice: Choice, { drivers, refused }: Blueprint): string {
  const known = [...new Set(drivers.map((one) => `\`${one.package}\``))].join(', ');
  const chosen = `\`${choice.driver.value.package}\`, because ${choice.driver.because}. There is a template for ${known}; \`--driver\` chooses.`;
  if (refused.length === 0) return chosen;
  return `${chosen}\n\nThese cannot carry Flue's state:\n\n${bullets(refused.map((one) => `\`${one.package}\`: ${one.because}`))}`;
}

function stored({ title }: Blueprint): string {
  return `Flue calls the adapter's \`migrate()\` at every start. It makes what is missing, leaves what is there, and refuses data that a
newer Flue has written; there is no migration command. 1.0.0-beta and 2.x do not read each other's data: after that upgrade a fresh
database or prefix is needed.

| In ${title} | Not in ${title} |
| --- | --- |
| Session messages and compaction state | Files of a sandbox |
| Accepted prompts and dispatches, with what recovers them after a crash | Effects outside, such as calls to other services |
| Attachments and event streams; workflow runs, on the line that has them | The application's own data |
| | Secrets and provider credentials |`;
}

function durability({ guide }: Blueprint): string {
  return `${guide.durability}

\`flue-db verify\` looks at what can be looked at without an agent: whether the database is reachable and fit for Flue, and, where it may write, whether
\`db.ts\` keeps what the adapter expects of it, over two processes. \`--throwaway\` does that with a server of its own, which is killed and started again.`;
}

function choosing(all: readonly Blueprint[]): string {
  const rows = all.map(({ name, title, guide }) => `| ${capital(guide.chooseWhen)} | ${title} (\`${name}\`) |`);
  return `| When | Database |\n| --- | --- |\n${rows.join('\n')}\n| The project builds for Cloudflare | Nothing to add: Durable Object SQLite is built in |`;
}

function entry(plan: Plan, choice: Choice, facts: Facts): string {
  const written = plan.operations.find((one) => one.kind === 'write' && one.path === choice.entry.path);
  const text = (written?.kind === 'write' ? written.after : facts.entry?.value.text) ?? '';
  return `\`${choice.entry.path}\`:\n\n\`\`\`${/\.m?ts$/.test(choice.entry.path) ? 'ts' : 'js'}\n${text.replaceAll('\r\n', '\n')}\`\`\``;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function capital(text: string): string {
  const first = /^[a-z]+[\s,]/.test(text) ? text[0]!.toUpperCase() : (text[0] ?? '');
  return `${first}${text.slice(1)}.`.replace(/\.\.$/, '.');
}
