// Step 3: those who press also look. Whether many hands are safer depends on what one more pair of eyes is worth.
import { useEffect } from 'preact/hooks';
import { worldsOf, type Batch } from '../batch';
import { Chart, Figure, type Drawn } from '../chart';
import { changed, teaching } from '../configs';
import { Bet, Caveat, Progress, Slider, useBatch } from '../controls';
import { mean, show, whole } from '../numbers';
import { choose, number, seed, text } from '../state';
import { t } from '../words';

const PEOPLE = [30, 300, 3000];

export function Eyeballs() {
  const living = useBatch();
  const gamma = number('eyeballs.gamma', 0.5, 0, 1);
  const revealed = number('eyeballs.revealed', 0) === 1;
  const run = (returns: number): void =>
    living.start(changed(teaching.eyeballs, {
      '/seed': seed.value,
      '/mechanisms/scrutiny/returns_to_eyeballs': returns,
      '/experiment/replicates': 200,
    }), true);
  useEffect(() => {
    if (revealed) run(gamma);
  }, []);
  const found = living.batch ? losses(living.batch) : [];
  const slope = slopeOf(found);
  const items: Drawn[] = [
    { label: t('eyeballsLaw', { slope: show(1 - gamma) }), colour: 7, as: 'line', dash: '8 4', places: lawThrough(found, gamma) },
    { label: t('engineCurve'), colour: 1, as: 'points', places: found },
  ];
  return (
    <>
      <p class="lead">{t('eyeballsLead')}</p>
      <Bet
        question={t('eyeballsQuestion')}
        answers={[['ten', t('eyeballsTen')], ['some', t('eyeballsSome')], ['same', t('eyeballsSame')], ['fewer', t('eyeballsFewer')]]}
        value={text('eyeballs.bet')}
        onBet={(word) => choose('eyeballs.bet', word)}
      />
      <Slider
        label={t('gamma')}
        value={gamma}
        low={0}
        high={1}
        step={0.05}
        show={show}
        onInput={(value) => {
          choose('eyeballs.gamma', value);
          if (revealed) run(value);
        }}
      />
      <p>
        <button type="button" class="go" disabled={text('eyeballs.bet') === '' || living.running} onClick={() => { choose('eyeballs.revealed', 1); run(gamma); }}>
          {t('reveal')}
        </button>
      </p>
      {revealed && (
        <>
          <Figure
            title={t('eyeballsTitle')}
            says={Number.isFinite(slope) ? t('eyeballsSays', { slope: show(slope), law: show(1 - gamma) }) : t('starting')}
            legend={items}
            table={{
              head: [t('people'), t('lossesPerWorld'), t('worlds')],
              rows: found.map((place) => [whole(place.x), `${show(place.y)} (${show(place.low)} – ${show(place.high)})`, whole(living.batch?.design.replicates ?? 0)]),
            }}
          >
            <Chart
              x={{ label: t('people'), low: 20, high: 5000, log: true, ticks: PEOPLE, show: whole }}
              y={{ label: t('lossesPerWorld'), low: 0.1, high: 1000, log: true, show }}
              drawn={items}
            />
          </Figure>
          <Progress living={living} />
          <p class="reveal">{t('eyeballsReveal')}</p>
        </>
      )}
      <Caveat>{t('eyeballsCaveat')}</Caveat>
    </>
  );
}

/** Losses of control after the first month, in which every flaw is still there however many look. */
function losses(batch: Batch) {
  const from = batch.design.start_year + batch.design.dt_years;
  return PEOPLE.map((x, point) => {
    const counts = worldsOf(batch, point).map((world) => (world.events ?? []).filter((event) => event.kind === 'loss_of_control' && event.time >= from).length);
    return { x, ...asPlace(mean(counts)) };
  }).filter((place) => Number.isFinite(place.y));
}

const asPlace = (m: { value: number; low: number; high: number }) => ({ y: m.value, low: Math.max(0.1, m.low), high: m.high });

/** The slope between the first and the last place, both axes logarithmic. */
function slopeOf(places: { x: number; y: number }[]): number {
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last || first === last || first.y <= 0 || last.y <= 0) return NaN;
  return Math.log(last.y / first.y) / Math.log(last.x / first.x);
}

/** N^(1 − γ) through the middle place. */
function lawThrough(places: { x: number; y: number }[], gamma: number) {
  const middle = places[1];
  if (!middle || middle.y <= 0) return [];
  return [20, 5000].map((x) => ({ x, y: middle.y * (x / middle.x) ** (1 - gamma) }));
}
