import type { Enters } from './follow.ts';
import type { Module, Node } from './module.ts';
import type { SourceCode } from './source-code.ts';
import { visit } from './visit.ts';

/** A variable that a value may come from. `part`: it is put together with something else. */
interface TracedVariable {
  name: string;
  part: boolean;
}

/** A parameter that a value may come from, where no call that was followed fills it. */
export interface TracedParameter {
  module: Module;
  owner: Node;
  index: number;
  /** The way into what the parameter is given. */
  keys: readonly string[];
}

/** Where a value comes from, as far as the code tells. */
export interface Trace {
  variables: TracedVariable[];
  parameters: TracedParameter[];
  /** What it may be, as far as that is written out. */
  literals: (string | number | boolean | null)[];
  /** Whether it may be something that cannot be seen. */
  open: boolean;
}

/** A call that is being looked into: what it gives to the parameters of a function. */
export interface Frame {
  owner: Node;
  given: readonly Node[];
  module: Module;
  outer: Frame | null;
  depth: number;
}

/** One value to look at. */
export interface TraceStep {
  module: Module;
  node: Node;
  /** The way into it; `*` for any. */
  keys: readonly string[];
  frame: Frame | null;
  /** Whether it went through something that cannot be seen, so that keys may have been added or taken away. */
  loose: boolean;
  part: boolean;
}

/** What a walk from a value to where it comes from has with it. */
export interface Walk {
  code: SourceCode;
  found: Trace;
  /**
   * Variables that a library may read by itself, as what it was given says how to check them: they count where the
   * value comes from no other.
   */
  checked: TracedVariable[];
  /** Whether a text is the name of a variable that is asked for: so it is known where an environment cannot be seen. */
  isName(text: string): boolean;
  /** Whether a call of what a specifier brings speaks for itself, so that what it is given is not looked at. */
  speaks(specifier: string): boolean;
  /** Whether functions of the project are looked into only where they are given the name of a variable. */
  shallow: boolean;
  /** Where it is shallow: into which modules a call is followed to a package all the same. */
  enters: Enters;
  /** Whether a module may lead to a variable that is asked for: for who asks for variables alone, it is left out. */
  mayName(path: string): boolean;
}

/**
 * Values that come from none of the variables that are asked for, each with the ways into it that were looked at: who
 * asks for variables alone need not look at them again.
 */
export type Barren = Map<Node, Set<string>>;

/** Steps of one trace: a value that comes from more places is nobody's connection. */
const limit = 4000;

const nowhere: Enters = () => false;

/** `barren`: what traces with the same options have found to be so; what this one finds is added. */
interface TraceOptions extends Partial<Pick<Walk, 'speaks' | 'shallow' | 'enters' | 'mayName'>> {
  barren?: Barren;
}

/**
 * Traces a value, or what stands in it at `keys`, back to the variables of the environment, the parameters and the
 * literals it comes from: through names, objects, functions and modules of the project. `isName`: whether a text is the
 * name of a variable, which tells where no environment can be seen. Cycles end, and what is beyond the limit counts as
 * not seen.
 */
export function trace(
  code: SourceCode,
  { module, node, keys = [] }: { module: Module; node: Node; keys?: readonly string[] },
  isName: (text: string) => boolean,
  { speaks = () => false, shallow = false, enters = nowhere, mayName = () => true, barren }: TraceOptions = {},
): Trace {
  const open: TraceStep[] = [{ module, node, keys, frame: null, loose: false, part: false }];
  const passed: Barren = new Map();
  const inCalls = new Map<Frame, Barren>();
  const isNew = (step: TraceStep): boolean => {
    const { frame } = step;
    if (!frame) return !barren?.get(step.node)?.has(wayOf(step)) && add(passed, step);
    const inside = inCalls.get(frame) ?? new Map();
    inCalls.set(frame, inside);
    return add(inside, step);
  };
  const found: Trace = { variables: [], parameters: [], literals: [], open: false };
  const walk: Walk = { code, found, checked: [], isName, speaks, shallow, enters, mayName };
  for (let steps = 0; open.length > 0; steps += 1) {
    const step = open.pop()!;
    code.budget.steps -= 1;
    if (steps >= limit || step.keys.length > 20 || code.budget.steps < 0) {
      found.open = true;
      return found;
    }
    if (isNew(step)) open.push(...visit(step, walk));
  }
  if (found.variables.length === 0) found.variables.push(...walk.checked);
  if (barren && !found.variables.some((one) => isName(one.name))) merge(passed, barren);
  return found;
}

/** The way into a value, and how it was come to. */
function wayOf({ keys, loose, part }: TraceStep): string {
  return `${keys.join('.')}${loose ? '~' : ''}${part ? '+' : ''}`;
}

/** Whether a value was not looked at in that way yet. */
function add(all: Barren, step: TraceStep): boolean {
  const way = wayOf(step);
  const known = all.get(step.node);
  if (!known) all.set(step.node, new Set([way]));
  return !known || (!known.has(way) && known.add(way).size > 0);
}

function merge(passed: Barren, barren: Barren): void {
  for (const [node, ways] of passed) {
    const known = barren.get(node);
    if (known) for (const way of ways) known.add(way);
    else barren.set(node, ways);
  }
}
