import type { Place } from '../../code/clients.ts';
import { placeOf } from '../../code/follow.ts';
import { specifierFrom } from '../../code/import-style.ts';
import type { SourceCode, Sources } from '../../code/source-code.ts';
import { isPublic } from '../../edit/variable-names.ts';
import { isIgnored } from '../../project/git.ts';
import { declaration, type Manifest } from '../../project/manifest.ts';
import type { Project } from '../../project/project.ts';
import { aside } from '../../project/source-files.ts';
import type { EnvDoc, Facts } from '../../types/facts.ts';

/** The packages whose schemas can be a module's list of variables. */
const libraries =
  /^(?:@t3-oss\/env-(?:core|nextjs|nuxt)|zod|valibot|arktype|arkenv|znv|envsafe|envalid|joi|@hapi\/joi|class-validator|astro)$/;

/** Whether a package's values check the environment, or any other input, and do nothing else. */
export function isValidator(specifier: string): boolean {
  return libraries.test(specifier.split('/')[0]!.startsWith('@') ? specifier : specifier.split('/')[0]!);
}

/** A module that checks the environment: it imports such a library and says where the values come from, or hands them to a schema from elsewhere. */
function checks(text: string): boolean {
  // As a whole, or each variable by its name: a single reading is handed to no schema.
  const environment =
    /(?:process|Bun)\.env\b(?!\s*[.[?!])|\b(\w+)['"]?\s*:\s*process\.env(?:\.\1|\[['"]\1['"]\])\s*[,}]|@t3-oss\/env-|\b(?:envsafe|arkenv|validationSchema|plainTo(?:Instance|Class))\b/;
  return (
    (importing.test(text) && environment.test(text)) ||
    /parse(?:Async)?\(\s*(?:\{\s*\.\.\.\s*)?process\.env\b/i.test(text)
  );
}

const importing =
  /(?:from|require\()\s*['"](?:@t3-oss\/env-|zod\b|valibot|arktype|arkenv|znv|envsafe|envalid|joi|@hapi\/joi|class-validator|astro\/zod|@hono\/zod-openapi)/;

/** Modules that only a framework may load, or whose values are not there outside it. */
const unreachable = /['"](?:server-only|client-only|astro:env\/\w+|\$env\/[\w/]+|\$app\/\w+)['"]/;

/** The modules that check the environment, and how `db.ts` may read through one of them. */
export interface Schemas {
  docs: EnvDoc[];
  /** `<specifier>#<export>`, as seen from the db entry. */
  reader: Facts['env'] | null;
}

/** Looks for the modules that list the variables they check, and for `interface ProcessEnv`. Nothing is run. `source`: the package's own files, where they are needed. */
export async function inspectSchemas(
  project: Project,
  manifest: Manifest,
  { entry, sourceRoot, isOwnCode }: Pick<Place, 'entry' | 'isOwnCode'> & { sourceRoot: string },
  source: () => Sources,
): Promise<Schemas> {
  const candidates = candidateFiles(project, manifest, sourceRoot, source);
  if (candidates.length === 0) return { docs: [], reader: null };
  const { readSchemas, readExportedSchema } = await import('./modules.ts');
  const docs: EnvDoc[] = [];
  let reader: Schemas['reader'] = null;
  const { files, complete } = source();
  const code = await source().code();
  const { importersOf, takes } = await import('../../code/importers.ts');
  for (const file of candidates) {
    const text = project.read(file) ?? '';
    const schemas = readSchemas(text, file);
    const ofHost = files.filter(isOwnCode);
    const importers = schemas.length > 0 ? [...importersOf(code, ofHost, file)] : [];
    for (const schema of schemas) {
      const others = () =>
        importersOf(
          code,
          files.filter((one) => !ofHost.includes(one)),
          file,
        ).next();
      const required = complete && importers.length > 0 && others().done === true;
      const entries = (schema.groups[0] ?? []).flatMap(({ list, inherited }) => [
        ...list.entries.map(({ key, start, end }) => ({ key, scheme: schemeIn(text.slice(start, end)) })),
        ...inherited.map((key) => ({ key, scheme: null })),
      ]);
      const doc = docOf(file, schema.convention, entries, schema.skipped, { exported: null, required });
      if (schema.groups.length > 0 || schema.skipped) docs.push(doc);
      if (schema.elsewhere)
        docs.push(elsewhere(code, file, schema.elsewhere, { ...doc, variables: [] }, readExportedSchema));
      const flue = importers.find(({ path: by, alias }) => !alias && takes(code, by, schema.reader));
      if (schema.reader && flue && !schema.skipped && !unreachable.test(text)) {
        const specifier = specifierFrom(entry, file, flue.specifier);
        reader ??= {
          value: `${specifier}#${schema.reader}`,
          module: file,
          because: `\`${flue.path}\` reads the checked values of \`${file}\``,
        };
      }
    }
  }
  return { docs: await withReasons(project, oneOfEach(docs)), reader };
}

/** Two schemas of one convention in one module are one doc: which of them takes a variable is settled when it is written. */
function oneOfEach(docs: EnvDoc[]): EnvDoc[] {
  const same = (one: EnvDoc, other: EnvDoc) =>
    one.path === other.path && one.kind === other.kind && one.schema?.exported === other.schema?.exported;
  return docs.flatMap((doc, index) => {
    if (docs.findIndex((other) => same(other, doc)) < index) return [];
    const all = docs.filter((other) => same(other, doc));
    const open = all.find(({ skipped }) => !skipped) ?? doc;
    return [{ ...open, variables: all.flatMap(({ variables }) => variables) }];
  });
}

function docOf(
  path: string,
  kind: string,
  keys: { key: string; scheme: string | null }[],
  skipped: string | null,
  schema: EnvDoc['schema'],
): EnvDoc {
  const variables = keys.filter(({ key }) => key !== '').map(({ key, scheme }) => ({ name: key, live: true, scheme }));
  const because =
    kind === 'ProcessEnv' ? 'it declares the types of the variables' : `it checks the environment (${kind})`;
  return { path, kind, variables, because, skipped, ...(schema && { schema }) };
}

/** The scheme that a validator demands: `.startsWith('postgresql://')`, `protocols: ['postgres']`. */
function schemeIn(validator: string): string | null {
  const demanded =
    /(?:startsWith|protocols?|regex|scheme|\^)\W*(postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|valkeys?|libsql)\b/;
  return demanded.exec(validator)?.[1] ?? null;
}

async function withReasons(project: Project, docs: EnvDoc[]): Promise<EnvDoc[]> {
  return Promise.all(
    docs.map(async (doc) => {
      const outside = project.outside(doc.path);
      if (outside) return { ...doc, skipped: `it is a symlink to \`${outside}\`, outside this project` };
      if (!project.isText(doc.path)) return { ...doc, skipped: 'it is not valid UTF-8' };
      return (await isIgnored(project, doc.path)) ? { ...doc, skipped: 'git ignores it' } : doc;
    }),
  );
}

/** The validators are in another module: that one takes the key. */
function elsewhere(
  code: SourceCode,
  file: string,
  { from, name }: { from: string; name: string },
  doc: EnvDoc,
  keysOf: (text: string, name: string) => string[] | null,
): EnvDoc {
  const found = placeOf(code, file, from, name);
  const keys = found && keysOf(code.project.read(found.path) ?? '', found.name);
  if (!found || !keys)
    return { ...doc, skipped: `its validators come from \`${from}\`, where they are not written out` };
  if (isPublic(keys)) return { ...doc, skipped: 'it holds what a browser may see' };
  const variables = keys.map((key) => ({ name: key, live: true, scheme: null }));
  return {
    ...doc,
    path: found.path,
    variables,
    skipped: null,
    schema: { exported: found.name, required: false },
  };
}

function candidateFiles(project: Project, manifest: Manifest, sourceRoot: string, source: () => Sources): string[] {
  const declared = ['dependencies', 'devDependencies', 'peerDependencies'].some((list) =>
    Object.keys(manifest[list as 'dependencies'] ?? {}).some((name) => libraries.test(name)),
  );
  const modules = declared
    ? source().files.filter(
        (file) => !aside.test(file) && isWritten(project.read(file) ?? '') && checks(project.read(file) ?? ''),
      )
    : [];
  const astro = declaration(manifest, 'astro')
    ? project.list('.').flatMap(({ name }) => (/^astro\.config\.[mc]?[jt]s$/.test(name) ? [name] : []))
    : [];
  const folders = new Set([
    '.',
    'types',
    '@types',
    'typings',
    sourceRoot,
    `${sourceRoot}/types`,
    `${sourceRoot}/@types`,
  ]);
  const types = [...folders].flatMap((folder) =>
    project
      .list(folder)
      .filter(({ name, kind }) => kind === 'file' && /\.d\.[mc]?ts$/.test(name) && name !== 'worker-configuration.d.ts')
      .map(({ name }) => (folder === '.' ? name : `${folder}/${name}`))
      .filter((file) => /interface\s+ProcessEnv\b/.test(project.read(file) ?? '') && !generates(project, file)),
  );
  return [
    ...new Set([
      ...modules.filter((file) => !/(?:^|\/)(?:vite|next|astro|drizzle|prisma)\.config\./.test(file)),
      ...astro,
      ...types,
    ]),
  ];
}

/** Whether varlock's schema says that it writes that file. */
function generates(project: Project, file: string): boolean {
  return new RegExp(`path=(?:\\./)?${file.replaceAll('.', '\\.')}`).test(project.read('.env.schema') ?? '');
}

/** By people: a bundle is large, or has lines no one would read. */
function isWritten(text: string): boolean {
  return text.length < 200_000 && text.split('\n').every((line) => line.length < 5000);
}
