import { describe, expect, test } from 'vitest';
import { parseModule } from '../../../../src/code/parse.ts';

import { calledFrom, provesWiring, withoutWiring, withWiring } from '../../../../src/knowledge/hosts/pikku/wiring.ts';

/** The two insertions into the module that makes the services: in every form, back again, and only if they prove. */
const wrapped = (body: string) =>
  `import { pikkuServices } from '#pikku/setup'\n\nexport const createSingletonServices = pikkuServices(${body})\n`;

const forms: [form: string, text: string][] = [
  ['a block, trailing comma', wrapped('async (config) => {\n  return {\n    config,\n  }\n}')],
  ['a block, none', wrapped('async (config, existing) => {\n  return {\n    config\n  }\n}')],
  ['an expression', wrapped('async (config) => ({ config })')],
  ['an empty object', wrapped('async () => ({})')],
  ['a comment behind the last', wrapped('async (config) => ({\n  config, // all of it\n})')],
  ['commas first', wrapped('async (config) => ({\n    config\n  , logger: null\n})')],
  ['a constant', wrapped('async (config) => {\n  const services = { config }\n  return services\n}')],
  ['satisfies', wrapped('async (config) => ({ config } satisfies object)')],
  [
    'a function inside with a return of its own',
    wrapped('async (config) => {\n  const f = () => { return 1 }\n  return { f }\n}'),
  ],
  ['CRLF', wrapped('async (config) => {\n  return {\n    config,\n  }\n}').replaceAll('\n', '\r\n')],
  ['a byte order mark', `\uFEFF${wrapped('async (config) => ({ config })')}`],
  [
    'double quotes and semicolons',
    'import { pikkuServices } from "#pikku";\nexport const make = pikkuServices(async (c) => ({ c }));\n',
  ],
  [
    'a directive, and no import',
    "'use strict'\n\nexport const a: CreateSingletonServices<A, B> = async () => {\n  return { b: 1 }\n}\n",
  ],
  [
    'comments at the end of the object',
    wrapped('async (config) => {\n  return {\n    config // why\n    // more\n  }\n}'),
  ],
  ['nothing but a comment in it', wrapped('async () => {\n  return {\n    // nothing yet\n  }\n}')],
  ['a spread at its end', wrapped('async (config, existing) => ({ config, ...existing })')],
  [
    'in a try',
    wrapped('async (config) => {\n  try {\n    return { config }\n  } catch (error) {\n    throw error\n  }\n}'),
  ],
  [
    'a constant that others read',
    wrapped('async (config) => {\n  const s = { config }\n  start(s)\n  s.config.log()\n  return s\n}'),
  ],
  ['no line end', wrapped('async (config) => ({ config })').trimEnd()],
  [
    'typed, without the wrapper',
    "import type { CreateSingletonServices } from '@pikku/core'\nexport const make: CreateSingletonServices<A, B> = async (config) => {\n  return { config }\n}\n",
  ],
];

describe.each(forms)('%s', (_form, text) => {
  test('in, in again, and out, byte for byte', async () => {
    const edited = (await withWiring(text, './redis.js')) as { text: string };
    expect(edited.text).toMatch(/import \{ createRedisServices \} from ['"]\.\/redis\.js['"]/);
    expect(edited.text).toContain('...(await createRedisServices())');
    expect(await withWiring(edited.text, './redis.js')).toEqual({ text: edited.text });
    expect(await withoutWiring(edited.text, './redis.js')).toBe(text);
  });
});

test.each([
  ['by name', wrapped('make')],
  ['not async', wrapped('(config) => ({ config })')],
  ['a generator', wrapped('async function* (config) { return { config } }')],
  ['two returns', wrapped('async (c) => {\n  if (c) return {}\n  return { c }\n}')],
  ['no return', wrapped('async (c) => {\n  c()\n}')],
  ['another call about it', wrapped('once(async (c) => ({ c }))')],
  ['computed', wrapped('async (c) => Object.assign({}, c)')],
  ['out of a destructuring', wrapped('async (c) => {\n  const { services } = c\n  return services\n}')],
  ['declared in a block', wrapped('async (c) => {\n  let s\n  { s = { c } }\n  return s\n}')],
  [
    'CommonJS',
    "const { pikkuServices } = require('#pikku')\nconst a = pikkuServices(async (c) => ({ c }))\nmodule.exports = { a }\n",
  ],
  ['assigned to', wrapped('async (c) => {\n  const s = { c }\n  Object.assign(s, c)\n  return s\n}')],
  ['taken from', wrapped('async (c) => {\n  const s = { c }\n  delete s.c\n  return s\n}')],
  [
    'changed by a computed name',
    wrapped("async (c) => {\n  const s = { c }\n  s['workflowService'] = c\n  return s\n}"),
  ],
  ['a default export', 'export default pikkuServices(async (c) => ({ c }))\n'],
  ['changed afterwards', wrapped('async (c) => {\n  const s = { c }\n  s.workflowService = c\n  return s\n}')],
  ['an addon', wrapped('async (c) => ({ c })').replaceAll('pikkuServices', 'pikkuAddonServices')],
  ['several', `${wrapped('async (c) => ({ c })')}export const b = pikkuServices(async (c) => ({ c }))\n`],
  ['none', 'export const a = 1\n'],
  ['a name of its own', `${wrapped('async (c) => ({ c })')}function createRedisServices() {}\n`],
  ['broken', 'export const = 1\n'],
])('left alone: %s', async (_form, text) => {
  expect(await withWiring(text, './redis.js')).toHaveProperty('refused');
});

test('what the project has formatted since is taken out, too, and what it has changed is not', async () => {
  const text = wrapped('async (config) => ({ config })');
  const { text: edited } = (await withWiring(text, './redis.js')) as { text: string };
  const formatted = edited.replace(
    '({ config, ...(await createRedisServices()) })',
    '({\n  config,\n  ...(await createRedisServices()),\n})',
  );
  expect(formatted).not.toBe(edited);
  expect(await withoutWiring(formatted, './redis.js')).toBe(text.replace('({ config })', '({\n  config,\n})'));
  const changed = edited
    .replace('createRedisServices() {', '')
    .replace('...(await createRedisServices())', '...(await createRedisServices(1 as never)).x');
  expect(await withoutWiring(changed, './redis.js')).toBeNull();
});

/** The proof is tested, too: each of these is an edit that a fault might make. */
describe('the proof', () => {
  const before = wrapped('async (config) => ({ config })');
  const line = "import { createRedisServices } from './redis.js'\n";
  const wired = (body: string, rest = '') => `${line}${wrapped(`async (config) => (${body})`)}${rest}`;
  const holds = (text: string) => provesWiring(parseModule(before)!, parseModule(text)!, './redis.js');

  test('holds for the two insertions', () => {
    expect(holds(wired('{ config, ...(await createRedisServices()) }'))).toBe(true);
  });

  test.each([
    ['one of them', before.replace('config }', 'config, ...(await createRedisServices()) }')],
    ['services that something after them takes the place of', wired('{ ...(await createRedisServices()), config }')],
    ['another place', wired('{ config: { config, ...(await createRedisServices()) } }')],
    ['a second statement', wired('{ config, ...(await createRedisServices()) }', 'start()\n')],
    ['a property that is lost', wired('{ ...(await createRedisServices()) }')],
    ['another entry', wired('{ config, ...(await createRedisServices()) }').replace('./redis.js', './other.js')],
  ])('refuses %s', (_what, text) => expect(holds(text)).toBe(false));
});

describe('a call that was added by hand', () => {
  test.each([
    ["const make = async () => ({ ...(await (await import('./redis.mjs')).createRedisServices()) })", './redis.mjs'],
    ["const { createRedisServices: redis } = require('./redis.js')\nredis()", './redis.js'],
    ["const redis = require('./redis.js')\nredis.createRedisServices()", './redis.js'],
    ["import * as redis from '#redis'\nObject.assign(services, await redis.createRedisServices())", '#redis'],
    ["import { createRedisServices as redis } from '@/redis'\nconst made = await redis()", '@/redis'],
    ["import { createRedisServices } from './redis.js'\nexport { createRedisServices }", null],
    ["import { make } from './redis.js'\nmake.createRedisServices()", null],
    ['createRedisServices()', null],
  ])('%s', (text, from) => expect(calledFrom(parseModule(text)!)).toBe(from));
});
