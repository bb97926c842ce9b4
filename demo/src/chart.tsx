// Figures: an SVG drawing with a name, a sentence that says what it shows, and its numbers in a table.
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { ComponentChildren, TargetedPointerEvent } from 'preact';
import { t } from './words';

export interface Place {
  x: number;
  y: number;
  low?: number;
  high?: number;
}

/** One thing that is drawn. Colours are 1 to 7 of the palette; dashes and markers tell the same apart without them. */
export interface Drawn {
  label: string;
  colour: number;
  places: Place[];
  as: 'line' | 'points';
  dash?: string;
  /** Written beside the last place. */
  tag?: string;
}

export interface Axis {
  label: string;
  low: number;
  high: number;
  log?: boolean;
  ticks?: number[];
  show: (value: number) => string;
}

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 84;
const RIGHT = 130;
const TOP = 16;
const BELOW = 56;
const markers = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const;

interface Props {
  x: Axis;
  y: Axis;
  drawn: Drawn[];
  /** Called with places of the axes while a reader draws with a pointer. */
  onDraw?: (x: number, y: number) => void;
  children?: ComponentChildren;
}

const scaleOf = (axis: Axis, from: number, to: number) =>
  (axis.log ? scaleLog() : scaleLinear()).domain([axis.low, axis.high]).range([from, to]).clamp(true);

function Marker({ x, y, colour }: { x: number; y: number; colour: number }) {
  const kind = markers[(colour - 1) % markers.length];
  const common = { class: `mark c${colour}` };
  if (kind === 'square') return <rect {...common} x={x - 4.5} y={y - 4.5} width="9" height="9" />;
  if (kind === 'triangle') return <path {...common} d={`M${x} ${y - 6}l5.6 10h-11.2z`} />;
  if (kind === 'diamond') return <path {...common} d={`M${x} ${y - 6.5}l6 6.5l-6 6.5l-6 -6.5z`} />;
  if (kind === 'cross') return <path class={`mark c${colour} open`} d={`M${x - 5} ${y - 5}l10 10m0 -10l-10 10`} />;
  return <circle {...common} cx={x} cy={y} r="5" />;
}

export function Chart({ x, y, drawn, onDraw, children }: Props) {
  const across = scaleOf(x, LEFT, WIDTH - RIGHT);
  const up = scaleOf(y, HEIGHT - BELOW, TOP);
  const ticks = (axis: Axis, scale: typeof across): number[] => axis.ticks ?? (axis.log ? decades(axis) : scale.ticks(5));
  const asDrawn = (event: TargetedPointerEvent<SVGSVGElement>): void => {
    if (!onDraw || event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * WIDTH;
    const py = ((event.clientY - box.top) / box.height) * HEIGHT;
    onDraw(across.invert(px), up.invert(py));
  };
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      class={onDraw ? 'chart drawable' : 'chart'}
      aria-hidden="true"
      focusable="false"
      onPointerDown={(event) => {
        if (onDraw) event.currentTarget.setPointerCapture(event.pointerId);
        asDrawn(event);
      }}
      onPointerMove={asDrawn}
    >
      {ticks(y, up).map((value) => (
        <g key={`y${value}`}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={up(value)} y2={up(value)} />
          <text class="tick" x={LEFT - 8} y={up(value) + 4} text-anchor="end">{y.show(value)}</text>
        </g>
      ))}
      {ticks(x, across).map((value) => (
        <g key={`x${value}`}>
          <line class="grid" x1={across(value)} x2={across(value)} y1={TOP} y2={HEIGHT - BELOW} />
          <text class="tick" x={across(value)} y={HEIGHT - BELOW + 18} text-anchor="middle">{x.show(value)}</text>
        </g>
      ))}
      <text class="label" x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 12} text-anchor="middle">{x.label}</text>
      <text class="label" transform={`translate(16 ${(TOP + HEIGHT - BELOW) / 2}) rotate(-90)`} text-anchor="middle">{y.label}</text>
      {drawn.map((item) => <Item key={item.label} item={item} across={across} up={up} />)}
      {children}
    </svg>
  );
}

function decades(axis: Axis): number[] {
  const found: number[] = [];
  const from = Math.ceil(Math.log10(axis.low) - 1e-9);
  const to = Math.floor(Math.log10(axis.high) + 1e-9);
  const steps = to - from < 2 ? [1, 2, 5] : [1];
  for (let power = from - 1; power <= to; power += 1) {
    for (const factor of steps) {
      const value = factor * 10 ** power;
      if (value >= axis.low * 0.999 && value <= axis.high * 1.001) found.push(value);
    }
  }
  return found;
}

type Scale = ReturnType<typeof scaleOf>;

function Item({ item, across, up }: { item: Drawn; across: Scale; up: Scale }) {
  const places = item.places.filter((place) => Number.isFinite(place.x) && Number.isFinite(place.y));
  const last = places.at(-1);
  const hasBand = item.as === 'line' && places.some((place) => place.low !== undefined);
  const path = line<Place>((place) => across(place.x), (place) => up(place.y))(places) ?? '';
  const band = area<Place>()
    .x((place) => across(place.x))
    .y0((place) => up(place.low ?? place.y))
    .y1((place) => up(place.high ?? place.y))(places) ?? '';
  return (
    <g>
      {hasBand && <path class={`band c${item.colour}`} d={band} />}
      {item.as === 'line' && <path class={`line c${item.colour}`} d={path} stroke-dasharray={item.dash} />}
      {item.as === 'points' && places.map((place) => (
        <g key={place.x}>
          {place.low !== undefined && Number.isFinite(place.low) && (
            <line class={`bar c${item.colour}`} x1={across(place.x)} x2={across(place.x)} y1={up(place.low)} y2={up(place.high ?? place.y)} />
          )}
          <Marker x={across(place.x)} y={up(place.y)} colour={item.colour} />
        </g>
      ))}
      {item.tag && last && (
        <text class={`tag c${item.colour}`} x={across(last.x) + 10} y={up(last.y) + 4}>{item.tag}</text>
      )}
    </g>
  );
}

/** Bars of how many worlds fall where; each is so wide as the others. */
export function Histogram({ bars, axis, colour }: { bars: { from: number; to: number; count: number }[]; axis: string; colour: number }) {
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const across = scaleLinear().domain([0, bars.length]).range([LEFT, WIDTH - 20]);
  const up = scaleLinear().domain([0, most]).range([160, 10]);
  return (
    <svg viewBox={`0 0 ${WIDTH} 210`} class="chart" aria-hidden="true" focusable="false">
      {bars.map((bar, place) => (
        <rect key={place} class={`fill c${colour}`} x={across(place) + 1} width={Math.max(1, across(1) - across(0) - 2)} y={up(bar.count)} height={160 - up(bar.count)} />
      ))}
      <line class="grid" x1={LEFT} x2={WIDTH - 20} y1="160" y2="160" />
      <text class="tick" x={LEFT - 8} y="16" text-anchor="end">{most}</text>
      <text class="tick" x={LEFT - 8} y="164" text-anchor="end">0</text>
      <text class="label" x={(LEFT + WIDTH - 20) / 2} y="202" text-anchor="middle">{axis}</text>
    </svg>
  );
}

export interface TableOf {
  head: string[];
  rows: (string | number)[][];
}

/** A drawing with its name, the sentence that stands for it, a legend and the numbers behind it. */
export function Figure({ title, says, legend, table, children }: {
  title: string;
  says: string;
  legend?: Drawn[];
  table: TableOf;
  children: ComponentChildren;
}) {
  return (
    <figure>
      <figcaption>
        <strong>{title}</strong>
        <span> {says}</span>
      </figcaption>
      {children}
      {legend && (
        <ul class="legend">
          {legend.map((item) => (
            <li key={item.label}>
              <svg viewBox="0 0 30 14" width="30" height="14" aria-hidden="true">
                {item.as === 'line'
                  ? <path class={`line c${item.colour}`} d="M1 7h28" stroke-dasharray={item.dash} />
                  : <Marker x={15} y={7} colour={item.colour} />}
              </svg>
              {item.label}
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>{t('table')}</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={title}>
          <table>
            <thead><tr>{table.head.map((word) => <th key={word} scope="col">{word}</th>)}</tr></thead>
            <tbody>
              {table.rows.map((row, place) => (
                <tr key={place}>{row.map((cell, column) => (column === 0 ? <th key={column} scope="row">{cell}</th> : <td key={column}>{cell}</td>))}</tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
