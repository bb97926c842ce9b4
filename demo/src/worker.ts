// A thread of the page: one engine that reads a config and lives the worlds that it is given.
import { Engine, type Design, type Event, type Mistake, type Parameter, type Schema, type Story, type World } from './engine';

export type Request =
  | { kind: 'module'; module: WebAssembly.Module }
  | { kind: 'read'; config: string }
  | { kind: 'story'; point: number; replicate: number; other: number }
  | { kind: 'run'; runs: [point: number, replicate: number][]; events: boolean };

export interface Reading {
  mistakes: Mistake[];
  design?: Design;
  schema?: Schema;
  parameters?: Parameter[];
  head?: Uint8Array;
}

export type Lived = World & { point: number; replicate: number; events?: Event[] };

export type Answer =
  | { kind: 'ready' }
  | { kind: 'reading'; reading: Reading }
  | { kind: 'world'; world: Lived }
  | { kind: 'done' }
  | { kind: 'story'; story: Story | undefined }
  | { kind: 'failure'; what: string };

const host = self as unknown as { postMessage(answer: Answer): void; onmessage: ((event: MessageEvent<Request>) => void) | null };
let engine: Engine | undefined;
let schema: Schema | undefined;

function read(config: string): Reading {
  const mistakes = engine!.read(config);
  if (mistakes.length > 0) return { mistakes };
  schema = engine!.schema();
  return { mistakes, schema, design: engine!.design(), parameters: engine!.parameters(), head: engine!.head() };
}

async function act(request: Request): Promise<void> {
  if (request.kind === 'module') {
    engine = await Engine.of(request.module);
    host.postMessage({ kind: 'ready' });
  } else if (request.kind === 'read') {
    host.postMessage({ kind: 'reading', reading: read(request.config) });
  } else if (request.kind === 'story') {
    host.postMessage({ kind: 'story', story: engine!.story(request.point, request.replicate, request.other) });
  } else {
    for (const [point, replicate] of request.runs) {
      const world = engine!.run(point, replicate);
      const events = request.events ? engine!.events(schema!) : undefined;
      host.postMessage({ kind: 'world', world: { ...world, point, replicate, ...(events ? { events } : {}) } });
    }
    host.postMessage({ kind: 'done' });
  }
}

host.onmessage = (event) => {
  act(event.data).catch((error: unknown) => host.postMessage({ kind: 'failure', what: String(error) }));
};
