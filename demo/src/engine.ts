// The engine: the model as a WebAssembly module (demo/engine/module.cpp), one instance a thread.

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  fingers_input(bytes: number): number;
  fingers_answer(): number;
  fingers_answer_bytes(): number;
  fingers_read(): number;
  fingers_head(): void;
  fingers_run(point: number, replicate: number): void;
  fingers_about(): void;
  fingers_mistakes(): void;
  fingers_design(): void;
  fingers_parameters(): void;
  fingers_schema(): void;
  fingers_outcomes(): void;
  fingers_series(): void;
  fingers_event_column(column: number): void;
  fingers_story(point: number, replicate: number, other: number): void;
}

export interface Mistake {
  pointer: string;
  line: number;
  column: number;
  message: string;
}

export interface Point {
  name: string;
  regime: string;
  values: number[];
}

export interface Design {
  title: string;
  replicates: number;
  start_year: number;
  dt_years: number;
  steps: number;
  factors: string[];
  points: Point[];
}

export interface Parameter {
  pointer: string;
  type: 'number' | 'whole' | 'flag' | 'other';
  value: unknown;
  unit: string;
  low: number | null;
  high: number | null;
  belief_low: number | null;
  belief_high: number | null;
  source: string;
  meaning: string;
}

export interface About {
  version: string;
  results_version: number;
  regimes: { name: string; text: { title?: string; note?: string } }[];
}

interface Column {
  name: string;
  type: string;
  unit: string;
  meaning: string;
  dictionary?: string;
}

export interface Schema {
  events: Column[];
  outcomes: Column[];
  series: Column[];
  dictionaries: Record<string, string[]>;
}

/** The story of a world's worst event (agents/story.hpp), and of the same moment under another regime. */
export interface Story {
  title: string;
  sentences: { date: string; text: string }[];
  against?: { regime: string; compared: { text: string }[] } | null;
}

/** What one world recorded: numbers in the order of the schema; a series is one quantity after the other. */
export interface World {
  outcomes: Float64Array;
  series: Float32Array;
  digest: Uint8Array;
}

export interface Event {
  time: number;
  kind: string;
  severity_musd: number;
  [column: string]: number | string;
}

const views: Record<string, (bytes: ArrayBuffer) => ArrayLike<number | bigint>> = {
  f8: (b) => new Float64Array(b),
  f4: (b) => new Float32Array(b),
  u1: (b) => new Uint8Array(b),
  u2: (b) => new Uint16Array(b),
  u4: (b) => new Uint32Array(b),
  u8: (b) => new BigUint64Array(b),
  i4: (b) => new Int32Array(b),
};

/** Unpacks what embed.mjs wrote. */
export async function unpack(packed: string): Promise<WebAssembly.Module> {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

export class Engine {
  private constructor(private readonly calls: Exports) {}

  static async of(module: WebAssembly.Module): Promise<Engine> {
    // The C library asks for a few calls of the system interface; a module without files needs none.
    const noFiles = new Proxy({}, { get: () => () => 52 });
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: noFiles as WebAssembly.ModuleImports });
    const calls = instance.exports as unknown as Exports;
    calls._initialize();
    return new Engine(calls);
  }

  /** Reads a config; answers its mistakes, none when it can be run. */
  read(config: string): Mistake[] {
    const bytes = new TextEncoder().encode(config);
    const at = this.calls.fingers_input(bytes.length);
    new Uint8Array(this.calls.memory.buffer, at, bytes.length).set(bytes);
    if (this.calls.fingers_read() === 1) return [];
    this.calls.fingers_mistakes();
    return this.json<Mistake[]>();
  }

  about(): About {
    this.calls.fingers_about();
    return this.json<About>();
  }

  design(): Design {
    this.calls.fingers_design();
    return this.json<Design>();
  }

  parameters(): Parameter[] {
    this.calls.fingers_parameters();
    return this.json<Parameter[]>();
  }

  schema(): Schema {
    this.calls.fingers_schema();
    const told = this.json<{
      tables: { name: string; columns: Column[] }[];
      outcomes: Column[];
      series: Column[];
      dictionaries: { name: string; names: string[] }[];
    }>();
    const events = told.tables.find((table) => table.name === 'events');
    return {
      events: events?.columns ?? [],
      outcomes: told.outcomes,
      series: told.series,
      dictionaries: Object.fromEntries(told.dictionaries.map((entry) => [entry.name, entry.names])),
    };
  }

  /** The head of the content digest; the pieces of all runs follow it, in order. */
  head(): Uint8Array {
    this.calls.fingers_head();
    return this.bytes();
  }

  run(point: number, replicate: number): World {
    this.calls.fingers_run(point, replicate);
    const digest = this.bytes();
    this.calls.fingers_outcomes();
    const outcomes = new Float64Array(this.bytes().buffer);
    this.calls.fingers_series();
    return { outcomes, series: new Float32Array(this.bytes().buffer), digest };
  }

  /** The story of a world's worst event, held against another point; nothing where nothing happened. */
  story(point: number, replicate: number, other: number): Story | undefined {
    this.calls.fingers_story(point, replicate, other);
    return this.calls.fingers_answer_bytes() === 0 ? undefined : this.json<Story>();
  }

  /** The events of the world that was lived last. */
  events(schema: Schema): Event[] {
    const columns = schema.events.map((column, place) => {
      this.calls.fingers_event_column(place);
      const read = views[column.type];
      if (!read) throw new Error(`events.${column.name} is of type ${column.type}, which is not known here`);
      return read(this.bytes().buffer as ArrayBuffer);
    });
    const count = columns[0]?.length ?? 0;
    return Array.from({ length: count }, (_, row) => {
      const event: Record<string, number | string> = {};
      schema.events.forEach((column, place) => {
        const value = Number(columns[place]![row]);
        const words = column.dictionary ? schema.dictionaries[column.dictionary] : undefined;
        event[column.name] = words ? (words[value] ?? String(value)) : value;
      });
      return event as Event;
    });
  }

  private bytes(): Uint8Array {
    const start = this.calls.fingers_answer();
    return new Uint8Array(this.calls.memory.buffer.slice(start, start + this.calls.fingers_answer_bytes()));
  }

  private json<T>(): T {
    return JSON.parse(new TextDecoder().decode(this.bytes())) as T;
  }
}
