// Step 5: what would change my mind? Harm under open weights over that under closing, along a belief.
import { useEffect } from 'preact/hooks';
import { outcomes, type Batch } from '../batch';
import { Chart, Figure, type Drawn, type Place } from '../chart';
import { changed, teaching } from '../configs';
import { Caveat, Progress, Slider, useBatch } from '../controls';
import { dollars, mean, percent, show, whole } from '../numbers';
import { choose, number, seed } from '../state';
import { t } from '../words';
import type { Key } from '../text/en';

interface Belief {
  name: string;
  pointer: string;
  label: Key;
  low: number;
  high: number;
  step: number;
  start: number;
  show: (value: number) => string;
}

const BELIEFS: Belief[] = [
  { name: 'unwarned', pointer: '/mechanisms/flaws/unwarned_share', label: 'beliefUnwarned', low: 0, high: 1, step: 0.1, start: 0.3, show: percent },
  { name: 'theft', pointer: '/mechanisms/theft/per_year/one_above', label: 'beliefTheft', low: 0, high: 0.9, step: 0.1, start: 0.4, show },
  { name: 'rest', pointer: '/labs/rest-of-the-world/budget_usd_per_year', label: 'beliefRest', low: 1e8, high: 1e9, step: 1e8, start: 5e8, show: (usd) => dollars(usd / 1e6) },
  { name: 'fingers', pointer: '/mechanisms/fingers/press_scale', label: 'beliefFingers', low: 2e-7, high: 3.2e-6, step: 2e-7, start: 1.6e-6, show: (value) => show(value * 1e6) },
];

const chosen = (belief: Belief): number => number(`mind.${belief.name}`, belief.start, belief.low, belief.high);

export function Mind() {
  const living = useBatch();
  const revealed = number('mind.revealed', 0) === 1;
  const guess = number('mind.guess', 0.6, 0, 1.2);
  const run = (): void => {
    choose('mind.revealed', 1);
    const values = Object.fromEntries(BELIEFS.map((belief) => [belief.pointer, chosen(belief)]));
    living.start(changed(teaching.beliefs, { '/seed': seed.value, ...values }));
  };
  useEffect(() => {
    if (revealed) run();
  }, []);
  const places = living.batch ? differences(living.batch) : [];
  const crossing = crossings(places);
  const items: Drawn[] = [
    { label: t('zeroLine'), colour: 7, as: 'line', dash: '8 4', places: [{ x: 0, y: 1 }, { x: 1.2, y: 1 }] },
    { label: t('openLessClosed'), colour: 1, as: 'points', places },
  ];
  return (
    <>
      <p class="lead">{t('mindLead')}</p>
      <fieldset class="sliders">
        <legend>{t('mindBeliefs')}</legend>
        {BELIEFS.map((belief) => (
          <Slider
            key={belief.name}
            label={t(belief.label)}
            value={chosen(belief)}
            low={belief.low}
            high={belief.high}
            step={belief.step}
            show={belief.show}
            onInput={(value) => choose(`mind.${belief.name}`, value)}
          />
        ))}
      </fieldset>
      <Slider label={t('mindQuestion')} value={guess} low={0} high={1.2} step={0.1} show={show} onInput={(value) => choose('mind.guess', value)} />
      <p>
        <button type="button" class="go" onClick={run}>{revealed ? t('liveAgain') : t('reveal')}</button>{' '}
        <button type="button" onClick={() => BELIEFS.forEach((belief) => choose(`mind.${belief.name}`, undefined))}>{t('asInBaseline')}</button>
      </p>
      {revealed && (
        <>
          <Figure
            title={t('mindTitle')}
            says={places.length > 1 ? breakEven(crossing, guess) : t('starting')}
            legend={items}
            table={{
              head: [t('uplift'), t('openLessClosed'), t('worlds')],
              rows: places.map((place) => [show(place.x), `${show(place.y)} (${show(place.low ?? NaN)} – ${show(place.high ?? NaN)})`, whole(living.batch?.design.replicates ?? 0)]),
            }}
          >
            <Chart
              x={{ label: t('uplift'), low: 0, high: 1.2, ticks: [0, 0.3, 0.6, 0.9, 1.2], show }}
              y={{ label: t('openLessClosed'), low: 0.5, high: 2, log: true, ticks: [0.5, 0.7, 1, 1.4, 2], show }}
              drawn={items}
            />
          </Figure>
          <p class="hint">{t('mindAboveBelow')}</p>
          <Progress living={living} />
        </>
      )}
      <Caveat>{t('mindCaveat')}</Caveat>
    </>
  );
}

/** Harm under open weights divided by that under closing, the geometric mean over paired worlds, at each uplift. */
function differences(batch: Batch): Place[] {
  const uplifts = [...new Set(batch.design.points.map((point) => point.values[0]!))].sort((a, b) => a - b);
  const points = batch.design.points;
  const at = (regime: string, uplift: number): number[] =>
    outcomes(batch, points.findIndex((point) => point.regime === regime && point.values[0] === uplift), 'harm_musd');
  return uplifts.flatMap((x) => {
    const closed = at('closed', x);
    const open = at('open-weights-permissive', x);
    const n = Math.min(closed.length, open.length);
    if (n < 2) return [];
    const found = mean(open.slice(0, n).map((harm, place) => Math.log(harm / closed[place]!)));
    return [{ x, y: Math.exp(found.value), low: Math.exp(found.low), high: Math.exp(found.high) }];
  });
}

/** Where the line between neighbouring places passes 1, and whether chance may have put either on its side. */
function crossings(places: Place[]): { x: number; sure: boolean }[] {
  return places.slice(1).flatMap((right, n) => {
    const left = places[n]!;
    const [a, b] = [Math.log(left.y), Math.log(right.y)];
    if (a * b >= 0) return [];
    const sure = [left, right].every((place) => (place.low ?? 0) > 1 || (place.high ?? 2) < 1);
    return [{ x: left.x + ((right.x - left.x) * a) / (a - b), sure }];
  });
}

function breakEven(crossing: { x: number; sure: boolean }[], guess: number): string {
  if (crossing.length === 0) return t('mindNoCrossing', { guess: show(guess) });
  const sure = crossing.every((found) => found.sure);
  return t(sure ? 'mindCrossing' : 'mindCrossingNoise', { x: crossing.map((found) => show(found.x)).join(', '), guess: show(guess) });
}
