import { must } from '../../../types/finding.ts';
import type { CommandRunner } from '../../../types/opening.ts';

/** An ioredis client, as far as it is used. */
export interface RedisClient {
  call(name: string, ...args: unknown[]): Promise<unknown>;
  options?: { keyPrefix?: string; maxRetriesPerRequest?: number | null };
  isCluster?: boolean;
}

/** A run of a workflow, and a step of it, as the services give them. */
export interface WorkflowRun {
  id: string;
  workflow: string;
  status: string;
  input: unknown;
}

interface WorkflowStep {
  stepId: string;
  stepName?: string;
  status: string;
  result?: unknown;
}

/**
 * `RedisWorkflowService` of `@pikku/redis` 0.12.0 to 0.12.18, as far as it is used; its fields are private to
 * TypeScript.
 */
export interface WorkflowService {
  keyPrefix?: unknown;
  createRun(name: string, input: unknown, inline: boolean, graphHash: string, wire: object): Promise<string>;
  getRun(id: string): Promise<WorkflowRun | null>;
  insertStepState(run: string, step: string, rpc: string, data: unknown): Promise<WorkflowStep>;
  setStepRunning(step: string): Promise<void>;
  setStepResult(step: string, result: unknown): Promise<void>;
  getStepState(run: string, step: string): Promise<WorkflowStep>;
  withRunLock<T>(id: string, work: () => Promise<T>): Promise<T>;
}

/** `RedisWorkflowRunService` of the same. */
export interface RunService {
  keyPrefix?: unknown;
  listRuns(options?: { workflowName?: string; limit?: number }): Promise<WorkflowRun[]>;
  getRunSteps(id: string): Promise<WorkflowStep[]>;
  deleteRun(id: string): Promise<boolean>;
}

/** What the module of Redis services makes. */
export interface MadeServices {
  workflowService?: WorkflowService;
  workflowRunService?: RunService;
  [name: string]: unknown;
}

/** What probes are run with. */
export interface PikkuRunner extends CommandRunner {
  services(): MadeServices;
  client(): RedisClient;
  eval(script: string, keys: string[], args?: unknown[]): Promise<unknown>;
}

/** The clients that a service holds, by the fields they stand in. */
export function clientsOf(service: unknown): RedisClient[] {
  if (typeof service !== 'object' || service === null) return [];
  const isClient = (value: unknown) =>
    typeof (value as RedisClient | null)?.call === 'function' && typeof (value as RedisClient).options === 'object';
  return Object.values(service).filter(isClient) as RedisClient[];
}

/** The client of the service that keeps runs. Raises a `Finding` where there is none. */
export function clientIn({ workflowService }: MadeServices): RedisClient {
  const [client] = clientsOf(workflowService);
  const remedy = 'make it of `RedisWorkflowService` with an ioredis client';
  must(client, '`workflowService` holds no client of ioredis', remedy);
  return client;
}

/** Both services for workflows. Raises a `Finding` where one is missing. */
export function workflowsOf({ services }: PikkuRunner): { runs: WorkflowService; list: RunService } {
  const { workflowService, workflowRunService } = services();
  const missing = [
    ...(typeof workflowService?.createRun === 'function' ? [] : ['workflowService']),
    ...(typeof workflowRunService?.listRuns === 'function' ? [] : ['workflowRunService']),
  ];
  must(missing.length === 0, `it makes no ${missing.join(' and no ')}`, 'make both, of the same client');
  return { runs: workflowService!, list: workflowRunService! };
}
