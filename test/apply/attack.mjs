// All attacks on whole runs, each at every call: `node test/apply/attack.mjs [--only <words of a scenario or a kind>]…
// [--every <n>]`. Takes the better part of an hour. `npm test` does the same with a part of them (attacks.test.ts).
import { parseArgs } from 'node:util';
import { all, kinds, scenarios, undisturbed } from './attacks.mjs';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, every: { type: 'string' } } });
const every = Number(values.every ?? 1);
const isWanted = (/** @type {string} */ kind, /** @type {string} */ scenario) =>
  (values.only ?? []).every((one) => one === kind || one === scenario);

let bad = 0;
for (const [name, scenario] of Object.entries(scenarios)) {
  const wanted = Object.entries(kinds).filter(([kind]) => isWanted(kind, name));
  if (wanted.length === 0) continue;
  const known = await undisturbed(scenario);
  for (const [kind, attacksOn] of wanted) {
    const attacks = (await attacksOn(scenario, known)).filter((_, i) => i % every === 0);
    const wrong = await all(attacks);
    bad += wrong.length;
    console.log(`${name} | ${kind} | ${attacks.length} tried, ${attacks.length - wrong.length} held`);
    for (const one of wrong) console.log(`  ${one}`);
  }
}
process.exitCode = bad > 0 ? 1 : 0;
