import { posix } from 'node:path';
import { conventionOf } from '../knowledge/conventions/index.ts';
import type { EnvDoc, LeftAlone, LeftAloneCode } from '../types/env-docs.ts';
import type { Facts } from '../types/facts.ts';
import { isReachable } from './docs-to-edit.ts';

/** Reasons that go without saying in `next`: nobody expects such a doc to be edited. `inspect` lists them. */
const withoutSaying: readonly LeftAloneCode[] = [
  'deployment',
  'cloudflare',
  'test',
  'other-service',
  'other-docs',
  'unintroduced',
];

/**
 * What a person has to know of the env docs, one line each: of those that were not edited, and of those that were.
 * `name`: the variable that is new.
 */
export function notesOn(
  { envDocs, place }: Facts,
  edited: readonly EnvDoc[],
  name: string,
): { untouched: string[]; edited: string[] } {
  const paths = edited.map(({ path }) => path);
  const untouched = envDocs
    .filter(({ path }) => !paths.includes(path))
    .flatMap((doc) => {
      const reason = doc.leftAlone ?? (isReachable(doc) ? null : outOfReach(place.value));
      return reason && !withoutSaying.includes(reason.code) ? [{ ...doc, reason }] : [];
    });
  const said = [...untouched.filter(({ leftAlone }) => leftAlone), ...untouched];
  const once = untouched.filter(
    (doc) => doc === said.find(({ path, reason }) => path === doc.path && reason.code === doc.reason.code),
  );
  return {
    untouched: once.map(({ path, reason }) => {
      const whose = path === 'package.json' ? `the scripts in \`${path}\`` : `\`${path}\` was left alone`;
      return `${whose}: ${sentenceOf(reason, name)}`;
    }),
    edited: edited.flatMap((doc) => noteOnEdited(doc, name)),
  };
}

function outOfReach(entry: string): LeftAlone {
  const message = `its values stay inside a container, which \`${posix.basename(entry)}\` is outside of`;
  return { code: 'unreachable', message };
}

function sentenceOf({ message, command }: LeftAlone, name: string): string {
  return command ? `${message}: \`${command.replaceAll('<NAME>', name)}\`` : message;
}

function noteOnEdited(doc: EnvDoc, name: string): string[] {
  const { name: convention, advice, requiresValues } = conventionOf(doc);
  return [
    ...(doc.variables.some(({ scheme }) => scheme === 'op')
      ? [`the values in \`${doc.path}\` are references to a vault: point the new one at yours`]
      : []),
    ...(advice ? [advice] : []),
    ...(requiresValues
      ? [`${convention} stops the application where \`${name}\` is not set at all: it may be empty, but must be there`]
      : []),
  ];
}
