import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take minutes, and begin first, so that none of them is left for the end. By size, some would be last.
 */
const long = [
  /\/fixtures\.test/,
  /\/live\/whole-way-two/,
  /\/live\/installs/,
  /\/live\/whole-way-beta/,
  /\/live\/verify\.test/,
];

/** The usual order but for those. */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => long.findIndex((one) => one.test(moduleId)) + 1 || Infinity;
    return (await super.sort(files)).sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
  }
}
