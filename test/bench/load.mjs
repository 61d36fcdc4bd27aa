/**
 * An application at work, as a process of its own: readers and writers of two tables, or of one archive
 * whose users are counted in place of rows, each waiting for its answer, and one reader that keeps its transaction open for three seconds again and again. At the
 * end of its input it prints as JSON how many statements there were, and how long the longest took.
 */
import pg from 'pg';

const [, , url, rowCount, workload] = process.argv;
const rows = Number(rowCount);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const any = () => 1 + Math.floor(Math.random() * rows);
const region = () => (Math.random() < 0.5 ? 'eu' : 'us');

const changes = [
  () => ['SELECT subject FROM digests WHERE id = $1', [any()]],
  () => ["UPDATE digests SET subject = subject || '.' WHERE id = $1", [any()]],
  () => ["INSERT INTO digests (user_id, subject, label, state, number) VALUES (1, 'new', 'new', 'sent', nextval('numbers'))", []],
  () => ['SELECT what FROM events WHERE id = $1 AND region = $2', [any(), region()]],
  () => ["UPDATE events SET what = 'seen' WHERE id = $1 AND region = $2", [any(), region()]],
];

const archive = [
  () => ['SELECT subject FROM digests WHERE user_id = $1 ORDER BY created_at DESC LIMIT 20', [any()]],
  () => ["SELECT subject FROM digests WHERE user_id = $1 AND created_at > now() - interval '40 days'", [any()]],
  () => ["UPDATE digests SET subject = subject || '.' WHERE user_id = $1 AND created_at > now() - interval '2 days'", [any()]],
  () => ["INSERT INTO digests (id, user_id, created_at, subject, content) VALUES (gen_random_uuid(), $1, now(), 'new', 'new')", [any()]],
  () => ['SELECT count(*) FROM digests WHERE user_id = $1', [any()]],
];
const { statements, opened } = {
  changes: { statements: changes, opened: 'SELECT FROM digests LIMIT 1; SELECT FROM events LIMIT 1' },
  archive: { statements: archive, opened: 'SELECT FROM digests LIMIT 1' },
}[workload];

const seen = { statements: 0, longest: 0, failed: 0, failure: '' };
let goesOn = true;

async function client(make) {
  const connection = new pg.Client({ connectionString: url, application_name: 'bench load' });
  await connection.connect();
  while (goesOn) {
    const [text, values] = make();
    const began = performance.now();
    try {
      await connection.query(text, values);
    } catch (error) {
      seen.failed += 1;
      seen.failure = error.message;
    }
    seen.statements += 1;
    seen.longest = Math.max(seen.longest, performance.now() - began);
    await pause(5);
  }
  await connection.end();
}

async function longReader() {
  const connection = new pg.Client({ connectionString: url, application_name: 'bench long reader' });
  await connection.connect();
  while (goesOn) {
    await connection.query(`BEGIN; ${opened}`);
    for (let waited = 0; goesOn && waited < 3000; waited += 100) await pause(100);
    await connection.query('COMMIT');
    for (let waited = 0; goesOn && waited < 1500; waited += 100) await pause(100);
  }
  await connection.end();
}

const work = Promise.all([...statements.map(client), longReader()]);
process.stdin.resume();
process.stdin.on('end', () => (goesOn = false));
process.stdout.write('at work\n');
await work;
process.stdout.write(`${JSON.stringify(seen)}\n`);
