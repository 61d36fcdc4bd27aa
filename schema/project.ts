/**
 * The project as a whole, the groups that documents and diagrams are cut by, and the schema that
 * retired partitions go to. Tables stand in files of their own.
 */
import { group, project, schema } from 'schemac';

export default project({
  title: 'E-mail digests',
  purpose:
    'Stores what each user wants to be sent, what was generated and sent to whom, and what came of it, for more than a million active users. ' +
    'Preferences answer in well under 10 ms; everything that grows with time is partitioned by date and leaves by itself.',
  postgres: 16,
  manages: 'declared',
  comments: 'database',
  // Solid-state disks; half of 64 GB for the cache.
  planner: { random_page_cost: 1.1, effective_cache_size: '32GB', work_mem: '16MB', max_parallel_workers_per_gather: 2 },
});

export const preferencesGroup = group('preferences', { doc: 'What users want: read by every scheduler tick and every settings page.' });
export const contentGroup = group('content', { doc: 'What was generated, apart from what was done with it.' });
export const deliveryGroup = group('delivery', { doc: 'Attempts to deliver, and what the e-mail service said of them.' });
export const analyticsGroup = group('analytics', { doc: 'What readers did: raw for a while, counted per day for good.' });
export const otherTeams = group('other teams', { doc: 'Tables that exist already and that we only refer to.' });

export const archive = schema('archive', {
  doc: 'Partitions of digests and digest_sends past their retention wait here, detached and whole, until their grace is over. Applications do not read them; an erasure must.',
});
