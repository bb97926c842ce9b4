// Step 1: a button that almost never goes wrong. Every click lives a year of one person in the engine.
import { useRef, useState } from 'preact/hooks';
import { changed, teaching } from '../configs';
import { Bet, Caveat, Progress, useBatch } from '../controls';
import { outcomes } from '../batch';
import { whole } from '../numbers';
import { choose, seed, text } from '../state';
import { t } from '../words';

const WORLDS = 4000;

export function Finger() {
  const living = useBatch();
  const [pressed, setPressed] = useState(0);
  const asked = useRef(false);
  const press = (times: number): void => {
    if (!asked.current) {
      asked.current = true;
      living.start(changed(teaching.fingers, {
        '/seed': seed.value,
        '/experiment/replicates': WORLDS,
        '/experiment/factors': { '/population/developers/count': { values: [1] } },
      }));
    }
    setPressed((before) => Math.min(WORLDS, before + times));
  };
  const happened = living.batch ? outcomes(living.batch, 0, 'first_catastrophe_year').slice(0, pressed) : [];
  const gone = happened.filter((year) => !Number.isNaN(year)).length;
  const last = happened.length > 0 && !Number.isNaN(happened.at(-1)!);
  return (
    <>
      <p class="lead">{t('fingerLead')}</p>
      <Bet
        question={t('fingerQuestion')}
        answers={[['10', t('fingerAnswer10')], ['100', t('fingerAnswer100')], ['1000', t('fingerAnswer1000')], ['never', t('fingerAnswerNever')]]}
        value={text('finger.bet')}
        onBet={(word) => choose('finger.bet', word)}
      />
      <div class="press">
        <button type="button" class="big" onClick={() => press(1)}>{t('press')}</button>
        <button type="button" onClick={() => press(100)}>{t('press100')}</button>
        <button type="button" onClick={() => press(1000)}>{t('press1000')}</button>
      </div>
      <p class={last ? 'count wrong' : 'count'} role="status">
        {pressed === 0 ? t('fingerNone') : t('fingerCount', { n: whole(pressed), gone: whole(gone) })}
        {last && ` ${t('fingerWrong')}`}
      </p>
      {pressed > 0 && living.problem && <Progress living={living} />}
      {pressed >= 1000 && text('finger.bet') && <p class="reveal">{t('fingerReveal', { bet: t(`fingerAnswer${betName(text('finger.bet'))}` as 'fingerAnswer10') })}</p>}
      <Caveat>{t('fingerCaveat')}</Caveat>
    </>
  );
}

const betName = (word: string): string => (['10', '100', '1000'].includes(word) ? word : 'Never');
