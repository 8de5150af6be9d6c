// Small faults, each in a proof, a guard, an order, a limit or a decision of src, and the tests that have to notice it.

/**
 * @typedef {object} Mutant
 * @property {string} file where it is, from the root
 * @property {string} what what does not hold any more
 * @property {string} from a text that stands there exactly once
 * @property {string} to what stands there instead; it still parses
 * @property {readonly string[]} tests files of tests, or folders of them
 * @property {string} [only] the names of the tests in them that are run, where the others take long
 * @property {boolean} [build] whether they run the built program
 */

const proofs = ['test/edit/proofs.test.ts'];
const manifests = ['test/edit/json/manifest.test.ts'];
const catalogs = ['test/edit/yaml/catalog.test.ts'];
const reverts = ['test/edit/revert.test.ts'];
const dotenv = ['test/edit/dotenv/insert.test.ts'];
const journals = ['test/apply/journal.test.ts'];
const foreign = ['test/apply/journal-foreign.test.ts'];
const boundaries = ['test/apply/boundary.test.ts'];
const power = { tests: ['test/apply/power.test.ts'], only: 'the order of writing', build: true };
const locks = ['test/apply/lock.test.ts'];
const doors = ['test/project/door.test.ts'];
const secrets = ['test/output/secrets.test.ts'];
const names = ['test/choose/names.test.ts'];
const variables = ['test/choose/variable-name.test.ts'];
const commands = ['test/commands/preflight.test.ts'];
const limits = ['test/edit/limits.test.ts'];
const outcomes = ['test/choose/outcomes.test.ts'];
const steps = ['test/plan/steps.test.ts'];
const removals = ['test/plan/remove-packages.test.ts'];
const docs = ['test/plan/docs-to-edit.test.ts'];
const wirings = ['test/knowledge/hosts/pikku/wiring.test.ts'];
const cores = ['test/knowledge/hosts/pikku/version.test.ts'];
const questions = ['test/output/ask.test.ts'];
const levels = ['test/verify/level.test.ts'];
const uses = ['test/code/uses.test.ts'];
const formats = ['test/edit/format.test.ts'];
const typed = ['test/blueprints/typed.test.ts'];
const redaction = ['test/verify/secrets.test.ts'];

/** @type {readonly Mutant[]} */
const inProofs = [
  {
    file: 'src/edit/splice.ts',
    what: 'an insertion may be another text than was meant',
    from: 'if (after.slice(at + shift, at + shift + text.length) !== text) return false;',
    to: '',
    tests: ['test/edit/splice.test.ts'],
  },
  {
    file: 'src/edit/splice.ts',
    what: 'whatever else an edit changes counts as an insertion',
    from: 'return rest + after.slice(from) === before;',
    to: 'return true;',
    tests: [...proofs, 'test/edit/splice.test.ts'],
  },
  {
    file: 'src/edit/splice.ts',
    what: 'insertions are made in the order in which they are given',
    from: 'return [...insertions].sort((a, b) => a.at - b.at);',
    to: 'return [...insertions];',
    tests: ['test/edit/splice.test.ts'],
  },
  {
    file: 'src/edit/dotenv/insert.ts',
    what: 'a second assignment in the insertion is not seen',
    from: "return keyed(reread.toSpliced(fresh, 1)).join('\\n') === keyed(lines).join('\\n');",
    to: 'return true;',
    tests: proofs,
  },
  {
    file: 'src/edit/dotenv/insert.ts',
    what: 'an assignment is proven that is not there',
    from: 'if (fresh < 0) return false;',
    to: 'if (fresh < 0) return true;',
    tests: proofs,
  },
  {
    file: 'src/edit/json/list.ts',
    what: 'a list may lose names, as long as it has one more',
    from: 'return now.length === old.length + 1 && JSON.stringify(rest) === JSON.stringify(old);',
    to: 'return now.length === old.length + 1;',
    tests: proofs,
  },
  {
    file: 'src/edit/json/list.ts',
    what: 'a name may be there twice',
    from: 'return now.length === old.length + 1 && JSON.stringify(rest) === JSON.stringify(old);',
    to: 'return JSON.stringify(rest) === JSON.stringify(old);',
    tests: proofs,
  },
  {
    file: 'src/edit/json/manifest.ts',
    what: 'the members that a manifest had are not compared',
    from: "return rest.join('\\n') === [...pathsWithValues(old)].join('\\n');",
    to: 'return true;',
    tests: manifests,
  },
  {
    file: 'src/edit/json/manifest.ts',
    what: 'a dependency that stands twice is edited',
    from: 'if (twice.length > 1)',
    to: 'if (twice.length > 2)',
    tests: manifests,
  },
  {
    file: 'src/edit/markdown/insert.ts',
    what: 'only the names of a document are compared, not its tree',
    from: 'return one && JSON.stringify(without(before.tree, name)) === JSON.stringify(without(after.tree, name));',
    to: 'return one;',
    tests: proofs,
  },
  {
    file: 'src/edit/markdown/insert.ts',
    what: 'an entry is proven whose name is another',
    from: 'return one && JSON.stringify(without(before.tree, name)) === JSON.stringify(without(after.tree, name));',
    to: 'return JSON.stringify(without(before.tree, name)) === JSON.stringify(without(after.tree, name));',
    tests: proofs,
  },
  {
    file: 'src/edit/yaml/catalog.ts',
    what: 'a catalog may change elsewhere',
    from: 'return sorted(now) === sorted(old) && catalogsOf(old)?.named[catalog]?.[name] === undefined;',
    to: 'return catalogsOf(old)?.named[catalog]?.[name] === undefined;',
    tests: catalogs,
  },
  {
    file: 'src/edit/yaml/catalog.ts',
    what: 'a version of a catalog may be another than was asked for',
    from: 'if (!isObject(changed) || changed[name] !== specifier) return false;',
    to: 'if (!isObject(changed)) return false;',
    tests: catalogs,
  },
  {
    file: 'src/edit/revert.ts',
    what: 'what is taken out need not be what an edit puts in',
    from: "return lines && inOrder(edit.text) === inOrder(text) ? 'lines' : null;",
    to: "return 'lines';",
    tests: reverts,
  },
  {
    file: 'src/edit/revert.ts',
    what: "somebody's comment is left alone above nothing",
    from: 'return alike === null || leavesComment(text, alike) ? null : alike;',
    to: 'return alike;',
    tests: reverts,
  },
  {
    file: 'src/edit/revert.ts',
    what: 'any number of ways is tried',
    from: 'if (++tries > limit) return null;',
    to: '++tries;',
    tests: reverts,
  },
];

/** @type {readonly Mutant[]} */
const inGuards = [
  {
    file: 'src/apply/journal.ts',
    what: 'a journal of another project is believed',
    from: 'const token = memory.project === project && memory.token !== null ? findToken(project, memory.token) : null;',
    to: 'const token = memory.token !== null ? findToken(memory.project, memory.token) : null;',
    tests: foreign,
  },
  {
    file: 'src/apply/journal.ts',
    what: 'a journal whose checksum is wrong is believed',
    from: "if (bytes.subarray(0, start).toString('latin1') !== head(checksum(body)) || bytes.at(-1) !== 0x7d) return null;",
    to: 'if (bytes.at(-1) !== 0x7d) return null;',
    tests: journals,
  },
  {
    file: 'src/apply/journal.ts',
    what: 'the last byte of a journal may be another',
    from: ' || bytes.at(-1) !== 0x7d) return null;',
    to: ') return null;',
    tests: journals,
  },
  {
    file: 'src/apply/journal.ts',
    what: 'the bytes that a journal keeps need not have their checksum',
    from: 'return isLink && isAfter && kept && checksum(bytesOf(bytes)) === bytes.checksum;',
    to: 'return isLink && isAfter && kept;',
    tests: journals,
  },
  {
    file: 'src/apply/journal.ts',
    what: 'a journal may name any path',
    from: 'return isString(value) && isPlannable(value);',
    to: 'return isString(value);',
    tests: journals,
  },
  {
    file: 'src/apply/token.ts',
    what: 'a token counts in a folder that others may write to',
    from: 'return stat.isDirectory() && stat.uid === user && (stat.mode & 0o022) === 0;',
    to: 'return stat.isDirectory() && stat.uid === user;',
    tests: foreign,
  },
  {
    file: 'src/apply/token.ts',
    what: 'a token counts in a folder of another user',
    from: 'return stat.isDirectory() && stat.uid === user && (stat.mode & 0o022) === 0;',
    to: 'return stat.isDirectory() && (stat.mode & 0o022) === 0;',
    tests: foreign,
  },
  {
    file: 'src/apply/token.ts',
    what: 'a token that is not there counts',
    from: 'const folder = places().find((place) => isOurs(place) && isFolder(path.join(place, name)));',
    to: 'const folder = places().find((place) => isOurs(place));',
    tests: foreign,
  },
  {
    file: 'src/apply/boundary.ts',
    what: 'a symlink may lead out of the project',
    from: 'if (!isInside(boundary, file)) throw refusal(relative,',
    to: 'if (false) throw refusal(relative,',
    tests: boundaries,
  },
  {
    file: 'src/apply/boundary.ts',
    what: 'a folder on the way may lead out of the project',
    from: 'if (!isInside(boundary, folder)) throw refusal(relative,',
    to: 'if (false) throw refusal(relative,',
    tests: [...boundaries, ...foreign],
  },
  {
    file: 'src/apply/boundary.ts',
    what: 'a link may lead into node_modules',
    from: 'if (!isPlannable(wayTo(root, file))) throw refusal(relative,',
    to: 'if (false) throw refusal(relative,',
    tests: boundaries,
  },
  {
    file: 'src/apply/boundary.ts',
    what: '.GIT is another folder than .git',
    from: "part !== '.' && !closed.has(part.toLowerCase())",
    to: "part !== '.' && !closed.has(part)",
    tests: boundaries,
  },
  {
    file: 'src/apply/lock.ts',
    what: 'two runs hold one lock',
    from: 'const other = held.find(({ name }) => name !== path.basename(own));',
    to: 'const other = held.find(({ name }) => name === own);',
    tests: locks,
  },
  {
    file: 'src/apply/lock.ts',
    what: 'a lock is taken over a journal that another project left',
    from: 'if (!other && left !== undefined) throw leftIn(at, left);',
    to: '',
    tests: locks,
  },
  {
    file: 'src/apply/lock.ts',
    what: 'what is not of our making goes with the lock',
    from: 'if (ownFiles.test(file)) remove(path.join(at, name, file), unlinkSync);',
    to: 'remove(path.join(at, name, file), unlinkSync);',
    tests: locks,
  },
  {
    file: 'src/apply/place.ts',
    what: 'a .flue-add of another user is taken for ours',
    from: 'if (!isOwn(place, stat.uid)) throw ofAnother(place, stat.uid);',
    to: '',
    tests: [...foreign, ...locks],
  },
  {
    file: 'src/apply/place.ts',
    what: 'a run that cannot be seen counts as ended at once',
    from: "if (life === 'alive' || (life === 'unknown' && !over))",
    to: "if (life === 'alive')",
    tests: locks,
  },
  {
    file: 'src/apply/transaction.ts',
    what: 'a file that has changed meanwhile is written over',
    from: "  checkBefore(spot, operation, 'while the packages were installed');\n",
    to: '',
    tests: ['test/apply/changed.test.ts'],
  },
  {
    file: 'src/apply/prepare.ts',
    what: 'a file that has changed since it was looked at is written over',
    from: "const bytes = checkBefore(spot, operation, 'since it was looked at');",
    to: 'const bytes = spot.stat ? read(spot.file, operation.path) : null;',
    tests: ['test/apply/changed.test.ts'],
  },
  {
    file: 'src/project/door.ts',
    what: 'a device or a FIFO is opened',
    from: "if (kind !== 'file') return { reason: 'not-regular', detail: kind };",
    to: "if (kind === 'folder') return { reason: 'not-regular', detail: kind };",
    tests: doors,
  },
  {
    file: 'src/output/untrusted.ts',
    what: 'a terminal obeys the names of a project',
    from: 'return withoutCredentials(text).replace(obeyed, written);',
    to: 'return withoutCredentials(text);',
    tests: secrets,
  },
  {
    file: 'src/output/untrusted.ts',
    what: 'credentials are shown',
    from: 'return withoutCredentials(text).replace(obeyed, written);',
    to: 'return text.replace(obeyed, written);',
    tests: secrets,
  },
  {
    file: 'src/output/untrusted.ts',
    what: 'a newline in a name begins a line',
    from: ".replaceAll('\\n', '\\\\n')",
    to: '',
    tests: secrets,
  },
  {
    file: 'src/output/secrets.ts',
    what: 'values of committed templates are shown',
    from: 'isDoc ? withoutValues(text, names, one.path) : text',
    to: 'text',
    tests: secrets,
  },
  {
    file: 'src/output/credentials.ts',
    what: 'the password of PGPASSWORD=… is shown',
    from: '/SECRET|TOKEN|PASS|PWD|CREDENTIAL|APIKEY|',
    to: '/SECRET|TOKEN|CREDENTIAL|APIKEY|',
    tests: secrets,
  },
  {
    file: 'src/apply/failure.ts',
    what: 'a script that one package manager alone runs is not named after a failure',
    from: 'const scripts = [...installScripts, ...ownScripts];',
    to: 'const scripts = installScripts;',
    tests: ['test/apply/failure.test.ts'],
  },
  {
    file: 'src/plan/install.ts',
    what: 'an install does not know the scripts that are its own',
    from: '...(ownScripts && { ownScripts }), because',
    to: 'because',
    tests: steps,
  },
  {
    file: 'src/knowledge/conventions/schema/candidates.ts',
    what: 'the config of a tool that owns a schema is taken for what the program checks',
    from: '        !view.isSignOfOwner(posix.basename(file)) &&\n',
    to: '',
    tests: ['test/knowledge/conventions/modules.test.ts'],
  },
  {
    file: 'src/output/doc-values.ts',
    what: 'a value of several lines is shown from the second on',
    from: 'if (close < 0) return mask;',
    to: 'if (close < 0) return line;',
    tests: secrets,
  },
  {
    file: 'src/choose/danger.ts',
    what: 'a tool that drops tables is no danger',
    from: 'if (!owner) return null;',
    to: 'return null;',
    tests: names,
  },
  {
    file: 'src/choose/danger.ts',
    what: 'a cache is as good as a server that keeps what it has',
    from: "if (path === undefined && !one.name.includes('CACHE')) return null;",
    to: 'return null;',
    tests: names,
  },
  {
    file: 'src/choose/danger.ts',
    what: 'a tool that only migrates counts as one that drops',
    from: '({ engine, pushes }) => pushes && (engine',
    to: '({ engine }) => (engine',
    tests: names,
  },
  {
    file: 'src/choose/variable-name.ts',
    what: 'a secret may have a name that is sent to browsers',
    from: 'if (prefix) return',
    to: 'if (!prefix && !name) return',
    tests: variables,
  },
  {
    file: 'src/choose/variable-name.ts',
    what: 'a variable may be called as a property of every object',
    from: 'if (name in Object.prototype) return',
    to: "if (name === '') return",
    tests: variables,
  },
  {
    file: 'src/commands/preflight.ts',
    what: 'a program that is not there is found out half-way',
    from: 'if (program && !isOnPath(program)) {',
    to: 'if (!program) {',
    tests: commands,
  },
  {
    file: 'src/commands/settle.ts',
    what: 'a refusal does not say what else would be asked',
    from: 'error.further = await furtherQuestions(question, settling);',
    to: '{}',
    tests: commands,
  },
];

/** @type {readonly Mutant[]} */
const inOrders = [
  {
    file: 'src/apply/journal.ts',
    what: 'the journal has its name before it is on the disk',
    from: '  await flush([next, ...(token?.flushed ?? [])]);\n',
    to: '',
    ...power,
  },
  {
    file: 'src/apply/transaction.ts',
    what: 'files are written before the way back is on the disk',
    from: '    await flush([...claims.flatMap(claimPaths), ...prepared.targets.map((target) => stagedAt(own, target))]);\n',
    to: '',
    ...power,
  },
  {
    file: 'src/apply/transaction.ts',
    what: 'the journal ends before what was written is on the disk',
    from: '  await flush([...flushed, ...touched, ...touched.map((one) => path.dirname(one))]);\n',
    to: '',
    ...power,
  },
  {
    file: 'src/apply/transaction.ts',
    what: 'the locks go before the end is on the disk',
    from: 'const flushPlace = () => flush([own.place]);',
    to: 'const flushPlace = async () => {};',
    ...power,
  },
  {
    file: 'src/knowledge/package-managers/evidence.ts',
    what: 'a lockfile counts more than what package.json declares',
    from: '    declared(project) ??\n    byTool(project, workspace) ??\n    locked(project, workspace) ??\n',
    to: '    locked(project, workspace) ??\n    declared(project) ??\n    byTool(project, workspace) ??\n',
    tests: ['test/knowledge/package-managers/evidence.test.ts'],
  },
  {
    file: 'src/knowledge/package-managers/evidence.ts',
    what: 'what an install left counts more than what a script says',
    from: '    mentioned(project) ??\n    byLerna(project) ??\n    left(project) ??\n',
    to: '    left(project) ??\n    mentioned(project) ??\n    byLerna(project) ??\n',
    tests: ['test/knowledge/package-managers/evidence.test.ts'],
  },
  {
    file: 'src/knowledge/conventions/index.ts',
    what: 'a template that is compared with another is a template like others',
    from: '  comparedTemplate,\n  dotenv,\n',
    to: '  dotenv,\n  comparedTemplate,\n',
    tests: ['test/knowledge/conventions/order.test.ts'],
  },
  {
    file: 'src/edit/dotenv/insert.ts',
    what: 'an insertion before the mark that begins a file',
    from: "at: text.startsWith('\\uFEFF') ? 1 : 0",
    to: 'at: 0',
    tests: dotenv,
  },
];

/** @type {readonly Mutant[]} */
const inLimits = [
  {
    file: 'src/project/door.ts',
    what: 'a file of any size is read',
    from: 'return stat.size > limit ? tooLarge(limit) : readWhole(descriptor, stat.size, limit);',
    to: 'return readWhole(descriptor, stat.size, Number.MAX_SAFE_INTEGER);',
    tests: doors,
  },
  {
    file: 'src/project/door.ts',
    what: 'a file that grows is read for ever',
    from: 'total <= limit;',
    to: ';',
    tests: doors,
  },
  {
    file: 'src/project/door.ts',
    what: 'a lockfile may be no longer than a text',
    from: 'return machineWritten.test(path.basename(file)) ? machineLimit : textLimit;',
    to: 'return textLimit;',
    tests: doors,
  },
  {
    file: 'src/edit/parse-data.ts',
    what: 'brackets may stand in each other as deep as they like',
    from: 'if (depth > deepest) return true;',
    to: '',
    tests: limits,
  },
  {
    file: 'src/edit/parse-data.ts',
    what: 'YAML may be of any length',
    from: 'if (text.length > longestYaml || isIndentedTooDeep(text)) return undefined;',
    to: 'if (isIndentedTooDeep(text)) return undefined;',
    tests: limits,
  },
  {
    file: 'src/edit/parse-data.ts',
    what: 'YAML may be indented as deep as it likes',
    from: 'if (text.length > longestYaml || isIndentedTooDeep(text)) return undefined;',
    to: 'if (text.length > longestYaml) return undefined;',
    tests: limits,
  },
  {
    file: 'src/edit/nesting.ts',
    what: 'a parser is given what its stack is too small for',
    from: 'if (depth > limit) return true;',
    to: '',
    tests: limits,
  },
  {
    file: 'src/apply/time-limit.ts',
    what: 'a time limit of nothing is one',
    from: 'if (seconds > 0 && Number.isSafeInteger(Math.ceil(seconds))) return seconds;',
    to: 'return seconds;',
    tests: ['test/apply/time-limit.test.ts'],
  },
  {
    file: 'src/commands/settle.ts',
    what: 'questions are looked for without an end',
    from: 'open && further.length < most;',
    to: 'open;',
    tests: commands,
  },
];

/** @type {readonly Mutant[]} */
const inDecisions = [
  {
    file: 'src/output/untrusted.ts',
    what: 'JSON on a terminal is obeyed',
    from: "return text.replace(obeyed, (character) => character.split('').map(written).join(''));",
    to: 'return text;',
    tests: secrets,
  },
  {
    file: 'src/output/doc-values.ts',
    what: 'a key that stands in a sentence of a doc is shown',
    from: 'return digits >= 4 && changes >= word.length / 4;',
    to: 'return false;',
    tests: secrets,
  },
  {
    file: 'src/output/ask.ts',
    what: 'what is recommended is taken though nobody said --yes',
    from: 'if (audience.yes && recommended) return',
    to: 'if (recommended) return',
    tests: questions,
  },
  {
    file: 'src/output/ask.ts',
    what: '--yes answers what has no recommended answer',
    from: 'if (audience.yes && recommended) return recommended.value;',
    to: 'if (audience.yes) return (recommended ?? question.answers[0]!).value;',
    tests: questions,
  },
  {
    file: 'src/choose/host.ts',
    what: 'of two hosts the first gets the database',
    from: 'if (found.length === 1) return',
    to: 'if (first) return',
    tests: outcomes,
  },
  {
    file: 'src/choose/host.ts',
    what: 'a host is named of which there is no sign',
    from: 'if (found.some(({ value }) => value === host)) return',
    to: 'if (host) return',
    tests: outcomes,
  },
  {
    file: 'src/choose/package-manager.ts',
    what: 'a guess writes the first lockfile unasked',
    from: 'if (value && !(guess && confirmsGuess)) return',
    to: 'if (value) return',
    tests: outcomes,
  },
  {
    file: 'src/choose/entry.ts',
    what: 'a new entry hides a module that is imported',
    from: 'if (!hidden) return;\n  const',
    to: 'if (hidden !== undefined) return;\n  const',
    tests: outcomes,
  },
  {
    file: 'src/choose/removal.ts',
    what: 'another database than the one that is named is removed',
    from: 'if (wanted && marker.split(/[/@]/)[1] !== wanted)',
    to: 'if (wanted && !marker)',
    tests: outcomes,
  },
  {
    file: 'src/choose/client.ts',
    what: 'a client is used that cannot carry the state',
    from: 'if (client.unfit) {',
    to: 'if (client.unfit === undefined) {',
    tests: outcomes,
  },
  {
    file: 'src/plan/steps.ts',
    what: 'a person is told to do everything at once',
    from: '.slice(0, most);',
    to: ';',
    tests: steps,
  },
  {
    file: 'src/plan/steps.ts',
    what: 'the install is no step any more where there are edits',
    from: '[...set, ...install, ...first, ...edit, ...later]',
    to: '[...set, ...edit, ...first, ...later, ...install]',
    tests: steps,
  },
  {
    file: 'src/plan/install.ts',
    what: 'an install that would fail is planned',
    from: "if (obstacle) throw new Problem('needs-answer'",
    to: "if (obstacle && !install) throw new Problem('needs-answer'",
    tests: steps,
  },
  {
    file: 'src/plan/install.ts',
    what: 'a range of several versions becomes one of them',
    from: 'return /^\\^\\d+\\.\\d+\\.\\d+(?:-[\\w.]+)?$/.test(range) ?',
    to: "return range.startsWith('^') ?",
    tests: steps,
  },
  {
    file: 'src/plan/remove-packages.ts',
    what: "a package goes whose version is the project's own",
    from: "return 'by its version it may be your own';",
    to: 'return null;',
    tests: removals,
  },
  {
    file: 'src/plan/remove-packages.ts',
    what: 'a package goes that code imports',
    from: "? 'its package stays' : (needed[name] ?? null);",
    to: "? 'its package stays' : null;",
    tests: removals,
  },
  {
    file: 'src/plan/docs-to-edit.ts',
    what: 'a doc is edited that is to be left alone',
    from: 'const open = docs.filter(({ leftAlone }) => !leftAlone);',
    to: 'const open = [...docs];',
    tests: docs,
  },
  {
    file: 'src/plan/docs-to-edit.ts',
    what: 'a module is edited whose values the entry cannot have',
    from: '!isReachable(doc) && declares(doc, isMember)',
    to: '!isReachable(doc)',
    tests: docs,
  },
  {
    file: 'src/knowledge/hosts/pikku/wiring.ts',
    what: 'services count although something takes their place',
    from: 'if ((object.properties as Node[]).at(-1) !== is.spread && !wiringIn(before).spread) return false;',
    to: '',
    tests: wirings,
  },
  {
    file: 'src/knowledge/hosts/pikku/wiring.ts',
    what: 'the rest of the module may change',
    from: 'return shapeOf(before) === shapeOf(after);',
    to: 'return true;',
    tests: wirings,
  },
  {
    file: 'src/knowledge/hosts/pikku/version.ts',
    what: 'a core that was never run here is taken for the last that was',
    from: 'compare(version, from) >= 0 && compare(version, to) <= 0',
    to: 'compare(version, from) >= 0',
    tests: cores,
  },
  {
    file: 'src/knowledge/hosts/pikku/version.ts',
    what: 'a driver is there twice',
    from: 'if (!old || majorOf(version) !== majorOf(row.driver)) return;',
    to: 'if (majorOf(row.driver) > 0) return;',
    tests: cores,
  },
  {
    file: 'src/verify/level.ts',
    what: 'verify writes where others have tables',
    from: "if (site.local || !site.holds.others) return 'write';",
    to: "return 'write';",
    tests: levels,
  },
  {
    file: 'src/verify/level.ts',
    what: '--yes lets verify write to production',
    from: 'answers: answers(false),',
    to: 'answers: answers(true),',
    tests: levels,
  },
  {
    file: 'src/verify/scratch.ts',
    what: 'what a run at work has made is removed',
    from: 'if (machine === machineHash() && !isAlive(Number.parseInt(pid, 16))) return true;',
    to: 'if (machine === machineHash()) return true;',
    tests: levels,
  },
  {
    file: 'src/verify/child/secrets.ts',
    what: 'a secret is masked by a shorter one that it holds',
    from: '.sort((a, b) => b.length - a.length)',
    to: '',
    tests: redaction,
  },
  {
    file: 'src/verify/child/secrets.ts',
    what: 'a short secret is masked in the middle of words',
    from: 'if (secret.length >= 6) return text',
    to: 'if (secret.length >= 1) return text',
    tests: redaction,
  },
];

/** @type {readonly Mutant[]} */
const inReading = [
  {
    file: 'src/code/demands.ts',
    what: 'an answer that there is nothing counts as a demand',
    from: 'node.value >= 500',
    to: 'node.value >= 400',
    tests: uses,
  },
  {
    file: 'src/code/demands.ts',
    what: 'a complaint in a list is no demand',
    from: " || last === 'push'",
    to: '',
    tests: uses,
  },
  {
    file: 'src/code/demands.ts',
    what: 'a function that may go on counts as one that always throws',
    from: ' || returnsIn(definition.module, definition.node).length > 0',
    to: '',
    tests: uses,
  },
  {
    file: 'src/code/conditions.ts',
    what: 'a part of a test is judged by itself',
    from: '  if (isTested(context.module, node)) return [];\n  const { operator',
    to: '  const { operator',
    tests: uses,
  },
  {
    file: 'src/code/conditions.ts',
    what: 'the same client with a variable and without it hangs on it',
    from: ' || alike ?',
    to: ' ?',
    tests: uses,
  },
  {
    file: 'src/code/conditions.ts',
    what: 'an empty text counts as a default',
    from: 'textOf(other) !== null && !isNothing(other)',
    to: 'textOf(other) !== null',
    tests: uses,
  },
  {
    file: 'src/code/conditions.ts',
    what: 'what is there beside a missing variable counts as put together instead',
    from: 'return set && isComposed',
    to: 'return isComposed',
    tests: uses,
  },
  {
    file: 'src/knowledge/formatters/editorconfig.ts',
    what: 'files above a root count',
    from: 'if (root) break;',
    to: '',
    tests: formats,
  },
  {
    file: 'src/knowledge/formatters/editorconfig.ts',
    what: 'the farther file wins',
    from: 'found[name] ??= value',
    to: 'found[name] = value',
    tests: formats,
  },
  {
    file: 'src/knowledge/formatters/editorconfig.ts',
    what: 'a line of any length is read',
    from: "line.length > longest ? '' : line.trim()",
    to: 'line.trim()',
    tests: formats,
  },
  {
    file: 'src/knowledge/formatters/biome.ts',
    what: 'a config may extend itself for ever',
    from: 'base && depth < 5 &&',
    to: 'base &&',
    tests: formats,
  },
  {
    file: 'src/knowledge/formatters/biome.ts',
    what: '.editorconfig counts where Biome was not told so',
    from: 'general.useEditorconfig === true ? editor : {}',
    to: 'editor',
    tests: formats,
  },
  {
    file: 'src/knowledge/formatters/inspect.ts',
    what: 'an indentation of any width is taken',
    from: 'Number(value) <= 16',
    to: 'Number(value) <= 1000',
    tests: formats,
  },
  {
    file: 'src/blueprints/nearest.ts',
    what: 'a long word is taken for one three letters away',
    from: 'Math.min(2,',
    to: 'Math.min(3,',
    tests: typed,
  },
  {
    file: 'src/blueprints/shelf.ts',
    what: 'a marker may name any folder',
    from: 'if (!shelf || !readdirSync(shelves).includes(shelf)) return null;',
    to: 'if (!shelf) return null;',
    tests: typed,
  },
];

/** @type {readonly Mutant[]} */
export const mutants = [...inProofs, ...inGuards, ...inOrders, ...inLimits, ...inDecisions, ...inReading];
