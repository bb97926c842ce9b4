"""Diffuse harm in the twin (M11): what a flaw does little by little to everybody who uses a model."""

from __future__ import annotations

import math
from types import SimpleNamespace as Row

from dangers import merged_year
from quantities import BY_HOSTED, BY_REST, BY_WEIGHTS, DAYS, DIFFUSE_HARM, LAB, STILL_OPEN, hosted
from variates import birth, chance_of_hazard, exp, log, log1p, power
from world import DIFFUSE, NEVER, SOURCE

NONE = 0xFFFFFFFF


def accrue_diffuse_harm(w):
    """Harm of the month, what is seen of it, what is attributed, what has ended."""
    if not w.p.diffuse.enabled:
        return
    end_fixed_episodes(w)
    for h in w.harms.values():
        h.month = empty_month()
    for m in [m for m in w.models if w.users * m.use_users >= 1]:
        for instance in [i for i in m.instances if i.flaw.kind == DIFFUSE]:
            expose(w, m, instance, w.users * m.use_users)
    over = w.step + 1 == round(w.config.time.years / w.dt) or w.end_year != NEVER
    for h in w.harms.values():
        if h.open:
            live_month_of(w, h)
        if h.open and over:
            end_episode(w, h, end_of_life(w), flags=STILL_OPEN)
    for (group, route), (musd, began) in sorted(w.small.items()) if over else []:
        w.month_events.append(Row(
            year=end_of_life(w), kind=DIFFUSE_HARM, route=route, agent_kind=LAB, agent=NONE, model=None,
            group=w.groups[group], severity=musd, c=math.nan, seen_year=NEVER, began_year=began,
            flags=STILL_OPEN))


def empty_month():
    """What a month adds up over the models of a family."""
    return Row(users=0, virulence=0, musd=0, hosted=0, silent=False, layers=0, alarm_year=NEVER)


def end_of_life(w):
    """The end of the month, or of the world."""
    return min(w.end_of_step, w.end_year)


def begin_episode(h, year):
    """From the first user, or from a fix that leaves a weaker flaw, to the next fix or the last user."""
    h.open, h.episode, h.n_fixes, h.began = True, h.episode + 1, len(h.flaw.fixes), year
    h.harm, h.hosted = 0, 0
    h.pool, h.seen, h.attempts, h.attributed = Row(sum=0, mean=0, variance=0), NEVER, 0, NEVER


def expose(w, m, instance, users):
    """Adds one flaw of a model to the month of its family."""
    p, flaw = w.p.diffuse, instance.flaw
    identity = birth("flaw", flaw.identity, m.root.identity, 1)
    new = Row(flaw=flaw, root=m.root, identity=identity, open=False, episode=0, month=empty_month())
    h = w.harms.setdefault((flaw.number, m.root.number), new)
    if not h.open:
        begin_episode(h, max(w.year, m.born))
    own = w.observers.setdefault((flaw.number, m.number), Row(n_fixes=0, until=0, episode=0, virulence=-1))
    refresh(w, own, m, instance)
    at_hosts = 1 if hosted(m) else w.p.access.third_party_host
    virulence = at_hosts * own.newest + (1 - at_hosts) * own.copies
    musd = p.musd_per_user_year * users * (virulence + p.manipulation * at_hosts * own.newest)
    month = h.month
    month.layers = min(month.layers, m.layers) if month.users > 0 else m.layers
    month.users, month.virulence = month.users + users, month.virulence + users * virulence
    month.musd, month.hosted = month.musd + musd, month.hosted + musd * hosted(m)
    s = w.dynamics("diffuse_disclosure", birth("flaw", flaw.identity, m.lab.identity))
    if hosted(m) and s.uniform() >= p.disclosure:
        month.silent = True
    elif h.seen == NEVER:
        if own.episode != h.episode:
            own.episode, own.test = h.episode, Row(sum=0, mean=0, variance=0)
        if abs(own.virulence - virulence) > 0.005 * virulence:  # coverage is known no better
            own.virulence = virulence
        s = w.dynamics("diffuse_reports", birth("flaw", flaw.identity, m.identity), w.step)
        year = observe(w, h, own.test, users, own.virulence, s)
        if year < month.alarm_year:
            month.alarm_year, month.alarm_model = year, m


def refresh(w, own, m, instance):
    """Virulence at hosts that patch at once, and on average over private copies (M6.5)."""
    p, flaw = w.p.patches, instance.flaw
    if own.n_fixes == len(flaw.fixes) and w.year < own.until:
        return
    own.until, own.n_fixes, with_model, at_hosts, updating = NEVER, len(flaw.fixes), instance.virulence, 1, 1
    for ordinal in [k for k, year in enumerate(flaw.fixes) if year > instance.origin.born]:
        merged = merged_year(w, flaw, ordinal, m, instance.origin)
        if merged <= m.born:
            with_model *= 1 - p.strength
        elif merged <= w.year:
            at_hosts *= 1 - p.strength
            updating *= 1 - p.strength * coverage(w, w.year - merged)
            own.until = min(own.until, w.year + 0.1 * (w.year - merged))  # a value serves for a while
        else:
            own.until = min(own.until, merged)
    own.until = w.year if m is instance.origin and updating < 1 else own.until
    own.newest = with_model * at_hosts
    own.copies = with_model * (p.never_update + (1 - p.never_update) * updating)


def coverage(w, age):
    """Share of updating copies that took a fix, by straight lines over the square root of its age."""
    p, steps = w.p.patches, 256 / math.sqrt(round(w.config.time.years / w.dt) * w.dt)
    place = min(steps * math.sqrt(max(0, age)), 256)
    below = min(math.floor(place), 255)
    low, high = (chance_of_hazard(power(DAYS * (k / steps) * (k / steps) / p.scale_days, p.shape))
                 for k in (below, below + 1))
    return low + (place - below) * (high - low)


def observe(w, h, test, users, virulence, s):
    """A sequential test on the month's reports: when it raises an alarm."""
    p, since = w.p.diffuse, max(w.year, h.began)
    years = max(0, w.end_of_step - since)
    n = p.observations_per_user_month * users * 12 * years
    p0 = p.base_rate
    effect = min(p.effect_per_virulence * virulence, (1 - p0) / p0 / 2)
    p1, if_reported, if_not = p0 * (1 + effect), log1p(effect), log1p(-p0 * effect / (1 - p0))
    test.mean += n * max(0, p1 * if_reported + (1 - p1) * if_not)
    test.variance += n * p1 * (1 - p1) * (if_reported - if_not) ** 2
    if test.mean < 1e-3:  # too little to be drawn yet
        return NEVER
    before, alarm = test.sum, log(p.alarm_run_length)
    after = before + test.mean + math.sqrt(test.variance) * s.normal()
    test.sum, test.mean, test.variance = max(0, after), 0, 0
    return since + years * max(0, alarm - before) / (after - before) if after > alarm else NEVER


def live_month_of(w, h):
    """One month of an open episode."""
    if h.month.users <= 0:
        end_episode(w, h, w.year)
        return
    since = min(max(h.began, w.year), w.end_of_step)
    until = max(since, end_of_life(w))
    if h.seen == NEVER:
        see(w, h)
    h.harm, h.hosted = h.harm + h.month.musd * (until - since), h.hosted + h.month.hosted * (until - since)
    w.month["diffuse_harm_musd"] += h.month.musd * (until - since)
    w.month["unseen_diffuse_harm_musd"] += h.month.musd * (min(max(h.seen, since), until) - since)
    if h.seen != NEVER and h.attributed == NEVER:
        attribute(w, h)


def see(w, h):
    """The first alarm that was told, or what eyeballs have found, makes harm seen."""
    p, month, pooled = w.p.diffuse, h.month, NEVER
    family = [u for u in (w.users * m.use_users for m in w.models if m.root is h.root) if u >= 1]
    if p.pooling > 0 and (len(family) > 1 or month.silent):
        s = w.dynamics("diffuse_reports", h.identity, w.step)
        pooled = observe(w, h, h.pool, p.pooling * sum(family), month.virulence / sum(family), s)
    found = max(h.flaw.found_year, h.began)
    seen = max(min(month.alarm_year, pooled, found), h.began)
    if seen < end_of_life(w):
        own = month.alarm_model if month.alarm_year <= min(pooled, found) else None
        h.seen, h.seen_form, h.seen_layers = seen, h.root.form, month.layers
        h.resume = seen
        if own:
            h.seen_form, h.seen_layers = own.form, own.layers
        begin_attempt(w, h)


def begin_attempt(w, h):
    """To trace harm to its layer; the wrong one fixes nothing."""
    p = w.p.diffuse
    s = w.dynamics("attribution", h.identity, h.n_fixes, 4 * h.attempts % 1019)
    penalty = p.layer_penalty * (1 - p.provenance if h.root.licence.naming_duty else 1)
    h.hazard, h.threshold = 0, s.exponential()
    h.right, h.attempts = s.uniform() < exp(-penalty * h.seen_layers), h.attempts + 1


def attribute(w, h):
    """Attempts of the month; the right one makes the flaw a found one (M6.4)."""
    p, until = w.p.diffuse, end_of_life(w)
    if h.flaw.found_year < until:
        h.attributed = max(h.flaw.found_year, h.seen)
        return
    form = "hosted" if h.seen_form in (1, 2) else "source" if h.seen_form == SOURCE else "weights"
    rate, since = -12 * log1p(-p.attribution[form]), max(w.year, h.resume)
    while since < until and rate > 0:
        at = since + (h.threshold - h.hazard) / rate
        if at >= until:
            h.hazard += rate * (until - since)
            return
        if h.right:
            h.attributed = h.flaw.found_year = at
            return
        since = h.resume = at + p.wrong_layer_months / 12
        begin_attempt(w, h)


def end_episode(w, h, year, fixed=NEVER, flags=0):
    """An event of its own, or one of the small ones that are told together at the end."""
    h.open, group = False, h.root.lab.group
    route = BY_HOSTED if h.hosted > h.harm / 2 else BY_WEIGHTS
    route = route if group.follows else BY_REST
    if 0 < h.harm < w.p.diffuse.least_event_musd:
        musd, began = w.small.get((group.number, route), (0, NEVER))
        w.small[group.number, route] = musd + h.harm, min(began, h.began)
    elif h.harm > 0:
        later = [m for m in w.bases if m.lab is h.root.lab and m.born > h.attributed]
        later = [m for m in later if m.number > h.root.number]
        if fixed == NEVER and h.flaw.deep and later and all(i.flaw is not h.flaw for i in later[0].instances):
            fixed = later[0].born
        w.month_events.append(Row(
            year=year, kind=DIFFUSE_HARM, route=route, agent_kind=LAB, agent=h.root.lab.number, model=h.root,
            flaw=h.flaw, severity=h.harm, c=h.root.c, seen_year=h.seen, attributed=int(h.attributed != NEVER),
            began_year=h.began, attributed_year=h.attributed, fixed_year=fixed, flags=flags))


def end_fixed_episodes(w):
    """A fix ends an episode, and begins the next with what it leaves."""
    for h in [h for h in w.harms.values() if h.open and h.n_fixes != len(h.flaw.fixes)]:
        fixed = h.flaw.fixes[-1]
        until = min(max(fixed, w.year), w.end_year)
        found = max(fixed - w.p.patches.latency_days / DAYS, h.began)
        h.harm += h.month.musd * (until - w.year)
        h.hosted += h.month.hosted * (until - w.year)
        unseen = min(max(min(found, h.seen), w.year), until) - w.year
        w.month["diffuse_harm_musd"] += h.month.musd * (until - w.year)
        w.month["unseen_diffuse_harm_musd"] += h.month.musd * unseen
        h.seen = min(h.seen, found)
        h.attributed = min(h.attributed, max(h.seen, found))
        end_episode(w, h, until, fixed=max(fixed, h.began))
        begin_episode(h, until)
