// Batches over all threads of the page: worlds are split by number, so that the result depends on their number alone.
import { unpack, type Design, type Mistake, type Parameter, type Schema, type Story } from './engine';
import { packedModule } from './generated/module';
import type { Answer, Lived, Reading, Request } from './worker';
import PageWorker from './worker?worker&inline';

/** A config, as JSON. */
export type Config = Record<string, unknown>;

/** What a batch has lived so far. Worlds stand at point · replicates + replicate; those to come are missing. */
export interface Batch {
  design: Design;
  schema: Schema;
  parameters: Parameter[];
  worlds: (Lived | undefined)[];
  done: number;
  /** SHA-256 of the contents, as `fingers info --digest` prints it; when all worlds have been lived. */
  digest?: string;
  seconds: number;
}

export class WrongConfig extends Error {
  constructor(readonly mistakes: Mistake[]) {
    super(mistakes.map((mistake) => `${mistake.pointer}: ${mistake.message}`).join('\n'));
  }
}

let compiled: Promise<WebAssembly.Module> | undefined;
const module = (): Promise<WebAssembly.Module> => (compiled ??= unpack(packedModule));
export const threads = Math.max(1, Math.min(8, navigator.hardwareConcurrency || 2));

/** A worker with its engine. A stopped batch ends its workers: a world cannot be interrupted. */
class Thread {
  private readonly worker = new PageWorker();
  private heard: (answer: Answer) => void = () => {};

  constructor() {
    this.worker.onmessage = (event: MessageEvent<Answer>) => this.heard(event.data);
    this.worker.onerror = (event) => this.heard({ kind: 'failure', what: event.message });
  }

  /** Sends a request and hands each answer to `take` until it says that it was the last. */
  ask(request: Request, take: (answer: Answer) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.heard = (answer) => {
        if (answer.kind === 'failure') reject(new Error(answer.what));
        else if (take(answer)) resolve();
      };
      this.worker.postMessage(request);
    });
  }

  async read(config: string): Promise<Reading> {
    await this.ask({ kind: 'module', module: await module() }, (answer) => answer.kind === 'ready');
    let reading: Reading = { mistakes: [] };
    await this.ask({ kind: 'read', config }, (answer) => {
      if (answer.kind === 'reading') reading = answer.reading;
      return answer.kind === 'reading';
    });
    return reading;
  }

  end(): void {
    this.worker.terminate();
  }
}

async function sha256(parts: Uint8Array[]): Promise<string> {
  const whole = new Blob(parts as unknown as BlobPart[]);
  // A page from disk is a secure context in all browsers that matter; elsewhere there is no digest.
  if (!globalThis.crypto?.subtle) return '';
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await whole.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Reads a config and tells its design, or throws WrongConfig. */
export async function look(config: Config): Promise<Reading> {
  const thread = new Thread();
  try {
    const reading = await thread.read(JSON.stringify(config));
    if (reading.mistakes.length > 0) throw new WrongConfig(reading.mistakes);
    return reading;
  } finally {
    thread.end();
  }
}

/** The story of a world's worst event, held against the same world of another point. */
export async function story(config: Config, point: number, replicate: number, other: number): Promise<Story | undefined> {
  const thread = new Thread();
  try {
    await thread.read(JSON.stringify(config));
    let told: Story | undefined;
    await thread.ask({ kind: 'story', point, replicate, other }, (answer) => {
      if (answer.kind === 'story') told = answer.story;
      return answer.kind === 'story';
    });
    return told;
  } finally {
    thread.end();
  }
}

/**
 * Lives all worlds of a config.
 *
 * @param config What `fingers run` would take.
 * @param show Called now and then with what is there so far, and at the end.
 * @param options events: record them; signal: ends the batch.
 * @returns The whole batch. Throws WrongConfig; an aborted batch throws the signal's reason.
 */
export async function live(
  config: Config,
  show: (batch: Batch) => void,
  options: { events?: boolean; signal?: AbortSignal } = {},
): Promise<Batch> {
  const text = JSON.stringify(config);
  const first = new Thread();
  const team = [first];
  const stop = new Promise<never>((_, reject) => {
    options.signal?.addEventListener('abort', () => reject(options.signal!.reason as Error), { once: true });
  });
  stop.catch(() => {});
  try {
    const began = performance.now();
    const reading = await Promise.race([first.read(text), stop]);
    if (reading.mistakes.length > 0) throw new WrongConfig(reading.mistakes);
    const { design, schema, parameters, head } = reading as Required<Reading>;
    const total = design.points.length * design.replicates;
    const batch: Batch = { design, schema, parameters, worlds: new Array<Lived | undefined>(total), done: 0, seconds: 0 };
    while (team.length < Math.min(threads, total)) team.push(new Thread());
    await Promise.race([Promise.all(team.slice(1).map((thread) => thread.read(text))), stop]);
    let shown = 0;
    const take = (answer: Answer): boolean => {
      if (answer.kind === 'done') return true;
      if (answer.kind === 'world') {
        batch.worlds[answer.world.point * design.replicates + answer.world.replicate] = answer.world;
        batch.done += 1;
        batch.seconds = (performance.now() - began) / 1000;
        if (performance.now() - shown > 100) {
          shown = performance.now();
          show({ ...batch });
        }
      }
      return false;
    };
    // All regimes of a replicate before the next replicate, so that what is shown early is paired.
    const runs: [number, number][] = Array.from({ length: total }, (_, n) => [
      n % design.points.length,
      Math.floor(n / design.points.length),
    ]);
    const parts = team.map((_, place) => runs.filter((_run, n) => n % team.length === place));
    const all = team.map((thread, place) =>
      thread.ask({ kind: 'run', runs: parts[place]!, events: options.events ?? false }, take),
    );
    await Promise.race([Promise.all(all), stop]);
    batch.digest = await sha256([head, ...batch.worlds.map((world) => world!.digest)]);
    batch.seconds = (performance.now() - began) / 1000;
    show({ ...batch });
    return batch;
  } finally {
    for (const thread of team) thread.end();
  }
}

/** One outcome of all worlds of a point that have been lived, in order of replicates; NaN stands for "none". */
export function outcomes(batch: Batch, point: number, name: string): number[] {
  const place = batch.schema.outcomes.findIndex((column) => column.name === name);
  if (place < 0) throw new Error(`no outcome is called ${name}`);
  const { replicates } = batch.design;
  return batch.worlds
    .slice(point * replicates, (point + 1) * replicates)
    .flatMap((world) => (world ? [world.outcomes[place]!] : []));
}

/** One quantity over the months of a world. */
export function series(batch: Batch, world: Lived, name: string): Float32Array {
  const place = batch.schema.series.findIndex((column) => column.name === name);
  if (place < 0) throw new Error(`no quantity is called ${name}`);
  const { steps } = batch.design;
  return world.series.subarray(place * steps, (place + 1) * steps);
}

/** The worlds of a point that have been lived. */
export function worldsOf(batch: Batch, point: number): Lived[] {
  const { replicates } = batch.design;
  return batch.worlds.slice(point * replicates, (point + 1) * replicates).filter((world) => world !== undefined);
}
