import { Problem } from '../../../problem.ts';
import type { Question } from '../../../types/choice.ts';
import type { Facts, Found } from '../../../types/facts.ts';

/**
 * The adapter version for a runtime. Each adapter depends on one exact `@flue/runtime`; another version would bring a
 * second runtime. 1.0.0-beta.1–2 → beta.1, beta.3–8 → beta.3, beta.9 → beta.9, 2.x → the same number (measured on the
 * published packages). Raises `unsupported-flue`; a version that cannot be known is a question.
 */
export function chooseAdapterVersion(facts: Facts, adapter: string): Found<string> | Question {
  const version = versionFor(facts);
  if ('flag' in version) return version;
  const declared = facts.packages.find((one) => one.name === adapter)?.specifier;
  const fits =
    !declared || declared.includes(version.value) || /^(workspace|catalog|file|link|portal|npm):/.test(declared);
  if (fits || adapter === '@flue/runtime') return version;
  const message = `\`package.json\` has \`${adapter}\` at \`${declared}\`, and this project's \`@flue/runtime\` needs ${version.value}`;
  throw new Problem('unsupported-flue', message, `set it to \`${version.value}\`, then run it again`);
}

function versionFor(facts: Facts): Found<string> | Question {
  const { value: version, because } = facts.flue;
  if (version === null) {
    return {
      flag: '--flue',
      ask: 'Which version of `@flue/runtime` does this project run?',
      answers: [],
      because: `which \`@flue/runtime\` runs here is not known, and the adapter must match it exactly: ${because}`,
      refusal: {
        code: 'needs-answer',
        hint: 'install the project first, so that it is known, or name it with `--flue <version>`',
      },
    };
  }
  const beta = /^1\.0\.0-beta\.(\d+)$/.exec(version);
  if (beta)
    return { value: `1.0.0-beta.${adapterBeta(Number(beta[1]))}`, because: `made for \`@flue/runtime\` ${version}` };
  if (/^2\./.test(version)) return { value: version, because: `the same number as \`@flue/runtime\` (${because})` };
  if (/^(?:[3-9]|\d{2,})\./.test(version)) {
    const hint = 'update this tool, or follow `npx @flue/cli docs`';
    throw new Problem(
      'unsupported-flue',
      `Flue ${version} (${because}) is newer than 2.x, the last line known here`,
      hint,
    );
  }
  const lacks = /^0\.[0-9]\./.test(version)
    ? 'does not look for a db.ts at all'
    : 'has adapters with another API, without a runner';
  const hint = 'move to 1.0.0-beta.9 or 2.x first: `npx @flue/cli docs` has the changes';
  throw new Problem('unsupported-flue', `Flue ${version} (${because}) ${lacks}`, hint);
}

function adapterBeta(runtime: number): number {
  if (runtime <= 2) return 1;
  return runtime <= 8 ? 3 : runtime;
}
