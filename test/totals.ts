import type { TestModule } from 'vitest/node';

/**
 * Ends the run with one plain line, `N passed, N failed`; under `FLUE_LIVE=required` a skipped test is a failed one.
 */
export default class Totals {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({ test, state: test.result().state })),
    );
    const passed = states.filter(({ state }) => state === 'passed').length;
    const skipped = states.filter(({ state }) => state === 'skipped');
    const required = process.env.FLUE_LIVE === 'required';
    const unloaded = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests()].length === 0,
    ).length;
    const failed = states.length - passed - (required ? 0 : skipped.length) + errors.length + unloaded;
    for (const { test } of skipped) console.log(`skipped: ${test.fullName}`);
    if (failed > 0) process.exitCode = 1;
    // After vitest's own summary.
    process.on('exit', () =>
      console.log(`${passed} passed, ${failed} failed${required ? '' : `, ${skipped.length} skipped`}`),
    );
  }
}
