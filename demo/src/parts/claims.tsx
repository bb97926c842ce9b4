// The last step: what the model does not claim, and where to go on.
import { t } from '../words';
import type { Key } from '../text/en';

const NOT: Key[] = ['not1', 'not2', 'not3', 'not4', 'not5'];

export function Claims() {
  return (
    <>
      <p class="lead">{t('claimsLead')}</p>
      <ul class="claims">{NOT.map((key) => <li key={key}>{t(key)}</li>)}</ul>
      <p>{t('claimsQuote')}</p>
      <p>{t('claimsOn')}</p>
    </>
  );
}
