import { Problem } from '../../../problem.ts';
import type { Blueprint } from '../../../types/blueprint.ts';
import type { Outcome } from '../../../types/choice.ts';
import type { Facts, Found } from '../../../types/facts.ts';
import { runtimePackage } from './version.ts';

/**
 * The refusal of a version of Flue whose adapters are not the ones known here; null for one that is known, or not known
 * yet.
 */
export function unsupported({ version: { value: version, because }, line }: Facts): Problem | null {
  if (version === null) return null;
  if (line === 'newer') {
    const hint = 'update this tool, or follow `npx @flue/cli docs`';
    return new Problem(
      'unsupported-flue',
      `Flue ${version} (${because}) is newer than 2.x, the last line known here`,
      hint,
    );
  }
  if (line === '2.x' || betaOf(version) !== null) return null;
  const lacks = /^0\.[0-9]\./.test(version)
    ? 'does not look for a db.ts at all'
    : 'has adapters with another API, without a runner';
  const hint = 'move to 1.0.0-beta.9 or 2.x first: `npx @flue/cli docs` has the changes';
  return new Problem('unsupported-flue', `Flue ${version} (${because}) ${lacks}`, hint);
}

/**
 * The adapter version for a runtime. Each adapter depends on one exact `@flue/runtime`; another version would bring a
 * second runtime. 1.0.0-beta.1–2 → beta.1, beta.3–8 → beta.3, beta.9 → beta.9, 2.x → the same number (measured on the
 * published packages). Raises `unsupported-flue` where package.json has it at another version; a version that cannot be
 * known is a question.
 */
export function adapterVersion(facts: Facts, { adapter }: Blueprint): Outcome<Found<string>> {
  const { value: version, because } = facts.version;
  if (version === null) return { question: whichVersion(because) };
  const beta = betaOf(version);
  const choice =
    beta === null
      ? { value: version, because: `the same number as \`${runtimePackage}\` (${because})` }
      : { value: `1.0.0-beta.${adapterBeta(beta)}`, because: `made for \`${runtimePackage}\` ${version}` };
  const declared = facts.packages.find((one) => one.name === adapter)?.specifier;
  const fits =
    !declared || declared.includes(choice.value) || /^(workspace|catalog|file|link|portal|npm):/.test(declared);
  if (fits || adapter === runtimePackage) return { choice };
  const message =
    `\`package.json\` has \`${adapter}\` at \`${declared}\`, ` +
    `and this project's \`${runtimePackage}\` needs ${choice.value}`;
  throw new Problem('unsupported-flue', message, `set it to \`${choice.value}\`, then run it again`);
}

function whichVersion(because: string) {
  return {
    flag: '--flue' as const,
    ask: `Which version of \`${runtimePackage}\` does this project run?`,
    answers: [],
    because: `which \`${runtimePackage}\` runs here is not known, and the adapter must match it exactly: ${because}`,
    refusal: {
      code: 'needs-answer' as const,
      hint: 'install the project first, so that it is known, or name it with `--flue <version>`',
    },
  };
}

/** The number of a beta; null for any other version. */
function betaOf(version: string): number | null {
  const number = /^1\.0\.0-beta\.(\d+)$/.exec(version)?.[1];
  return number === undefined ? null : Number(number);
}

function adapterBeta(runtimeBeta: number): number {
  if (runtimeBeta <= 2) return 1;
  return runtimeBeta <= 8 ? 3 : runtimeBeta;
}
